import Codecs
package import Money

/// Arguments out of a journal's bytes. Whatever the bytes are, reading ends with values or `lottery_desk.bad_bytes`.
package struct LotteryFieldBytes: LotteryFields {
  private var reader: BCS.Reader

  package init(_ bytes: [UInt8]) { reader = BCS.Reader(bytes) }

  /// Throws when bytes follow.
  package func finish() throws(LotteryDeskError) {
    do throws(BCSError) { try reader.finish() } catch { throw LotteryDeskError(bytes: error, "end") }
  }

  private mutating func read<Value>(
    _ name: String, _ body: (inout BCS.Reader) throws(BCSError) -> Value
  ) throws(LotteryDeskError) -> Value {
    do throws(BCSError) { return try body(&reader) } catch { throw LotteryDeskError(bytes: error, name) }
  }

  package mutating func uint8(_ name: String) throws(LotteryDeskError) -> UInt8 {
    try read(name) { (reader) throws(BCSError) in try reader.uint8() }
  }

  package mutating func uint16(_ name: String) throws(LotteryDeskError) -> UInt16 {
    try read(name) { (reader) throws(BCSError) in try reader.uint16() }
  }

  package mutating func uint64(_ name: String) throws(LotteryDeskError) -> UInt64 {
    try read(name) { (reader) throws(BCSError) in try reader.uint64() }
  }

  package mutating func bool(_ name: String) throws(LotteryDeskError) -> Bool {
    try read(name) { (reader) throws(BCSError) in try reader.bool() }
  }

  package mutating func bytes(_ name: String) throws(LotteryDeskError) -> [UInt8] {
    try read(name) { (reader) throws(BCSError) in try reader.byteString() }
  }

  package mutating func address(_ name: String) throws(LotteryDeskError) -> LotteryAddress {
    try read(name) { (reader) throws(BCSError) in LotteryAddress(try reader.hash()) }
  }

  /// UTF-8; other bytes are refused, for two spellings of one name would be two names.
  package mutating func text(_ name: String) throws(LotteryDeskError) -> String {
    let utf8 = try bytes(name)
    guard let text = String(validating: utf8, as: UTF8.self) else {
      throw LotteryDeskError(.badBytes, "\(name) is not UTF-8")
    }
    return text
  }

  package mutating func schema(_ name: String) throws(LotteryDeskError) -> Schema {
    let number = try uint16(name)
    guard let schema = Schema(rawValue: number) else {
      throw LotteryDeskError(.badBytes, "there is no schema \(number)")
    }
    return schema
  }

  package mutating func status(_ name: String) throws(LotteryDeskError) -> LotteryStatus {
    let number = try uint8(name)
    guard let status = LotteryStatus(rawValue: number) else {
      throw LotteryDeskError(.badBytes, "there is no status \(number)")
    }
    return status
  }

  package mutating func optionalUInt64(_ name: String) throws(LotteryDeskError) -> UInt64? {
    guard try bool(name) else { return nil }
    return try uint64(name)
  }

  package mutating func optionalAddress(_ name: String) throws(LotteryDeskError) -> LotteryAddress? {
    guard try bool(name) else { return nil }
    return try address(name)
  }

  package mutating func addresses(_ name: String) throws(LotteryDeskError) -> [LotteryAddress] {
    try read(name) { (reader) throws(BCSError) in
      try reader.list { (reader) throws(BCSError) in LotteryAddress(try reader.hash()) }
    }
  }

  package mutating func numbers(_ name: String) throws(LotteryDeskError) -> [UInt256] {
    try read(name) { (reader) throws(BCSError) in
      try reader.list { (reader) throws(BCSError) in try reader.uint256() }
    }
  }

  /// The events of an answer: word and bytes of each.
  mutating func events() throws(LotteryDeskError) -> [LotteryAnswer.Event] {
    try read("events") { (reader) throws(BCSError) in
      try reader.list { (reader) throws(BCSError) in
        let word = try reader.byteString()
        return LotteryAnswer.Event(word: String(decoding: word, as: UTF8.self), bytes: try reader.byteString())
      }
    }
  }

  package mutating func uint64s(_ name: String) throws(LotteryDeskError) -> [UInt64] {
    try read(name) { (reader) throws(BCSError) in
      try reader.list { (reader) throws(BCSError) in try reader.uint64() }
    }
  }
}

