/// What is used up of one counter, as it is kept. Times are milliseconds since 1970.
///
/// A clock that goes back frees nothing: the counter stays at the latest time that it has seen. The counts are exact;
/// only a sliding window with more than `mostEntries` different instants joins its oldest ones at the later time of the
/// two, so that something is freed later than it could be, and never earlier.
package struct RateCount: Hashable, Sendable {
  /// Payouts of one instant.
  package struct Entry: Hashable, Sendable {
    package let at: Int64
    package let count: Int64
    package init(at: Int64, count: Int64) {
      self.at = at
      self.count = count
    }
  }

  /// As of `seenAt`.
  package private(set) var used: Int64
  /// When all of it is free again: the end of a fixed window, the end of the newest entry of a sliding one.
  package private(set) var resetAt: Int64
  package private(set) var seenAt: Int64
  /// Of a sliding window, oldest first.
  package private(set) var entries: [Entry]

  package static let mostEntries = 4096
  package static let unused = RateCount(used: 0, resetAt: 0, seenAt: 0, entries: [])
  /// Far beyond every clock, and far from overflow.
  private static let mostTime: Int64 = 1 << 61

  private init(used: Int64, resetAt: Int64, seenAt: Int64, entries: [Entry]) {
    self.used = used
    self.resetAt = resetAt
    self.seenAt = seenAt
    self.entries = entries
  }

  /// The counter as it is at `now`.
  package func at(_ now: Int64, _ meter: RateMeter) -> RateCount {
    var count = self
    count.move(to: now, meter)
    return count
  }

  /// How many more there is room for at `now`; nil without a quota.
  package func room(_ meter: RateMeter, at now: Int64) -> Int64? {
    meter.quota.map { max(0, $0 - at(now, meter).used) }
  }

  /// Counts some more; false, and nothing is changed, when they do not all fit.
  package mutating func take(_ more: Int64, _ meter: RateMeter, at now: Int64) -> Bool {
    var next = self
    next.move(to: now, meter)
    let (sum, overflow) = next.used.addingReportingOverflow(more)
    guard more >= 0, !overflow, meter.quota.map({ sum <= $0 }) ?? true else { return false }
    next.used = sum
    if meter.window == .sliding, more > 0 { next.note(more, meter) }
    self = next
    return true
  }

  private mutating func move(to now: Int64, _ meter: RateMeter) {
    let now = min(max(now, seenAt, 0), RateCount.mostTime)
    let length = meter.seconds * 1000
    seenAt = now
    switch meter.window {
    case .fixed:
      guard now >= resetAt else { return }
      used = 0
      resetAt = (now / length + 1) * length
    case .sliding:
      let gone = entries.prefix { $0.at <= now - length }
      used -= gone.reduce(0) { $0 + $1.count }
      entries.removeFirst(gone.count)
      if entries.isEmpty { resetAt = now }
    }
  }

  private mutating func note(_ more: Int64, _ meter: RateMeter) {
    if let last = entries.last, last.at == seenAt {
      entries[entries.count - 1] = Entry(at: seenAt, count: last.count + more)
    } else {
      entries.append(Entry(at: seenAt, count: more))
    }
    resetAt = seenAt + meter.seconds * 1000
    while entries.count > RateCount.mostEntries {
      let oldest = entries.removeFirst()
      entries[0] = Entry(at: entries[0].at, count: entries[0].count + oldest.count)
    }
  }

  // MARK: As it is kept

  /// 16 bytes for each entry: time and count, big-endian.
  package var entryBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.count * 16)
    for entry in entries { for part in [entry.at, entry.count] { bytes += RateCount.bytes(part) } }
    return bytes
  }

  /// Nil for what this never wrote.
  package init?(used: Int64, resetAt: Int64, seenAt: Int64, entryBytes: [UInt8]) {
    let times = 0...RateCount.mostTime
    guard used >= 0, entryBytes.count % 16 == 0, entryBytes.count / 16 <= RateCount.mostEntries,
      times.contains(seenAt), resetAt >= 0
    else { return nil }
    var entries: [Entry] = []
    var sum: Int64 = 0
    for place in stride(from: 0, to: entryBytes.count, by: 16) {
      let entry = Entry(
        at: RateCount.number(entryBytes[place..<place + 8]), count: RateCount.number(entryBytes[place + 8..<place + 16])
      )
      let (next, overflow) = sum.addingReportingOverflow(entry.count)
      guard entry.count > 0, !overflow, (entries.last?.at ?? -1) < entry.at, entry.at <= seenAt else { return nil }
      sum = next
      entries.append(entry)
    }
    guard entries.isEmpty || sum == used else { return nil }
    self.init(used: used, resetAt: resetAt, seenAt: seenAt, entries: entries)
  }

  private static func bytes(_ number: Int64) -> [UInt8] {
    let bits = UInt64(bitPattern: number)
    return (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
    Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
  }
}
