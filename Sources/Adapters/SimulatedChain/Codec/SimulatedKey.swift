package import Chains
package import Codecs
import Money
package import Signing
import Synchronization

/// A key of the simulated chain: cheap, deterministic from its seed, and worth nothing anywhere else.
///
/// A signature over a digest is `r`, drawn from seed, digest and (for a device that draws fresh nonces) a counter, and
/// `s` = Keccak-256(secret, r, digest) in the lower half. Whoever has the key can check it; the chain is given that.
package final class SimulatedKey: SigningKey {
  package let account: Address
  package let publicKey: [UInt8]
  private let secret: Hash32
  private let drawsFreshNonces: Bool
  private let drawn = Mutex<UInt64>(0)

  /// `drawsFreshNonces`: the same digest gives another signature each time, as some hardware does.
  package init(seed: UInt64, drawsFreshNonces: Bool = false) {
    var writer = CanonicalBytes.Writer(tag: "almoner/sim-key/1")
    writer.append(seed)
    secret = Keccak.hash256(writer.bytes)
    let public1 = Keccak.hash256(secret, .zero)
    let public2 = Keccak.hash256(public1, .zero)
    publicKey = [4] + public1.bytes + public2.bytes
    account = Address(EVMAddress(lastBytesOf: Keccak.hash256(public1, public2)).bytes)
    self.drawsFreshNonces = drawsFreshNonces
  }

  package var origin: String { "simulated" }

  package func sign(_ digests: [Hash32]) throws(SigningError) -> [RecoverableSignature] {
    digests.map { digest in
      let count: UInt64 =
        drawsFreshNonces
        ? drawn.withLock { count in
          count &+= 1; return count
        } : 0
      let r = Keccak.hash256(Keccak.hash256(secret, digest), Hash32(words: (0, 0, 0, count)))
      return RecoverableSignature(r: UInt256(r), s: s(r, digest), yParity: UInt8(truncatingIfNeeded: r.words.3 & 1))
    }
  }

  /// Whether this key made the signature over the digest.
  package func made(_ signature: RecoverableSignature, over digest: Hash32) -> Bool {
    let limbs = signature.r.limbs
    let r = Hash32(words: (limbs.3, limbs.2, limbs.1, limbs.0))
    return signature.s == s(r, digest) && UInt64(signature.yParity) == r.words.3 & 1
  }

  private func s(_ r: Hash32, _ digest: Hash32) -> UInt256 {
    let full = Keccak.hash256(Keccak.hash256(secret, r), digest).words
    // The lower half, as EIP-2 asks of real signatures.
    return UInt256(limbs: (full.3, full.2, full.1, full.0 &>> 1))
  }
}

extension SimulatedKey {
  /// The account among `keys` that made a signature over a digest, or nil: what a chain and an import check with.
  package static func recovery(
    _ keys: [SimulatedKey]
  ) -> @Sendable (Hash32, RecoverableSignature) -> Address? {
    { digest, signature in keys.first { $0.made(signature, over: digest) }?.account }
  }
}

extension UInt256 {
  init(_ hash: Hash32) { self.init(limbs: (hash.words.3, hash.words.2, hash.words.1, hash.words.0)) }
}
