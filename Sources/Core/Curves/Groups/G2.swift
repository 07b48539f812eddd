/// Points with coordinates in the quadratic extension: y^2 = x^3 + 4 + 4u. Quicknet's key, the default chain's signatures.
package enum G2: CurveGroup {
  package static var name: StaticString { "G2" }
  package static let b = Fp2(Fp(4), Fp(4))
  package static let generator = AffinePoint<G2>(
    x: Fp2(
      Fp(hex: "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"),
      Fp(hex: "13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e")),
    y: Fp2(
      Fp(hex: "0ce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801"),
      Fp(hex: "0606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79be")))

  /// 1/(1+u)^((p-1)/3): the twisted Frobenius multiplies x by it.
  private static let psiX = Fp2(
    .zero,
    Fp(hex: "1a0111ea397fe699ec02408663d4de85aa0d857d89759ad4897d29650fb85f9b409427eb4f49fffd8bfd00000000aaad"))
  /// 1/(1+u)^((p-1)/2): the twisted Frobenius multiplies y by it.
  private static let psiY = Fp2(
    Fp(hex: "135203e60180a68ee2e9c448d77a2cd91c3dedd930b1cf60ef396489f61eb45e304466cf3e67fa0af1ee7b04121bdea2"),
    Fp(hex: "06af0e0437ff400b6831e36d6bd17ffe48395dabc2d3435e77f76e17009241c5ee67992f72ec05f4c81084fbede3cc09"))

  /// The Frobenius map carried over from the curve above: on the group, the multiple by the parameter.
  static func psi(_ point: JacobianPoint<G2>) -> JacobianPoint<G2> {
    JacobianPoint(x: point.x.conjugate() * psiX, y: point.y.conjugate() * psiY, z: point.z.conjugate())
  }

  /// Source: M. Scott, ePrint 2021/1130, section 4.
  package static func contains(_ point: AffinePoint<G2>) -> Bool {
    let point = JacobianPoint(point)
    return (-point.timesParameter()).equals(psi(point))
  }

  /// With t the parameter: (t^2 - t - 1) P + (t - 1) psi(P) + psi(psi(2P)), which is `h_eff` P.
  /// Source: RFC 9380, G.3; Budroni and Pintore, ePrint 2017/419.
  package static func clearingCofactor(_ point: JacobianPoint<G2>) -> JacobianPoint<G2> {
    let once = -point.timesParameter()
    let image = psi(point)
    // t(tP + psi(P)) - tP - P - psi(P) + psi(psi(2P))
    let twice = -(once + image).timesParameter()
    return twice + -once + -point + -image + psi(psi(point.doubled()))
  }
}
