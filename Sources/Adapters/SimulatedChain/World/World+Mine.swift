import Chains
import Codecs
import Money

// How blocks come, go, and become final.
extension World {
  /// Most blocks that are made one by one when the clock jumps; the rest are empty.
  private static let mostAtOnce = 256

  /// Makes the blocks that are due at `now`.
  mutating func catchUp(_ now: Timestamp) {
    guard case .every(let milliseconds) = settings.pace, milliseconds > 0 else { return }
    guard var due = nextBlockAt else {
      nextBlockAt = now.advanced(byMilliseconds: milliseconds)
      return
    }
    var made = 0
    while due <= now {
      let left = UInt64((now.milliseconds - due.milliseconds) / milliseconds) + 1
      if !isBusy || made >= World.mostAtOnce {
        head += left
        settle()
        due = due.advanced(byMilliseconds: Int64(left) * milliseconds)
      } else if stallLeft > 0 {
        stallLeft -= 1
        stalled += 1
        due = due.advanced(byMilliseconds: milliseconds)
      } else {
        mine()
        made += 1
        due = due.advanced(byMilliseconds: milliseconds)
      }
    }
    nextBlockAt = due
  }

  /// Whether anything waits or could still be taken back.
  var isBusy: Bool {
    !journals.isEmpty || pool.contains { account, slots in slots.keys.contains { $0 >= nonces[account] ?? 0 } }
  }

  /// Makes one block.
  mutating func mine() {
    var isEmpty = false
    if isBusy {
      startConditions()
      if faults.happens(.reorg) { reorganise() }
      if faults.happens(.drop) { forgetOne() }
      if faults.happens(.reappear) { bringBack() }
      if faults.happens(.stranger) { spendAsStranger() }
      isEmpty = faults.happens(.emptyBlock)
    }
    head += 1
    if isEmpty { delayWaiting(.emptyBlock) } else { include() }
    settle()
  }

  private mutating func startConditions() {
    for index in endpoints.indices {
      if faults.happens(.lag) {
        endpoints[index].fallBehind(by: 1 + UInt64(faults.pick(8)), until: head + 2 + UInt64(faults.pick(16)))
      }
      if faults.happens(.stuck) { endpoints[index].stick(at: head, until: head + 2 + UInt64(faults.pick(16))) }
      if endpoints.count(where: { $0.isLying(head) }) < settings.mostLiars, !endpoints[index].isLying(head),
        faults.happens(.lie)
      {
        endpoints[index].lie(until: head + 2 + UInt64(faults.pick(24)))
      }
    }
    if faults.happens(.stall) { stallLeft = 1 + UInt64(faults.pick(12)) }
    if faults.happens(.feeSpike) {
      spikeFactor = 2 + UInt64(faults.pick(9))
      spikeUntil = head + 1 + UInt64(faults.pick(12))
    }
    if faults.happens(.outOfFunds), let account = someAccount() {
      poorUntil[account] = head + 1 + UInt64(faults.pick(12))
    }
  }

  private func someAccount() -> EVMAddress? {
    let accounts = pool.keys.sorted()
    return accounts.isEmpty ? nil : accounts[faults.pick(accounts.count)]
  }

  /// Takes what waits: per account the next slots in order, of each the best that can be paid.
  private mutating func include() {
    var room = settings.mostTransactionsPerBlock
    for account in pool.keys.sorted() {
      while room > 0, let (hash, cause) = choice(account) {
        execute(hash, cause: cause)
        room -= 1
      }
    }
  }

