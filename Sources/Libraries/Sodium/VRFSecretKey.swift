import CSodium

/// A key that proves. Its secrets live in guarded memory, do not print, and are wiped when the last reference goes.
///
/// `@unchecked Sendable`: the memory is written in `init` only, before anybody else holds the reference, and wiped after
/// the last one let go; libsodium's functions keep no state.
@safe package final class VRFSecretKey: @unchecked Sendable, CustomStringConvertible, CustomReflectable {
  /// The secret scalar, 32 bytes, then 32 bytes from which nonces are made: RFC 8032, 5.1.5.
  private let expanded: SecretMemory
  private let point: EdwardsPoint
  package static let seedByteCount = 32

  /// The 32 bytes by which everybody verifies.
  package var publicKey: [UInt8] { point.bytes }

  /// From the 32-byte seed, which the caller wipes. Throws `vrf.bad_secret_key`, `vrf.out_of_memory`.
  package init(seed: Span<UInt8>) throws(VRFError) {
    guard seed.count == VRFSecretKey.seedByteCount else {
      throw VRFError(.badSecretKey, "a VRF secret key has 32 bytes, not \(seed.count)")
    }
    let memory = try SecretMemory(64)
    unsafe seed.withUnsafeBufferPointer { seed in
      guard let start = seed.baseAddress else { return }
      unsafe SHA512.hash(start, count: seed.count, [], into: memory.bytes)
    }
    unsafe memory.bytes[0] &= 0xf8
    unsafe memory.bytes[31] &= 0x7f
    unsafe memory.bytes[31] |= 0x40
    guard let point = unsafe EdwardsPoint.base(times: memory.bytes) else { throw .failed("the public key") }
    self.point = point
    expanded = memory
  }

  /// The value for `alpha`, 64 bytes, and its proof, 80 bytes: the same for the same input, always.
  ///
  /// Throws `vrf.out_of_memory`. Source: RFC 9381, 5.1; the nonce by 5.4.2.2.
  package func prove(_ alpha: [UInt8]) throws(VRFError) -> (value: [UInt8], proof: [UInt8]) {
    let input = try ECVRF.encodeToCurve(alpha, key: point).point
    guard let gamma = unsafe input.times(expanded.bytes) else { throw .failed("gamma") }
    // 64 bytes of nonce, 32 of it reduced, 32 of the product.
    let scratch = try SecretMemory(128)
    let (nonce, product) = unsafe (scratch.bytes + 64, scratch.bytes + 96)
    unsafe SHA512.hash(expanded.bytes + 32, count: 32, input.bytes, into: scratch.bytes)
    unsafe crypto_core_ed25519_scalar_reduce(nonce, scratch.bytes)
    guard let u = unsafe EdwardsPoint.base(times: nonce), let v = unsafe input.times(nonce) else {
      throw .failed("the nonce's points")
    }
    let challenge = ECVRF.challenge(point, input, gamma, u.bytes, v.bytes)
    unsafe crypto_core_ed25519_scalar_mul(product, challenge + [UInt8](repeating: 0, count: 16), expanded.bytes)
    var scalar = [UInt8](repeating: 0, count: 32)
    unsafe crypto_core_ed25519_scalar_add(&scalar, nonce, product)
    let proof = gamma.bytes + challenge + scalar
    return (try ECVRF.value(of: gamma), proof)
  }

  package var description: String { "VRFSecretKey" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