// MARK: Records

extension LotteryFieldBytes {
  package mutating func answer(_ name: String) throws(LotteryDeskError) -> RandomnessAnswer {
    let nonce = try uint64(name)
    let message = try bytes(name)
    let signature = try bytes(name)
    let caller = try address(name)
    return RandomnessAnswer(
      nonce: nonce, message: message, signature: signature, callerAddress: caller, rngCount: try uint8(name),
      clientSeed: try uint64(name))
  }

  package mutating func reading(_ name: String) throws(LotteryDeskError) -> VrfDeposit.Reading {
    let total = try uint64(name)
    return VrfDeposit.Reading(total: total, minimum: try uint64(name), effective: try uint64(name))
  }

  package mutating func botCap(_ name: String) throws(LotteryDeskError) -> AutomationCap {
    let botOperator = try address(name)
    return AutomationCap(botOperator: botOperator, cronSpec: try bytes(name))
  }

  package mutating func botTerms(_ name: String) throws(LotteryDeskError) -> AutomationTerms {
    let cron = try bytes(name)
    let actions = try uint64s(name)
    return AutomationTerms(
      cronSpec: cron, allowedActions: actions, timelockSecs: try uint64(name), maxFailures: try uint64(name),
      expiresAt: try uint64(name))
  }

  package mutating func effect(_ name: String) throws(LotteryDeskError) -> AutomationEffect {
    let number = try uint64(name)
    let lottery = try uint64(name)
    switch number {
    case AutomationEffect.autoClose(lottery: 0).action.rawValue: return .autoClose(lottery: lottery)
    case AutomationEffect.retryVrf(lottery: 0).action.rawValue: return .retryVrf(lottery: lottery)
    case AutomationEffect.cancel(lottery: 0, reason: 0).action.rawValue:
      return .cancel(lottery: lottery, reason: try uint8(name))
    case AutomationEffect.payoutBatch(lottery: 0, round: 0, winnersPaid: 0, prizePaid: 0, operationsPaid: 0).action
      .rawValue:
      let round = try uint64(name)
      let winners = try uint64(name)
      let prize = try uint64(name)
      return .payoutBatch(
        lottery: lottery, round: round, winnersPaid: winners, prizePaid: prize, operationsPaid: try uint64(name))
    default: throw LotteryDeskError(.badBytes, "no bot does the action \(number)")
    }
  }
}

// MARK: Writing

extension BCS.Writer {
  mutating func append(argument value: UInt8) { append(value) }
  mutating func append(argument value: UInt16) { append(value) }
  mutating func append(argument value: UInt64) { append(value) }
  mutating func append(argument value: Bool) { append(value) }
  mutating func append(argument value: [UInt8]) { append(bytes: value) }
  mutating func append(argument value: LotteryAddress) { append(value) }
  mutating func append(argument value: Schema) { append(value.rawValue) }
  mutating func append(argument value: LotteryStatus) { append(value.rawValue) }
  mutating func append(argument value: [LotteryAddress]) { append(value) }
  mutating func append(argument value: AutomationEffect) { append(value) }

  mutating func append(argument value: UInt64?) {
    append(value != nil)
    if let value { append(value) }
  }

  mutating func append(argument value: LotteryAddress?) { append(option: value) }

  mutating func append(argument value: [UInt256]) {
    append(length: value.count)
    for number in value { append(number) }
  }

  mutating func append(argument value: RandomnessAnswer) {
    append(value.nonce)
    append(bytes: value.message)
    append(bytes: value.signature)
    append(value.callerAddress)
    append(value.rngCount)
    append(value.clientSeed)
  }

  mutating func append(argument value: VrfDeposit.Reading) {
    append(value.total)
    append(value.minimum)
    append(value.effective)
  }

  mutating func append(argument value: AutomationCap) {
    append(value.botOperator)
    append(bytes: value.cronSpec)
  }

  mutating func append(argument value: AutomationTerms) {
    append(bytes: value.cronSpec)
    append(length: value.allowedActions.count)
    for action in value.allowedActions { append(action) }
    append(value.timelockSecs)
    append(value.maxFailures)
    append(value.expiresAt)
  }
}
