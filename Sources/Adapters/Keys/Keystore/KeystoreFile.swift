import Chains
package import Codecs
import Foundation
package import OpenSSL
package import Secp256k1
package import Signing

/// One key in an Ethereum keystore, version 3: a password, a slow hash, AES-128-CTR, and a Keccak-256 MAC.
///
/// A file may come from anywhere: its parameters are bounded before any work is done, at 512 MiB of memory and about the
/// time of four standard unlocks.
/// Source: Web3 Secret Storage, https://github.com/ethereum/wiki/wiki/Web3-Secret-Storage-Definition
package struct KeystoreFile: Hashable, Sendable {
  /// How the password becomes a key.
  package enum Derivation: Hashable, Sendable {
    case scrypt(n: UInt64, r: UInt64, p: UInt64, salt: [UInt8])
    /// HMAC-SHA-256.
    case pbkdf2(rounds: Int, salt: [UInt8])
  }
  package let derivation: Derivation
  package let ciphertext: [UInt8]
  /// First counter block of AES-128-CTR, 16 bytes.
  package let counter: [UInt8]
  package let mac: Hash32
  /// 20 bytes, where the file says; many leave it out.
  package let address: [UInt8]?
  /// A UUID, as text.
  package let id: String

  static let mostBytes = 65536
  /// geth's standard is 2^18 * 8 * 1 = 2^21.
  static let mostScryptWork: UInt64 = 1 << 22

  /// Opens the key. Takes as long as the file's derivation is slow, and holds its memory meanwhile.
  ///
  /// Throws `signing.wrong_password` when the MAC does not fit, `signing.bad_keystore` when what comes out is no key or
  /// not that of the stated address.
  package func open(password: SecretBytes) throws(SigningError) -> SecretKey {
    let derived: SecretBytes
    do { derived = try derive(password) } catch {
      throw SigningError(.badKeystore, "the keystore cannot be opened: \(error.message)")
    }
    return try open(derived: derived)
  }

  /// As `open(password:)`, with what `derive` made of the password.
  package func open(derived: SecretBytes) throws(SigningError) -> SecretKey {
    do {
      let check = KeystoreFile.mac(try derived.slice(16..<32), ciphertext)
      guard constantTimeEqual(check.bytes, mac.bytes) else {
        throw SigningError(.wrongPassword, "the password does not open the keystore")
      }
      let plain = try AES128CTR.decrypt(ciphertext, key: try derived.slice(0..<16), counter: counter)
      let key = try plain.withBytes { bytes throws(Secp256k1Error) in try SecretKey(bytes) }
      if let address, KeyAccount.address(publicKey: Curve.shared.publicKey(of: key)).bytes != address {
        throw SigningError(.badKeystore, "the key in the keystore is not that of its address")
      }
      return key
    } catch let error as SigningError {
      throw error
    } catch let error as CryptoError {
      throw SigningError(.badKeystore, "the keystore cannot be opened: \(error.message)")
    } catch {
      throw SigningError(.badKeystore, "the keystore holds no private key")
    }
  }

  /// The 32 bytes that the password becomes: half of it opens the key, the other half checks the password.
  package func derive(_ password: SecretBytes) throws(CryptoError) -> SecretBytes {
    switch derivation {
    case .scrypt(let n, let r, let p, let salt) where SmallBlockScrypt.isNeeded(n: n, r: r):
      try SmallBlockScrypt.key(password: password, salt: salt, n: n, p: p)
    case .scrypt(let n, let r, let p, let salt):
      try KeyDerivation.scrypt(password: password, salt: salt, n: n, r: r, p: p, count: 32)
    case .pbkdf2(let rounds, let salt):
      try KeyDerivation.pbkdf2(password: password, salt: salt, rounds: rounds, count: 32)
    }
  }

  /// Keccak-256 over the second half of the derived key and the ciphertext.
  static func mac(_ half: SecretBytes, _ ciphertext: [UInt8]) -> Hash32 {
    var keccak = Keccak()
    half.withBytes { keccak.absorb($0) }
    keccak.absorb(ciphertext)
    return keccak.finish()
  }
}
