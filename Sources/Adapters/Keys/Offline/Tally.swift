import Chains
import Codecs
import Money

/// Adds up what a bundle would move.
struct Tally {
  private var requests = 0
  private var payees = 0
  /// Nil is a sum past 2^256 - 1.
  private var sums: [String: UInt256?] = [:]

  mutating func add(_ content: TransactionRequest) {
    requests += 1
    guard case .pay(let asset, let rows) = content.purpose else { return }
    payees += rows.count
    for row in rows {
      let known = sums[asset.description] ?? .some(.zero)
      sums[asset.description] = .some(known.flatMap { try? $0.adding(row.units) })
    }
  }

  /// Members of the manifest.
  var notes: [(key: String, value: JSON)] {
    let rows = totals.map { OfflineJSON.object([("asset", .string($0.asset)), ("units", .string($0.units))]) }
    return [("payees", .string(String(payees))), ("totals", .array(rows))]
  }

  func summary(_ contentHash: String) -> OfflineSigner.Summary {
    OfflineSigner.Summary(contentHash: contentHash, requests: requests, payees: payees, totals: totals)
  }

  private var totals: [OfflineSigner.Total] {
    sums.map { OfflineSigner.Total(asset: $0.key, units: $0.value?.description ?? "more than 2^256") }
      .sorted { $0.asset < $1.asset }
  }
}
