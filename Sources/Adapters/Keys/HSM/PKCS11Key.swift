package import Chains
package import Codecs
import PKCS11
import Secp256k1
package import Signing

/// A signing key on an HSM token. Any thread may sign.
///
/// A token draws its nonce at random and often returns a high s: every signature is normalised, completed with its
/// recovery id, and accepted only when it leads back to the account.
package struct PKCS11Key: SigningKey {
  package let account: Address
  package let publicKey: [UInt8]
  package let origin: String
  private let key: TokenKey

  init(_ key: TokenKey) throws(SigningError) {
    do { publicKey = try Curve.shared.publicKey(parsing: key.publicPoint) } catch {
      throw SigningError(.deviceRefused, "the public key of \(key.label) on the token is no point of the curve")
    }
    account = KeyAccount.address(publicKey: publicKey)
    origin = "pkcs11:token=\(key.token.info.label);object=\(key.label)"
    self.key = key
  }

  /// `CKA_ID` of the pair.
  package var id: [UInt8] { key.id }

  package func sign(_ digests: [Hash32]) throws(SigningError) -> [RecoverableSignature] {
    let raw: [[UInt8]]
    do throws(PKCS11Error) { raw = try key.sign(digests.map(\.bytes)) } catch { throw HSMToken.failure(error) }
    guard raw.count == digests.count else {
      throw SigningError(.badSignature, "the token made \(raw.count) signatures for \(digests.count) digests")
    }
    var signatures: [RecoverableSignature] = []
    signatures.reserveCapacity(raw.count)
    for (digest, bytes) in zip(digests, raw) {
      signatures.append(try PKCS11Key.completed(bytes, digest: digest, publicKey: publicKey))
    }
    return signatures
  }

  /// What a module returned (`r || s`) in the form that a chain accepts. Throws `signing.bad_signature`.
  package static func completed(
    _ bytes: [UInt8], digest: Hash32, publicKey: [UInt8]
  ) throws(SigningError) -> RecoverableSignature {
    let complete: CurveSignature
    do { complete = try Curve.shared.completed(bytes, digest: digest.bytes.span, publicKey: publicKey) } catch {
      throw SigningError(.badSignature, "the token's signature is not by its key: \(error.message)")
    }
    return try KeyAccount.signature(complete)
  }
}
