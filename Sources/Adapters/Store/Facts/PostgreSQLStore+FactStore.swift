package import Codecs
package import Engine
package import Policy

extension PostgreSQLStore {
  package func rateCounts(_ keys: [String]) throws(StoreError) -> [String: RateCount] {
    guard !keys.isEmpty else { return [:] }
    return try read { session throws(StoreError) in try session.rateCounts(keys) }
  }

  package func kycRecords(_ keys: [Hash32]) throws(StoreError) -> [Hash32: KYCRecord] {
    guard !keys.isEmpty else { return [:] }
    return try read { session throws(StoreError) in try session.kycRecords(keys) }
  }

  package func keep(_ records: [KYCRecord]) throws(StoreError) {
    guard !records.isEmpty else { return }
    // A statement may write a row once; by key, so that two that write the same ones do not wait for each other.
    let last = Dictionary(records.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    let ordered = last.values.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    try write { session throws(StoreError) in _ = try session.run([.put(ordered)]) }
  }
}
