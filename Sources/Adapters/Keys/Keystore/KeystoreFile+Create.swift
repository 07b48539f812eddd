package import Chains
import Codecs
import Foundation
package import OpenSSL
package import Secp256k1
package import Signing

extension KeystoreFile {
  /// How slow guessing the password is made.
  package enum Cost: Sendable {
    /// geth's standard: 256 MiB and about a second.
    case standard
    /// geth's light: 4 MiB and some milliseconds, for tests and development.
    case light

    var scrypt: (n: UInt64, r: UInt64, p: UInt64) {
      switch self {
      case .standard: (1 << 18, 8, 1)
      case .light: (1 << 12, 8, 6)
      }
    }
  }

  /// Encrypts a key under a password with fresh salt, counter and id.
  /// Throws `signing.bad_keystore` when the machine lacks the memory, `signing.key_unavailable` without random numbers.
  package static func encrypting(
    _ key: SecretKey, password: SecretBytes, cost: Cost = .standard
  ) throws(SigningError) -> KeystoreFile {
    do throws(CryptoError) {
      let (n, r, p) = cost.scrypt
      let draft = KeystoreFile(
        derivation: .scrypt(n: n, r: r, p: p, salt: try RandomBytes.bytes(32)), ciphertext: [],
        counter: try RandomBytes.bytes(16), mac: .zero,
        address: KeyAccount.address(publicKey: Curve.shared.publicKey(of: key)).bytes,
        id: uuid(try RandomBytes.bytes(16)))
      let derived = try draft.derive(password)
      let plain = try key.withBytes { bytes throws(CryptoError) in try SecretBytes(copying: bytes) }
      let ciphertext = try AES128CTR.encrypt(plain, key: try derived.slice(0..<16), counter: draft.counter)
      return KeystoreFile(
        derivation: draft.derivation, ciphertext: ciphertext, counter: draft.counter,
        mac: mac(try derived.slice(16..<32), ciphertext), address: draft.address, id: draft.id)
    } catch {
      throw error.code == .noRandomness
        ? SigningError(.keyUnavailable, error.message)
        : SigningError(.badKeystore, "the keystore cannot be made: \(error.message)")
    }
  }

  /// A new random key in a new file, and the account it controls. Throws as `encrypting` and `write` do.
  package static func create(
    _ path: String, password: SecretBytes, cost: Cost = .standard
  ) throws(SigningError) -> Address {
    let key: SecretKey
    do { key = try SecretKey.random() } catch { throw SigningError(.keyUnavailable, error.message) }
    try encrypting(key, password: password, cost: cost).write(to: path)
    return KeyAccount.address(publicKey: Curve.shared.publicKey(of: key))
  }

  /// The key that the development chain gives to an account, as a keystore: SHA-256 of a public text, so it guards
  /// nothing. Throws as `create` does.
  package static func writeDevelopment(seed: String, to path: String, password: SecretBytes) throws(SigningError) {
    let key: SecretKey
    do {
      key = try SecretKey(try SHA256.hash(Array(seed.utf8)).bytes.span)
    } catch {
      throw SigningError(.badKeystore, "no key comes from this text")
    }
    try encrypting(key, password: password, cost: .light).write(to: path)
  }

  /// Writes the file with mode 0600, durably. Throws `signing.key_exists` rather than replace one.
  package func write(to path: String) throws(SigningError) {
    try NewFile.create(path, json, mode: 0o600, durable: true, existing: .keyExists)
  }

  /// A random UUID. Source: RFC 9562, version 4.
  private static func uuid(_ random: [UInt8]) -> String {
    var bytes = random
    bytes[6] = bytes[6] & 0x0f | 0x40
    bytes[8] = bytes[8] & 0x3f | 0x80
    let hex = Array(Hex.text(bytes))
    return [hex[0..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20..<32]].map { String($0) }.joined(separator: "-")
  }
}
