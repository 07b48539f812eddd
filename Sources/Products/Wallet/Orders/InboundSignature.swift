package import Money

/// The signature of a partner's call: HMAC-SHA256 over time, nonce and the raw body, with single spaces between.
package enum InboundSignature {
  package static let prefix = "sha256="
  package static let mostSkewMilliseconds: Int64 = 300_000
  package static let nonceLifeMilliseconds: Int64 = 600_000

  /// The bytes that are signed.
  package static func input(timestamp: String, nonce: String, body: [UInt8]) -> [UInt8] {
    Array(timestamp.utf8) + [0x20] + Array(nonce.utf8) + [0x20] + body
  }

  /// Checks a call, in this order: time, then signature over the raw bytes, then nonce. The nonce is stored only by a call
  /// whose signature is right, else a stranger could use up a partner's.
  ///
  /// `mac`: the lower-case hex of the HMAC over `input`, made with the partner's secret by the caller. `isNonceNew` stores
  /// it when it is. Throws `wallet.bad_signature`.
  package static func check(
    header: String, mac: String, timestamp: String, at now: Timestamp, isNonceNew: () throws(WalletError) -> Bool
  ) throws(WalletError) {
    guard timestamp.utf8.count <= 15, timestamp.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let seconds = Int64(timestamp)
    else { throw refused }
    let (skew, overflow) = now.milliseconds.subtractingReportingOverflow(seconds * 1000)
    guard !overflow, skew.magnitude <= UInt64(mostSkewMilliseconds) else { throw refused }
    guard isSame(Array(header.utf8), Array((prefix + mac).utf8)) else { throw refused }
    guard try isNonceNew() else { throw refused }
  }

  /// In a time that does not depend on where they differ.
  private static func isSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for index in a.indices { difference |= a[index] ^ b[index] }
    return difference == 0
  }

  private static let refused = WalletError(.badSignature, "The call is not signed as it must be.")
}