  private mutating func choice(_ account: EVMAddress) -> (Hash32, ChainFault?)? {
    let slot = Slot(account: account, number: nonces[account] ?? 0)
    let waiting = (pool[account]?[slot.number] ?? []).compactMap { hash in known[hash].map { (hash: hash, known: $0) } }
    guard !waiting.isEmpty else { return nil }
    let price = basePrice
    let fit = waiting.filter { $0.known.transaction.fee.price >= price && covers($0.known.transaction) }
      .sorted { ($0.known.transaction.fee.price, $0.known.order) > ($1.known.transaction.fee.price, $1.known.order) }
    guard let best = fit.first else {
      if head < spikeUntil { delay(slot, .feeSpike, at: head) }
      if isPoor(account) { delay(slot, .outOfFunds, at: head) }
      return nil
    }
    if fit.count > 1, faults.happens(.olderMember) { return (fit[1 + faults.pick(fit.count - 1)].hash, .olderMember) }
    return (best.hash, returned.contains(best.hash) ? .reappear : nil)
  }

  private mutating func delayWaiting(_ fault: ChainFault) {
    for account in pool.keys.sorted() {
      let slot = Slot(account: account, number: nonces[account] ?? 0)
      if pool[account]?[slot.number] != nil { delay(slot, fault, at: head) }
    }
  }

  private mutating func spendAsStranger() {
    guard let account = someAccount() else { return }
    strangers += 1
    let fee = FeeTerms(limit: 0, price: .max, tip: .zero)
    let hash = World.name(settings.seed, strangers, nonces[account] ?? 0, 0x7374_7261_6e67_6572)
    let stranger = SimulatedTransaction(account: account, slot: nonces[account] ?? 0, fee: fee, action: .stranger)
    remember(Known(transaction: stranger, signingHash: hash, bytes: [], order: heardCount), hash)
    pool[account, default: [:]][stranger.slot, default: []].append(hash)
  }

  /// Replaces the last blocks by others; at most as many as are not final.
  private mutating func reorganise() {
    let most = min(settings.finalityDepth, head)
    guard most > 0 else { return }
    let depth = 1 + UInt64(faults.pick(Int(clamping: most)))
    let top = head
    for height in ((top - depth + 1)...top).reversed() {
      for hash in contents[height] ?? [] {
        if let old = known[hash] { delay(old.slot, .reorg, at: height) }
      }
      takeBack(height)
      revisions[height, default: 0] += 1
    }
    head = top - depth
    while head < top {
      head += 1
      // Part of what was in them may be missing from the new blocks.
      if faults.pick(2) == 0 { include() }
    }
  }

  private mutating func takeBack(_ height: UInt64) {
    for undo in (journals[height] ?? []).reversed() {
      switch undo {
      case .purse(let holding, let before): purses[holding] = before
      case .allowance(let holding, let before): allowances[holding] = before
      case .spent(let slot):
        spent[slot] = nil
        nonces[slot.account] = slot.number
      }
    }
    journals[height] = nil
    contents[height] = nil
  }

  /// Forgets how to take back what has become final, and what can never happen any more.
  private mutating func settle() {
    let final = finalHead
    guard final > settledThrough else { return }
    let heights = journals.keys.filter { $0 <= final }.sorted()
    settledThrough = final
    guard !heights.isEmpty else { return }
    for height in heights {
      journals[height] = nil
      filled.append(height)
      for hash in contents[height] ?? [] {
        guard let slot = known[hash]?.slot else { continue }
        pool[slot.account]?[slot.number] = nil
        if pool[slot.account]?.isEmpty ?? false { pool[slot.account] = nil }
      }
    }
    stalled = 0
    let done = heard.filter { hash in
      known[hash].map { ($0.transaction.slot < finalNonce($0.transaction.account)) } ?? true
    }
    guard !done.isEmpty else { return }
    let gone = Set(done)
    heard.removeAll { gone.contains($0) }
    for hash in done {
      known[hash]?.bytes = []
      returned.remove(hash)
    }
  }

  /// Slots of the account that are spent in final blocks.
  func finalNonce(_ account: EVMAddress) -> UInt64 { nonce(account, at: finalHead) }

  /// Slots of the account that are spent up to a height; everything below what can be taken back is final.
  func nonce(_ account: EVMAddress, at height: UInt64) -> UInt64 {
    var count = nonces[account] ?? 0
    while count > 0, let last = spent[Slot(account: account, number: count - 1)], last.block > height { count -= 1 }
    return count
  }
}
