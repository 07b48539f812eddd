package import Codecs
package import Policy

/// Counters of limits, and what KYC providers have said.
package protocol FactStore: Sendable {
  /// The counters of these keys that there are. Written by intents alone, in their commit.
  func rateCounts(_ keys: [String]) throws(StoreError) -> [String: RateCount]
  func kycRecords(_ keys: [Hash32]) throws(StoreError) -> [Hash32: KYCRecord]
  /// Keeps answers, each in the place of an older one.
  func keep(_ records: [KYCRecord]) throws(StoreError)
}
