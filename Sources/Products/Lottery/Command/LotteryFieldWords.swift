import Codecs
package import Money

/// Arguments as somebody types them: `--quantity 3`. Byte strings are `0x…`, or text after `text:`; lists are joined by
/// commas; the parts of a record are flags of their own.
///
/// Throws `lottery_desk.bad_argument` for what is missing or not of its kind.
package struct LotteryFieldWords: LotteryFields {
  private let words: [String: String]
  private var used: Set<String> = []

  package init(_ words: [String: String]) { self.words = words }

  /// Throws for a flag that the operation does not take.
  package func finish() throws(LotteryDeskError) {
    guard let unknown = words.keys.filter({ !used.contains($0) }).min() else { return }
    throw LotteryDeskError(.badArgument, "the operation takes no --\(unknown)")
  }

  private mutating func word(_ name: String) throws(LotteryDeskError) -> String {
    used.insert(name)
    guard let word = words[name] else { throw LotteryDeskError(.badArgument, "--\(name) is missing") }
    return word
  }

  mutating func optionalWord(_ name: String) -> String? {
    used.insert(name)
    return words[name]
  }

  private mutating func number<Value: FixedWidthInteger>(_ name: String) throws(LotteryDeskError) -> Value {
    let word = try word(name)
    guard let value = Value(word), String(value) == word else {
      throw LotteryDeskError(.badArgument, "--\(name) takes a whole number up to \(Value.max)")
    }
    return value
  }

  private mutating func parts(_ name: String) throws(LotteryDeskError) -> [String] {
    try word(name).split(separator: ",", omittingEmptySubsequences: true).map(String.init)
  }

  package mutating func uint64(_ name: String) throws(LotteryDeskError) -> UInt64 { try number(name) }
  package mutating func uint16(_ name: String) throws(LotteryDeskError) -> UInt16 { try number(name) }
  package mutating func uint8(_ name: String) throws(LotteryDeskError) -> UInt8 { try number(name) }

  package mutating func bool(_ name: String) throws(LotteryDeskError) -> Bool {
    switch try word(name) {
    case "true": true
    case "false": false
    default: throw LotteryDeskError(.badArgument, "--\(name) takes true or false")
    }
  }

  package mutating func bytes(_ name: String) throws(LotteryDeskError) -> [UInt8] {
    let word = try word(name)
    if word.hasPrefix("text:") { return Array(word.dropFirst(5).utf8) }
    guard word.hasPrefix("0x"), let bytes = Hex.bytes(String(word.dropFirst(2))) else {
      throw LotteryDeskError(.badArgument, "--\(name) takes 0x and hex digits, or text: and the text")
    }
    return bytes
  }

  package mutating func address(_ name: String) throws(LotteryDeskError) -> LotteryAddress {
    try LotteryAddress(typed: try word(name))
  }

  package mutating func schema(_ name: String) throws(LotteryDeskError) -> Schema {
    used.insert(name)
    guard words[name] != nil else { return .v2 }
    guard let schema = Schema(rawValue: try number(name)) else {
      throw LotteryDeskError(.badArgument, "--\(name) is 1 or 2")
    }
    return schema
  }

  package mutating func status(_ name: String) throws(LotteryDeskError) -> LotteryStatus {
    let word = try word(name)
    guard let status = LotteryStatus.allCases.first(where: { "\($0)" == word }) else {
      throw LotteryDeskError(.badArgument, "--\(name) takes active or closing")
    }
    return status
  }

  package mutating func optionalUInt64(_ name: String) throws(LotteryDeskError) -> UInt64? {
    used.insert(name)
    guard words[name] != nil else { return nil }
    return try uint64(name)
  }

  package mutating func optionalAddress(_ name: String) throws(LotteryDeskError) -> LotteryAddress? {
    used.insert(name)
    guard words[name] != nil else { return nil }
    return try address(name)
  }

  package mutating func addresses(_ name: String) throws(LotteryDeskError) -> [LotteryAddress] {
    var out: [LotteryAddress] = []
    for part in try parts(name) {
      out.append(try LotteryAddress(typed: part))
    }
    return out
  }

  package mutating func numbers(_ name: String) throws(LotteryDeskError) -> [UInt256] {
    var out: [UInt256] = []
    for part in try parts(name) {
      guard let hash = LotteryAddress(parsing: part)?.raw.words else {
        throw LotteryDeskError(.badArgument, "--\(name): \(part) is no number of 256 bits in hex")
      }
      out.append(UInt256(limbs: (hash.3, hash.2, hash.1, hash.0)))
    }
    return out
  }
}

// MARK: Records

extension LotteryFieldWords {
  package mutating func answer(_ name: String) throws(LotteryDeskError) -> RandomnessAnswer {
    let nonce = try uint64("nonce")
    let message = try bytes("message")
    let signature = try bytes("signature")
    let caller = try address("caller_address")
    return RandomnessAnswer(
      nonce: nonce, message: message, signature: signature, callerAddress: caller, rngCount: try uint8("rng_count"),
      clientSeed: try uint64("client_seed"))
  }

  package mutating func reading(_ name: String) throws(LotteryDeskError) -> VrfDeposit.Reading {
    let total = try uint64("total_balance")
    return VrfDeposit.Reading(
      total: total, minimum: try uint64("minimum_balance"), effective: try uint64("effective_balance"))
  }

  package mutating func botCap(_ name: String) throws(LotteryDeskError) -> AutomationCap {
    let botOperator = try address("bot_operator")
    return AutomationCap(botOperator: botOperator, cronSpec: try bytes("cron_spec"))
  }

  package mutating func botTerms(_ name: String) throws(LotteryDeskError) -> AutomationTerms {
    let cron = try bytes("cron_spec")
    var actions: [UInt64] = []
    for part in try parts("allowed_actions") {
      guard let action = UInt64(part) else {
        throw LotteryDeskError(.badArgument, "--allowed_actions: \(part) is no action")
      }
      actions.append(action)
    }
    return AutomationTerms(
      cronSpec: cron, allowedActions: actions, timelockSecs: try uint64("timelock_secs"),
      maxFailures: try uint64("max_failures"), expiresAt: try uint64("expires_at"))
  }

  package mutating func effect(_ name: String) throws(LotteryDeskError) -> AutomationEffect {
    let action = try uint64("action")
    let id = try uint64("id")
    switch AutomationAction(rawValue: action) {
    case .autoClose: return .autoClose(lottery: id)
    case .retryVrf: return .retryVrf(lottery: id)
    case .cancel: return .cancel(lottery: id, reason: try uint8("reason"))
    case .payoutBatch:
      let round = try uint64("round")
      let winners = try uint64("winners_paid")
      let prize = try uint64("prize_paid")
      return .payoutBatch(
        lottery: id, round: round, winnersPaid: winners, prizePaid: prize, operationsPaid: try uint64("operations_paid")
      )
    default: throw LotteryDeskError(.badArgument, "--action \(action) is none that the engine does for a bot")
    }
  }
}
