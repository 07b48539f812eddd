import Chains
import Codecs
import Money

// What the network does with bytes that are handed to it.
extension World {
  /// What a node says about bytes, faults apart.
  private enum Reception {
    case taken
    case refused(String)
  }

  mutating func submit(_ transactions: [SignedTransaction]) -> [[SubmitAnswer]] {
    transactions.map { submit($0) }
  }

  private mutating func submit(_ signed: SignedTransaction) -> [SubmitAnswer] {
    guard let hash = hear(signed) else {
      return endpoints.map { SubmitAnswer(endpoint: $0.id, taken: false, text: "invalid transaction") }
    }
    var reception: Reception?
    var answers: [SubmitAnswer] = []
    for endpoint in endpoints {
      if faults.happens(.lostRequest) {
        faults.wasSeen(.lostRequest)
        answers.append(SubmitAnswer(endpoint: endpoint.id, taken: false, text: "no answer"))
        continue
      }
      let honest = reception ?? receive(hash)
      reception = honest
      answers.append(answer(endpoint.id, honest))
    }
    return answers
  }

  private mutating func answer(_ endpoint: EndpointID, _ honest: Reception) -> SubmitAnswer {
    if faults.happens(.lostAnswer) {
      faults.wasSeen(.lostAnswer)
      return SubmitAnswer(endpoint: endpoint, taken: false, text: "no answer")
    }
    switch honest {
    case .refused(let text): return SubmitAnswer(endpoint: endpoint, taken: false, text: text)
    case .taken:
      guard faults.happens(.falseRefusal) else { return SubmitAnswer(endpoint: endpoint, taken: true, text: "ok") }
      faults.wasSeen(.falseRefusal)
      let words = ["transaction rejected", "insufficient funds", "nonce too low", "internal error"]
      return SubmitAnswer(endpoint: endpoint, taken: false, text: words[faults.pick(words.count)])
    }
  }

  /// Reads and checks bytes once, and remembers them: the network may bring them back at any time. Nil when invalid.
  private mutating func hear(_ signed: SignedTransaction) -> Hash32? {
    if let old = known[signed.hash], old.bytes == signed.bytes { return signed.hash }
    guard let parts = SimulatedCodec.split(signed.bytes) else { return nil }
    // One pass for both hashes: the transaction's is that of the same bytes with the signature behind them.
    var sponge = Keccak()
    sponge.absorb(parts.unsigned)
    let unsignedSponge = sponge
    sponge.absorb(signed.bytes[parts.unsigned.endIndex...])
    let hash = sponge.finish()
    let signingHash = unsignedSponge.finish()
    guard hash == signed.hash else { return nil }
    guard known[hash] == nil else { return hash }
    guard let transaction = try? SimulatedTransaction(reading: Array(parts.unsigned), chain: settings.chain),
      recover(signingHash, parts.signature) == Address(transaction.account.bytes)
    else { return nil }
    remember(Known(transaction: transaction, signingHash: signingHash, bytes: signed.bytes, order: heardCount), hash)
    return hash
  }

  mutating func remember(_ new: Known, _ hash: Hash32) {
    known[hash] = new
    heardCount += 1
    heard.append(hash)
  }

  private mutating func receive(_ hash: Hash32) -> Reception {
    guard let new = known[hash] else { return .refused("invalid transaction") }
    let account = new.transaction.account
    let number = new.transaction.slot
    if let mined = spent[new.slot] { return .refused(mined.hash == hash ? "already mined" : "nonce too low") }
    guard number >= nonces[account] ?? 0 else { return .refused("nonce too low") }
    if isPoor(account) { faults.wasSeen(.outOfFunds) }
    guard covers(new.transaction) else { return .refused("insufficient funds for price * limit + value") }
    let candidates = pool[account]?[number] ?? []
    if candidates.contains(hash) { return .taken }
    for other in candidates {
      guard let old = known[other]?.transaction, replaces(new.transaction.fee, old.fee) else {
        return .refused("replacement transaction underpriced")
      }
    }
    pool[account, default: [:]][number, default: []].append(hash)
    return .taken
  }

  private func replaces(_ new: FeeTerms, _ old: FeeTerms) -> Bool {
    new.price >= SimulatedChain.raised(old.price) && new.tip >= SimulatedChain.raised(old.tip)
  }

  /// Whether the account can pay for it at most: fees, and the value of a native payment.
  func covers(_ transaction: SimulatedTransaction) -> Bool {
    if isPoor(transaction.account) { return false }
    guard let fee = try? transaction.fee.most, let value = nativeValue(transaction),
      let needed = try? fee.adding(value)
    else { return false }
    return units(nil, transaction.account) >= needed
  }

  /// Nil past 2^256 - 1.
  func nativeValue(_ transaction: SimulatedTransaction) -> UInt256? {
    guard case .pay(nil, let legs) = transaction.action else { return .zero }
    return World.sum(legs)
  }

  static func sum(_ legs: [SimulatedTransaction.Leg]) -> UInt256? {
    var total = UInt256.zero
    for leg in legs {
      let (next, over) = total.addingReportingOverflow(leg.units)
      if over { return nil }
      total = next
    }
    return total
  }

  /// Puts bytes that were heard before back into the pool.
  mutating func bringBack() {
    guard !heard.isEmpty else { return }
    let hash = heard[faults.pick(heard.count)]
    guard let old = known[hash], spent[old.slot] == nil, case let number = old.transaction.slot,
      number >= nonces[old.transaction.account] ?? 0
    else { return }
    var candidates = pool[old.transaction.account]?[number] ?? []
    guard !candidates.contains(hash) else { return }
    candidates.append(hash)
    pool[old.transaction.account, default: [:]][number] = candidates
    returned.insert(hash)
  }

  /// Makes the pool forget one transaction that waits.
  mutating func forgetOne() {
    var waiting: [Hash32] = []
    for account in pool.keys.sorted() {
      guard let slots = pool[account] else { continue }
      for number in slots.keys.sorted() where number >= nonces[account] ?? 0 { waiting += slots[number] ?? [] }
    }
    guard !waiting.isEmpty, let gone = known[waiting[faults.pick(waiting.count)]] else { return }
    let account = gone.transaction.account
    let number = gone.transaction.slot
    pool[account]?[number]?.removeAll { known[$0]?.order == gone.order }
    if pool[account]?[number]?.isEmpty ?? false { pool[account]?[number] = nil }
    if number == nonces[account] ?? 0 { delay(gone.slot, .drop, at: head + 1) }
  }
}
