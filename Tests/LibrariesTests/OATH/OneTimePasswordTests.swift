import OATH
import Testing

@Suite("One-time passwords")
struct OneTimePasswordTests {
  /// RFC 6238, appendix B, the SHA-1 rows.
  @Test(arguments: [
    (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
  ])
  func `the vectors of the RFC`(seconds: Int, expected: String) throws {
    let secret = Array("12345678901234567890".utf8)
    #expect(try OneTimePassword.text(secret.span, counter: UInt64(seconds / 30), digits: 8) == expected)
  }

  @Test func `base32 goes both ways, in small letters and with padding too`() throws {
    let secret = Array("12345678901234567890".utf8)
    let text = try OneTimePassword.base32(secret.span)
    #expect(text == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    #expect(try OneTimePassword.bytes(base32: text.lowercased()) == secret)
    let short: [UInt8] = [0x66]
    #expect(try OneTimePassword.base32(short.span) == "MY")
    #expect(try OneTimePassword.bytes(base32: "MY======") == short && OneTimePassword.bytes(base32: "MY") == short)
    for bad in ["1", "M!", "MY=X", String(repeating: "A", count: 300)] {
      #expect(throws: OATHError.self, "\(bad)") { try OneTimePassword.bytes(base32: bad) }
    }
  }

  @Test func `secrets and digits out of range are refused`() {
    let (empty, one): ([UInt8], [UInt8]) = ([], [1])
    #expect(throws: OATHError.self) { try OneTimePassword.text(empty.span, counter: 1) }
    #expect(throws: OATHError.self) { try OneTimePassword.text(one.span, counter: 1, digits: 5) }
    #expect(throws: OATHError.self) { try OneTimePassword.text(one.span, counter: 1, digits: 9) }
  }
}
