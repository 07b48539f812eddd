import OpenSSL
import Testing

/// Vectors: RFC 4231 (HMAC), RFC 7914 (scrypt), RFC 6070's inputs with SHA-256 (PBKDF2), NIST SP 800-38A F.5.1
/// (AES-128-CTR), RFC 8032 7.1 (Ed25519).
@Suite("Keyed algorithms")
struct KeyedTests {
  private func secret(_ text: String) throws -> SecretBytes { try SecretBytes(copying: Array(text.utf8)) }
  private func secret(hex: String) throws -> SecretBytes { try SecretBytes(copying: bytes(hex: hex)) }
  private func shown(_ secret: SecretBytes) -> String {
    secret.withBytes { span in hex(span.indices.map { span[$0] }) }
  }

  @Test(arguments: [
    (
      String(repeating: "0b", count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      "4a656665", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      String(repeating: "aa", count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func `HMAC gives the published code and refuses a changed one`(key: String, message: String, code: String) throws {
    let key = try secret(hex: key)
    var made = try HMACSHA256.code(for: Array(message.utf8), key: key)
    #expect(hex(made) == code)
    #expect(try HMACSHA256.isValid(made, for: Array(message.utf8), key: key))
    made[31] ^= 1
    #expect(try !HMACSHA256.isValid(made, for: Array(message.utf8), key: key))
    #expect(try !HMACSHA256.isValid(Array(made.dropLast()), for: Array(message.utf8), key: key))
  }

  @Test func `HMAC takes an empty key and an empty message`() throws {
    #expect(
      hex(try HMACSHA256.code(for: [], key: secret("")))
        == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }

  @Test func `scrypt gives the published keys`() throws {
    #expect(
      shown(try KeyDerivation.scrypt(password: secret(""), salt: [], n: 16, r: 1, p: 1, count: 64))
        == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
        + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")
    #expect(
      shown(
        try KeyDerivation.scrypt(
          password: secret("password"), salt: Array("NaCl".utf8), n: 1024, r: 8, p: 16, count: 64))
        == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")
  }

  @Test(
    arguments: [
      (0, 8, 1, 32), (1, 8, 1, 32), (3, 8, 1, 32), (1 << 25, 8, 1, 32), (1024, 0, 1, 32), (1024, 8, 0, 32),
      (1024, 8, 1, 0), (1024, 8, 1, 4096), (1 << 24, 8, 1, 32), (UInt64.max, UInt64.max, UInt64.max, 32),
    ] as [(UInt64, UInt64, UInt64, Int)])
  func `scrypt refuses work factors that are wrong or would take the machine`(
    n: UInt64, r: UInt64, p: UInt64, count: Int
  ) throws {
    let password = try secret("x")
    do throws(CryptoError) {
      _ = try KeyDerivation.scrypt(password: password, salt: [1], n: n, r: r, p: p, count: count)
      Issue.record("accepted")
    } catch { #expect(error.code == .badParameters) }
  }

  @Test func `scrypt does the default work of an Ethereum keystore`() throws {
    let key = try KeyDerivation.scrypt(password: secret("x"), salt: [1], n: 262_144, r: 8, p: 1, count: 32)
    #expect(key.count == 32)
  }

  @Test func `PBKDF2 gives the published key and refuses no rounds at all`() throws {
    let salt = Array("salt".utf8)
    let key = try KeyDerivation.pbkdf2(password: secret("password"), salt: salt, rounds: 4096, count: 32)
    #expect(shown(key) == "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a")
    for rounds in [0, -1, 10_000_001] {
      #expect(throws: CryptoError.self) {
        try KeyDerivation.pbkdf2(password: secret("password"), salt: salt, rounds: rounds, count: 32)
      }
    }
  }

  @Test func `AES-128-CTR gives the published text and takes it back`() throws {
    let key = try secret(hex: "2b7e151628aed2a6abf7158809cf4f3c")
    let counter = bytes(hex: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
    let plain = try secret(hex: "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
    let closed = try AES128CTR.encrypt(plain, key: key, counter: counter)
    #expect(hex(closed) == "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff")
    #expect(try AES128CTR.decrypt(closed, key: key, counter: counter) == plain)
    #expect(try AES128CTR.encrypt(secret(""), key: key, counter: counter) == [])
    #expect(throws: CryptoError.self) { try AES128CTR.decrypt(closed, key: plain, counter: counter) }
    #expect(throws: CryptoError.self) { try AES128CTR.decrypt(closed, key: key, counter: [1]) }
  }

  @Test(arguments: [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
  ])
  func `Ed25519 gives the published signature, which no change survives`(
    seed: String, publicKey: String, message: String, signature: String
  ) throws {
    let key = try Ed25519.PrivateKey(seed: secret(hex: seed))
    #expect(hex(key.publicKey) == publicKey)
    let message = bytes(hex: message)
    let made = try key.sign(message)
    #expect(hex(made) == signature)
    func valid(_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) throws -> Bool {
      try Ed25519.isValid(signature: signature, message: message, publicKey: key)
    }
    #expect(try valid(made, message, key.publicKey))
    for position in [0, 31, 32, 63] {
      var changed = made
      changed[position] ^= 1
      #expect(try !valid(changed, message, key.publicKey))
    }
    #expect(try !valid(made, message + [0], key.publicKey))
    #expect(try !valid([], message, key.publicKey))
    #expect(try !valid(made, message, [UInt8](repeating: 0xff, count: 32)))
    #expect(throws: CryptoError.self) { try valid(made, message, [1]) }
  }

  @Test func `a seed of another length is refused`() throws {
    let short = try secret("short")
    #expect(throws: CryptoError.self) { try Ed25519.PrivateKey(seed: short) }
  }
}
