import OpenSSL
import Testing

@Suite("Secret bytes")
struct SecretBytesTests {
  @Test func `no form of printing shows a byte`() throws {
    let secret = try SecretBytes(copying: Array("hunter2".utf8))
    var dumped = ""
    dump(secret, to: &dumped)
    struct Holder { let name = "holder", key: SecretBytes }
    let forms = ["\(secret)", String(reflecting: secret), dumped, "\(Holder(key: secret))", "\([secret])"]
    for form in forms {
      #expect(form.contains("SecretBytes"))
      // Neither the text nor its bytes as numbers: 104 is "h".
      #expect(!form.contains("hunter2") && !form.contains("104") && !form.contains("68"))
    }
  }

  @Test func `taking an array's bytes leaves nothing in it`() throws {
    var source: [UInt8] = [1, 2, 3]
    let secret = try SecretBytes(wiping: &source)
    #expect(source.isEmpty)
    #expect(secret.withBytes { $0.count == 3 && $0[0] == 1 && $0[2] == 3 })
  }

  @Test func `secrets are equal by content`() throws {
    let a = try SecretBytes(copying: [1, 2, 3])
    let b = try SecretBytes(copying: [1, 2, 3])
    let c = try SecretBytes(copying: [1, 2, 4])
    let d = try SecretBytes(copying: [1, 2])
    #expect(a == b)
    #expect(a != c && a != d)
    let (empty, none) = (try SecretBytes(copying: []), try SecretBytes(copying: []))
    #expect(empty == none)
  }

  @Test func `slices are bounded`() throws {
    let secret = try SecretBytes(copying: [1, 2, 3, 4])
    #expect(try secret.slice(1..<3) == SecretBytes(copying: [2, 3]))
    #expect(throws: CryptoError.self) { try secret.slice(0..<5) }
    #expect(throws: CryptoError.self) { try secret.slice(-1..<2) }
  }

  @Test func `random bytes differ, and an absurd amount is refused`() throws {
    #expect(try SecretBytes(random: 32) != SecretBytes(random: 32))
    #expect(try RandomBytes.bytes(32) != RandomBytes.bytes(32))
    #expect(try RandomBytes.bytes(0) == [])
    #expect(throws: CryptoError.self) { try RandomBytes.bytes(-1) }
    #expect(throws: CryptoError.self) { try RandomBytes.bytes(1 << 30) }
    #expect(throws: CryptoError.self) { try SecretBytes(random: -1) }
  }

  @Test func `comparison in constant time agrees with comparison`() {
    #expect(constantTimeEqual([], []))
    #expect(constantTimeEqual([1, 2], [1, 2]))
    #expect(!constantTimeEqual([1, 2], [1, 3]))
    #expect(!constantTimeEqual([1, 2], [1]))
    #expect(!constantTimeEqual([1], [1, 2]))
  }
}
