import Chains
import Codecs
import Foundation
import Keys
import Money
import OpenSSL
import Signing
import TestSupport
import Testing
import Transport

/// Keys behind services, against stand-ins (tools/partners/signers.py): their shapes, and every way to answer wrongly.
@Suite("Keys behind Web3Signer and KMS")
struct KeyServiceTests {
  static let partner = Result { try ScreeningPartner("signers") }
  private var base: String { get throws { try Self.partner.get().base } }

  private func web3signer(_ how: String) throws -> Web3SignerKey {
    let limits = HTTPLimits(totalTimeoutMilliseconds: 3_000, responseBytes: 1 << 16)
    return try #require(
      try Web3SignerKey.all(try URLText(parsing: "\(try base)/\(how)/"), http: HTTPClient(), limits: limits).first)
  }

  private func kms(_ id: String, secret: String = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY") throws -> KMSKey {
    let signer = AWSRequestSigner(
      accessKeyID: "AKIDEXAMPLE", secret: try SecretBytes(copying: Array(secret.utf8)), region: "eu-central-1")
    return try KMSKey(
      id,
      KMSService(try URLText(parsing: try base), signer, http: HTTPClient()) {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
      })
  }

  private let messages = (0..<24).map { number in
    let bytes = [2, UInt8(number), 3]
    return SigningMessage(bytes: bytes, digest: Keccak.hash256(bytes))
  }

  private func code(_ body: () throws -> Void) -> SigningError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? SigningError)?.code }
  }

  @Test func `both sign for their account, low s, whatever comes back`() throws {
    let keys: [any SigningKey] = [try web3signer("good"), try kms("good")]
    #expect(keys[0].account == keys[1].account && keys[0].publicKey.count == 65)
    for key in keys {
      let signatures = try key.sign(messages)
      #expect(signatures.count == messages.count)
      for (message, signature) in zip(messages, signatures) {
        // `recover` refuses a high s.
        #expect(try KeyAccount.recover(signature, signingHash: message.digest) == key.account)
      }
      #expect(!key.origin.contains("wJalr"))
    }
  }

  @Test func `a guard over either signs whole transactions`() throws {
    for key in [try web3signer("good"), try kms("good")] as [any SigningKey] {
      let signer = TestChain.signer(MemorySigningLog(), keys: [key])
      let request = try TestChain.request(key.account, slot: 1, TestChain.pay(9, 500))
      let signed = try #require(try signer.sign([request]).first)
      let read = try SignedRequest(signed.bytes, account: key.account, codec: TestChain.codec)
      #expect(read.unsigned.bytes == request.unsigned)
    }
  }

  @Test func `wrong answers are refused with their reason`() throws {
    for (how, expected) in [
      ("other-key", SigningError.Code.badSignature), ("garbage", .badSignature), ("short", .badSignature),
      ("404", .keyNotFound), ("silent", .keyUnavailable),
    ] { #expect(code { _ = try web3signer(how).sign(messages) } == expected, "\(how)") }
    for (how, expected) in [
      ("500", SigningError.Code.keyUnavailable), ("no-list", .deviceRefused), ("bad-key", .deviceRefused),
    ] { #expect(code { _ = try web3signer(how) } == expected, "\(how)") }
    #expect(code { _ = try web3signer("good").sign([messages[0].digest]) } == .deviceRefused)
    let lie = SigningMessage(bytes: [1], digest: messages[0].digest)
    #expect(code { _ = try web3signer("good").sign([lie]) } == .deviceRefused)
    for (how, expected) in [
      ("other-key", SigningError.Code.badSignature), ("not-der", .badSignature), ("padded", .badSignature),
      ("negative", .badSignature), ("throttled", .keyUnavailable), ("disabled", .deviceRefused),
    ] { #expect(code { _ = try kms(how).sign(messages) } == expected, "\(how)") }
    for (how, expected) in [
      ("p256", SigningError.Code.deviceRefused), ("html", .deviceRefused), ("nobody", .keyNotFound),
    ] { #expect(code { _ = try kms(how) } == expected, "\(how)") }
    #expect(code { _ = try kms("good", secret: "another") } == .deviceRefused)
    let nowhere = try URLText(parsing: "http://127.0.0.1:1")
    #expect(code { _ = try Web3SignerKey.all(nowhere, http: HTTPClient()) } == .keyUnavailable)
  }

  @Test func `requests are signed as the published example is`() throws {
    // AWS General Reference, "Examples of the complete version 4 signing process".
    let signer = AWSRequestSigner(
      accessKeyID: "AKIDEXAMPLE",
      secret: try SecretBytes(copying: Array("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".utf8)), region: "us-east-1",
      service: "iam")
    let made = try signer.authorization(
      method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08",
      headers: [
        ("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("host", "iam.amazonaws.com"),
        ("x-amz-date", "20150830T123600Z"),
      ], body: [], date: "20150830T123600Z")
    #expect(made.hasSuffix("Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"))
    for (seconds, text) in [
      (1_440_938_160, "20150830T123600Z"), (0, "19700101T000000Z"), (951_782_400, "20000229T000000Z"),
      (1_709_251_199, "20240229T235959Z"), (4_107_542_399, "21000228T235959Z"), (4_107_542_400, "21000301T000000Z"),
    ] as [(Int64, String)] {
      #expect(AWSRequestSigner.text(Timestamp(milliseconds: seconds * 1000)) == text)
    }
  }

  @Test func `a signature in DER has one form`() {
    let one = [UInt8](repeating: 0, count: 31) + [1]
    let high = [UInt8](repeating: 0xff, count: 32)
    #expect(DERSignature.raw([0x30, 6, 2, 1, 1, 2, 1, 1]) == one + one)
    #expect(DERSignature.raw([0x30, 38, 2, 33, 0] + high + [2, 1, 1]) == high + one)
    let bad: [[UInt8]] = [
      [], [0x30], [0x30, 0], [0x31, 6, 2, 1, 1, 2, 1, 1], [0x30, 7, 2, 1, 1, 2, 1, 1], [0x30, 6, 2, 1, 1, 2, 1, 1, 0],
      [0x30, 7, 2, 2, 0, 1, 2, 1, 1], [0x30, 6, 2, 1, 0x80, 2, 1, 1], [0x30, 5, 2, 0, 2, 1, 1],
      [0x30, 6, 2, 1, 0, 2, 1, 1], [0x30, 0x81, 6, 2, 1, 1, 2, 1, 1], [0x30, 38, 2, 33, 1] + high + [2, 1, 1],
      [0x30, 6, 3, 1, 1, 2, 1, 1],
    ]
    for bytes in bad { #expect(DERSignature.raw(bytes) == nil, "\(bytes)") }
  }
}
