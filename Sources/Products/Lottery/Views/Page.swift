extension LotteryEngine {
  /// Throws `paginationLimit` above `Limits.pageSize`.
  func requirePage(_ limit: UInt64) throws(LotteryError) {
    guard limit <= Limits.pageSize else {
      throw LotteryError(.paginationLimit, "\(limit) entries, at most \(Limits.pageSize)")
    }
  }
}

extension Sequence {
  /// `limit` elements after the first `from`.
  func page(from: UInt64, limit: UInt64) -> [Element] {
    var skipped: UInt64 = 0
    var page: [Element] = []
    for element in self {
      guard UInt64(page.count) < limit else { break }
      if skipped < from { skipped += 1 } else { page.append(element) }
    }
    return page
  }
}
