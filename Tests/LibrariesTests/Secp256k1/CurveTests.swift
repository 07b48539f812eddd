import Secp256k1
import Testing

/// The curve's own rules. Golden signatures: Tests/KeysTests/Vectors.
@Suite("secp256k1")
struct CurveTests {
  private let digest = [UInt8](repeating: 0x11, count: 32)
  private let order: [UInt8] =
    [UInt8](repeating: 0xff, count: 15) + [
      0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
    ]

  private func key(_ value: UInt8) throws -> SecretKey { try SecretKey([UInt8](repeating: value, count: 32).span) }

  private func verifies(_ bytes: [UInt8], _ digest: [UInt8], _ publicKey: [UInt8]) -> Bool {
    Curve.shared.verify(bytes, digest: digest.span, publicKey: publicKey)
  }

  private func refused(_ code: Secp256k1Error.Code, _ body: () throws -> Void) {
    do {
      try body()
      Issue.record("accepted, expected \(code)")
    } catch { #expect((error as? Secp256k1Error)?.code == code) }
  }

  @Test func `a signature is deterministic, verifies, and leads back to its key`() throws {
    let key = try key(7)
    let publicKey = Curve.shared.publicKey(of: key)
    let signature = try Curve.shared.sign(digest.span, with: key)
    let again = try Curve.shared.sign(digest.span, with: key)
    #expect(again == signature)
    // Blinding another context with other numbers changes no signature.
    let elsewhere = try Curve().sign(digest.span, with: key)
    #expect(elsewhere == signature)
    #expect(verifies(signature.bytes, digest, publicKey))
    let recovered = try Curve.shared.recover(signature, digest: digest.span)
    #expect(recovered == publicKey)
  }

  @Test func `a high s is normalised to the same signature, and refused by verification`() throws {
    let key = try key(7)
    let publicKey = Curve.shared.publicKey(of: key)
    let low = try Curve.shared.sign(digest.span, with: key)
    let high = Array(low.bytes[..<32]) + minus(order, Array(low.bytes[32...]))
    #expect(!verifies(high, digest, publicKey))
    #expect(try Curve.shared.normalized(high) == low.bytes)
    #expect(try Curve.shared.normalized(low.bytes) == low.bytes)
    let completed = try Curve.shared.completed(high, digest: digest.span, publicKey: publicKey)
    #expect(completed == low)
  }

  @Test func `another digest, another key and one changed bit do not verify`() throws {
    let key = try key(7)
    let publicKey = Curve.shared.publicKey(of: key)
    let signature = try Curve.shared.sign(digest.span, with: key)
    let other = [UInt8](repeating: 0x12, count: 32)
    #expect(!verifies(signature.bytes, other, publicKey))
    let stranger = Curve.shared.publicKey(of: try self.key(8))
    #expect(!verifies(signature.bytes, digest, stranger))
    var changed = signature.bytes
    changed[40] ^= 1
    #expect(!verifies(changed, digest, publicKey))
    refused(.notRecoverable) {
      _ = try Curve.shared.completed(signature.bytes, digest: digest.span, publicKey: stranger)
    }
  }

  @Test func `keys of a wrong length, of zero and from the order up are refused`() {
    var below = order
    below[31] -= 1
    let last = try? SecretKey(below.span)
    #expect(last != nil)
    for bytes in [[], [1], [UInt8](repeating: 1, count: 33), [UInt8](repeating: 0, count: 32), order] {
      refused(.badSecretKey) { _ = try SecretKey(bytes.span) }
    }
  }

  @Test func `signatures and points that are none are refused and never trap`() throws {
    let publicKey = Curve.shared.publicKey(of: try key(7))
    let one = [UInt8](repeating: 0, count: 31) + [1]
    let zero = [UInt8](repeating: 0, count: 32)
    for bytes in [[], one, one + zero, zero + one, order + one, one + order, one + one + [0]] {
      refused(.badSignature) { _ = try Curve.shared.normalized(bytes) }
      #expect(!verifies(bytes, digest, publicKey))
    }
    refused(.badSignature) {
      _ = try Curve.shared.recover(CurveSignature(bytes: one + one, recoveryID: 4), digest: digest.span)
    }
    let points: [[UInt8]] = [
      [], [4], [UInt8](repeating: 4, count: 65), [5] + Array(publicKey.dropFirst()), Array(publicKey.dropLast()),
    ]
    for bytes in points {
      refused(.badPublicKey) { _ = try Curve.shared.publicKey(parsing: bytes) }
    }
    let short = [UInt8](repeating: 1, count: 31)
    refused(.badDigest) { _ = try Curve.shared.sign(short.span, with: try key(7)) }
    refused(.badDigest) {
      _ = try Curve.shared.recover(CurveSignature(bytes: one + one, recoveryID: 0), digest: short.span)
    }
    #expect(!verifies(one + one, short, publicKey))
  }

  @Test func `a secret key lends its bytes, does not print them, and random keys differ`() throws {
    let key = try key(0x5a)
    #expect(key.withBytes { bytes in bytes.count == 32 && bytes[0] == 0x5a && bytes[31] == 0x5a })
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!(dumped + "\(key)" + String(reflecting: key)).contains("90"))
    let first = Curve.shared.publicKey(of: try SecretKey.random())
    #expect(first != Curve.shared.publicKey(of: try SecretKey.random()))
  }

  @Test func `many threads sign with one key and one context`() async throws {
    let key = try key(9)
    let expected = try (0..<50).map { try Curve.shared.sign([UInt8](repeating: $0, count: 32).span, with: key) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try (0..<50).map { try Curve.shared.sign([UInt8](repeating: $0, count: 32).span, with: key) } == expected
        }
      }
      for try await equal in group { #expect(equal) }
    }
  }

  /// Big-endian difference.
  private func minus(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
    var borrow = 0
    var out = a
    for index in a.indices.reversed() {
      let value = Int(a[index]) - Int(b[index]) - borrow
      out[index] = UInt8(truncatingIfNeeded: value)
      borrow = value < 0 ? 1 : 0
    }
    return out
  }
}
