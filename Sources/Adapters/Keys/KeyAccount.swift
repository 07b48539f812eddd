package import Chains
package import Codecs
import Money
import Secp256k1
package import Signing

/// From public keys and raw signatures to what the core knows.
package enum KeyAccount {
  /// The account of an uncompressed public key (65 bytes): the last 20 bytes of Keccak-256 over `x || y`.
  /// Source: Yellow Paper, appendix F.
  package static func address(publicKey: [UInt8]) -> Address {
    Address(EVMAddress(lastBytesOf: Keccak.hash256(Array(publicKey.dropFirst()))).bytes)
  }

  /// The account whose key made a signature. Throws `signing.bad_signature`, also for high s (EIP-2).
  package static func recover(
    _ signature: RecoverableSignature, signingHash: Hash32
  ) throws(SigningError) -> Address {
    let bytes = signature.r.bigEndianBytes + signature.s.bigEndianBytes
    do {
      guard try Curve.shared.normalized(bytes) == bytes else {
        throw SigningError(.badSignature, "the signature has a high s, which chains refuse")
      }
      let raw = CurveSignature(bytes: bytes, recoveryID: signature.yParity)
      return address(publicKey: try Curve.shared.recover(raw, digest: signingHash.bytes.span))
    } catch let error as Secp256k1Error {
      throw SigningError(.badSignature, error.message)
    } catch let error as SigningError {
      throw error
    } catch {
      throw SigningError(.badSignature, "the signature cannot be read")
    }
  }

  static func signature(_ raw: CurveSignature) throws(SigningError) -> RecoverableSignature {
    guard raw.recoveryID < 2, let r = UInt256(bigEndian: raw.bytes.prefix(32)),
      let s = UInt256(bigEndian: raw.bytes.suffix(32))
    else { throw SigningError(.badSignature, "the signature has no form that a chain accepts") }
    return RecoverableSignature(r: r, s: s, yParity: raw.recoveryID)
  }
}
