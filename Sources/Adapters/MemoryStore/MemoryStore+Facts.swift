package import Codecs
package import Engine
import Money
package import Policy

extension MemoryStore {
  package func rateCounts(_ keys: [String]) throws(StoreError) -> [String: RateCount] {
    read { state in
      var counts: [String: RateCount] = [:]
      for key in keys { counts[key] = state.rates[key] }
      return counts
    }
  }

  package func kycRecords(_ keys: [Hash32]) throws(StoreError) -> [Hash32: KYCRecord] {
    read { state in
      var records: [Hash32: KYCRecord] = [:]
      for key in keys { records[key] = state.kyc[key] }
      return records
    }
  }

  package func keep(_ records: [KYCRecord]) throws(StoreError) {
    try write { transaction throws(StoreError) in
      for record in records { transaction.put(\.kyc, record.key, record) }
    }
  }
}

extension MemoryTransaction {
  /// What an intent counts, in the transaction that writes it.
  mutating func count(_ intent: Intent, at now: Timestamp) throws(StoreError) {
    let rates = state.rates
    let counts = try intent.counted(active: state.policies.last?.digest, at: now) { key throws(StoreError) in rates[key]
    }
    for (key, count) in counts { put(\.rates, key, count) }
  }
}
