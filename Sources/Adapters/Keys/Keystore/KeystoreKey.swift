package import Chains
package import Codecs
import Foundation
import OpenSSL
package import Secp256k1
package import Signing

/// A signing key in this process's memory, from an Ethereum keystore: for development only. Any thread may sign.
///
/// Signatures are deterministic (RFC 6979): the same bytes signed twice are the same transaction.
package struct KeystoreKey: SigningKey {
  package let account: Address
  package let publicKey: [UInt8]
  package let origin: String
  private let key: SecretKey

  /// Throws `signing.mainnet_refused` on a chain where real money lives.
  package init(_ key: SecretKey, chain: ChainID, origin: String = "keystore") throws(SigningError) {
    try KeystoreKey.checkChain(chain)
    self.key = key
    self.origin = origin
    publicKey = Curve.shared.publicKey(of: key)
    account = KeyAccount.address(publicKey: publicKey)
  }

  package func sign(_ digests: [Hash32]) throws(SigningError) -> [RecoverableSignature] {
    var signatures: [RecoverableSignature] = []
    signatures.reserveCapacity(digests.count)
    for digest in digests {
      let raw: CurveSignature
      do { raw = try Curve.shared.sign(digest.bytes.span, with: key) } catch {
        throw SigningError(.badSignature, error.message)
      }
      signatures.append(try KeyAccount.signature(raw))
    }
    return signatures
  }

  /// Opens `AM_KEYSTORE`: one file, or a directory of files, each a lane of its own; all under one password.
  ///
  /// The chain is checked before any password is read. In a directory every file counts that is not hidden and not the
  /// signing log; keys come in order of account. Throws `signing.mainnet_refused`, `signing.file_failed`,
  /// `signing.bad_keystore`, `signing.wrong_password`, `signing.key_not_found` for an empty directory.
  package static func open(
    _ path: String, passwordFile: String, chain: ChainID
  ) throws(SigningError) -> [KeystoreKey] {
    try checkChain(chain)
    let password = try SecretFile.read(passwordFile)
    var keys: [KeystoreKey] = []
    for file in try files(path) {
      let keystore: KeystoreFile
      do throws(SigningError) {
        keystore = try KeystoreFile(parsing: Array(try BoundedFile.read(file, most: KeystoreFile.mostBytes)))
        let key = try KeystoreKey(try keystore.open(password: password), chain: chain, origin: "keystore:\(file)")
        if !keys.contains(where: { $0.account == key.account }) { keys.append(key) }
      } catch {
        throw SigningError(error.code, "\(file): \(error.message)", hint: error.hint)
      }
    }
    guard !keys.isEmpty else { throw SigningError(.keyNotFound, "\(path) holds no keystore") }
    return keys.sorted { $0.account < $1.account }
  }

  /// What should be said about the files and the chain, as far as they are set.
  package static func warnings(_ path: String, passwordFile: String?, chain: ChainID?) -> [KeyWarning] {
    var warnings = [passwordFile.flatMap(SecretFile.warning)].compactMap { $0 }
    warnings += ((try? files(path)) ?? []).compactMap(SecretFile.warning)
    if let chain, KnownChains.isUnknown(chain) {
      warnings.append(
        KeyWarning(.chainUnknown, "\(chain) is no test network we know: a keystore must not hold keys to real money"))
    }
    return warnings
  }

  private static func checkChain(_ chain: ChainID) throws(SigningError) {
    guard KnownChains.isMain(chain) else { return }
    throw SigningError(
      .mainnetRefused, "a keystore is for development; it does not sign for \(chain), a main network",
      hint: "use an HSM: set AM_HSM_URI")
  }

  private static func files(_ path: String) throws(SigningError) -> [String] {
    guard BoundedFile.isDirectory(path) else { return [path] }
    return try BoundedFile.names(in: path, most: 4096).filter { !$0.contains(".sqlite") }.map { "\(path)/\($0)" }
  }
}
