import Curves
import Testing
import TestSupport

@Suite("Groups of BLS12-381")
struct GroupTests {
  @Test(arguments: UInt64(0)..<8)
  func `the fast check of the group agrees with the multiple by its order`(seed: UInt64) {
    agrees(G1.self, seed)
    agrees(G2.self, seed)
  }

  private func agrees<Group: CurveGroup>(_ group: Group.Type, _ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let stray = AffinePoint<Group>.onCurve(&random)
    #expect(stray.isOnCurve)
    #expect(Group.contains(stray) == JacobianPoint(stray).times(groupOrder).isInfinity)
    // The cofactors are large: a random point of the curve is in the group with a chance of 2^-125.
    #expect(!Group.contains(stray))
    let member = AffinePoint<Group>.inGroup(&random)
    #expect(Group.contains(member) && JacobianPoint(member).times(groupOrder).isInfinity)
    let cleared = Group.clearingCofactor(JacobianPoint(stray))
    #expect(!cleared.isInfinity && cleared.times(groupOrder).isInfinity)
    // A member and a part of small order: a subgroup attack.
    let small = JacobianPoint(stray).times(groupOrder)
    if let mixed = (JacobianPoint(member) + small).affine { #expect(!Group.contains(mixed)) }
    if let small = small.affine { #expect(small.isOnCurve && !Group.contains(small)) }
  }

  @Test(arguments: UInt64(0)..<8)
  func `points add up as numbers do`(seed: UInt64) {
    adds(G1.self, seed)
    adds(G2.self, seed)
  }

  private func adds<Group: CurveGroup>(_ group: Group.Type, _ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let (p, q) = (AffinePoint<Group>.onCurve(&random), AffinePoint<Group>.onCurve(&random))
    let (a, b) = (JacobianPoint(p), JacobianPoint(q).doubled())
    #expect((a + b).equals(b + a) && (b + a).equals(b + p))
    #expect((a + a).equals(a.doubled()) && (a + p).equals(a.doubled()) && (b + b).equals(b.doubled()))
    #expect((a + -a).isInfinity && (a + -p).isInfinity && (a + .infinity).equals(a) && (.infinity + p).equals(a))
    #expect((JacobianPoint<Group>.infinity + a).equals(a) && JacobianPoint<Group>.infinity.doubled().isInfinity)
    #expect(((a + b) + a).equals(a.doubled() + b) && a.times([0]).isInfinity && a.times([5]).equals(a.times([0, 5])))
    #expect(a.times([7]).equals(a.times([3]) + a.times([4])) && !a.equals(b) && !a.equals(.infinity))
    #expect((a + b).affine?.isOnCurve == true && JacobianPoint<Group>.infinity.affine == nil)
  }

  @Test func `every bit of a compressed point matters`() throws {
    var random = SplitMix64(seed: 1)
    let point = AffinePoint<G1>.inGroup(&random)
    let bytes = point.compressed
    #expect(try AffinePoint<G1>(compressed: bytes) == point)
    #expect(try AffinePoint<G1>(compressed: (-point).compressed) == -point)
    for bit in stride(from: 0, to: 384, by: 5) where bit != 5 {
      var changed = bytes
      changed[bit / 8] ^= 0x80 >> UInt8(bit % 8)
      #expect(throws: CurveError.self) { try AffinePoint<G1>(compressed: changed) }
    }
  }
}
