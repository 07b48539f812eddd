/// Points with coordinates in the base field: y^2 = x^3 + 4. Quicknet's signatures, the default chain's key.
package enum G1: CurveGroup {
  package static var name: StaticString { "G1" }
  package static let b = Fp(4)
  package static let generator = AffinePoint<G1>(
    x: Fp(hex: "17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"),
    y: Fp(hex: "08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1"))

  /// A cube root of one: (beta*x, y) is the multiple of (x, y) by minus the parameter's square, in the group only.
  private static let beta = Fp(
    hex: "5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe")

  /// Source: M. Scott, ePrint 2021/1130, section 6.
  package static func contains(_ point: AffinePoint<G1>) -> Bool {
    let multiple = JacobianPoint(point).timesParameter().timesParameter()
    return (-multiple).equals(JacobianPoint(x: point.x * beta, y: point.y, z: .one))
  }

  /// `h_eff` is one minus the parameter.
  package static func clearingCofactor(_ point: JacobianPoint<G1>) -> JacobianPoint<G1> {
    point.timesParameter() + point
  }
}
