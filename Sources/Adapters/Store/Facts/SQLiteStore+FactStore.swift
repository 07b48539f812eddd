package import Codecs
package import Engine
package import Policy

extension SQLiteStore {
  package func rateCounts(_ keys: [String]) throws(StoreError) -> [String: RateCount] {
    guard !keys.isEmpty else { return [:] }
    return try read { database throws(StoreError) in
      var counts: [String: RateCount] = [:]
      for key in keys { counts[key] = try database.rateCount(key) }
      return counts
    }
  }

  package func kycRecords(_ keys: [Hash32]) throws(StoreError) -> [Hash32: KYCRecord] {
    guard !keys.isEmpty else { return [:] }
    return try read { database throws(StoreError) in
      var records: [Hash32: KYCRecord] = [:]
      for key in keys { records[key] = try database.kycRecord(key) }
      return records
    }
  }

  package func keep(_ records: [KYCRecord]) throws(StoreError) {
    guard !records.isEmpty else { return }
    try write { database throws(StoreError) in for record in records { try database.keep(record) } }
  }
}
