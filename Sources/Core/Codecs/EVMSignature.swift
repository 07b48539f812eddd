package import Money

/// An ECDSA signature over secp256k1 with the bit that recovers the signer; always in its low-s form.
///
/// The high-s twin of a signature is also valid mathematics, but Ethereum refuses it, and it would give the same
/// transaction a second hash.
/// Source: EIP-2; SEC 2, section 2.4.1.
package struct EVMSignature: Hashable, Sendable {
  package let r: UInt256
  package let s: UInt256
  /// 0 or 1: whether the y coordinate of the nonce point is odd.
  package let yParity: UInt8

  /// The order of the group.
  package static let order = UInt256(
    limbs: (0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff))
  /// Half of the order, rounded down: the largest `s` there is.
  package static let halfOrder = UInt256(
    limbs: (0xdfe9_2f46_681b_20a0, 0x5d57_6e73_57a4_501d, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff))

  /// Throws `transaction.bad_signature` when r or s is zero or too large, s is high, or the parity is above 1.
  package init(r: UInt256, s: UInt256, yParity: UInt8) throws(TransactionError) {
    guard !r.isZero, r < EVMSignature.order else { throw TransactionError(.badSignature, "r is out of range") }
    guard !s.isZero, s <= EVMSignature.halfOrder else {
      throw TransactionError(.badSignature, "s is zero or above half of the order")
    }
    guard yParity <= 1 else { throw TransactionError(.badSignature, "the parity is above 1") }
    self.r = r
    self.s = s
    self.yParity = yParity
  }
}
