import Codecs
import Curves
import Testing
import TestSupport

@Suite("The pairing of BLS12-381")
struct PairingTests {
  @Test(arguments: UInt64(0)..<3)
  func `factors move from one side to the other, and nothing else makes one`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (p, q) = (AffinePoint<G1>.inGroup(&random), AffinePoint<G2>.inGroup(&random))
    let factor = [random.next(), random.next()]
    let pf = try #require(JacobianPoint(p).times(factor).affine)
    let qf = try #require(JacobianPoint(q).times(factor).affine)
    let (plain, moved) = (PreparedG2(q), PreparedG2(qf))
    #expect(Pairing.productIsOne([.init(pf, plain), .init(-p, moved)]))
    #expect(!Pairing.productIsOne([.init(pf, plain), .init(p, moved)]))
    #expect(!Pairing.productIsOne([.init(p, plain), .init(-p, moved)]))
    #expect(!Pairing.productIsOne([.init(p, plain)]))
    // Three terms: e(p, q)^2 = e(2p, q).
    let double = try #require(JacobianPoint(p).doubled().affine)
    #expect(Pairing.productIsOne([.init(p, plain), .init(p, plain), .init(-double, plain)]))
    #expect(Pairing.productIsOne([.init(p, PreparedG2(-q)), .init(p, plain)]) && Pairing.productIsOne([]))
  }

  @Test func `a tag of more than 255 bytes is hashed first`() throws {
    let tag = [UInt8](repeating: 0x54, count: 256)
    let short = OpenSSLSHA256().sha256(Array("H2C-OVERSIZE-DST-".utf8) + tag).bytes
    let points = [tag, short].map { HashToCurve.point(of: [1], tag: $0, in: G1.self, with: OpenSSLSHA256()) }
    #expect(points[0] != nil && points[0] == points[1])
    #expect(points[0] != HashToCurve.point(of: [1], tag: Array(tag.dropLast()), in: G1.self, with: OpenSSLSHA256()))
  }
}
