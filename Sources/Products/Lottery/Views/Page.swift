/// A stretch of a list: `limit` ids after the first `from`.
struct Page {
  private var toSkip: UInt64
  private let limit: UInt64
  private(set) var ids: [UInt64] = []

  init(from: UInt64, limit: UInt64) {
    toSkip = from
    self.limit = limit
  }

  var isFull: Bool { UInt64(ids.count) >= limit }

  mutating func take(_ id: UInt64) {
    if toSkip > 0 {
      toSkip -= 1
    } else if !isFull {
      ids.append(id)
    }
  }
}

extension LotteryEngine {
  /// Throws `paginationLimit` above `Limits.pageSize`.
  func requirePage(_ limit: UInt64) throws(LotteryError) {
    guard limit <= Limits.pageSize else {
      throw LotteryError(.paginationLimit, "\(limit) entries, at most \(Limits.pageSize)")
    }
  }
}
