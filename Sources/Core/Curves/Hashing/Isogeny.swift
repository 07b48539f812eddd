/// The curve y^2 = x^3 + ax + b that hashing lands on, and the map from it to the curve of the group.
///
/// Coefficients start with the constant one. Source: RFC 9380, 8.8 and appendix E.
package struct Isogeny<Field: CurveField>: Sendable {
  let a: Field
  let b: Field
  /// `Z` of the simplified SWU map.
  let z: Field
  let xNumerator: [Field]
  let xDenominator: [Field]
  let yNumerator: [Field]
  let yDenominator: [Field]

  /// The simplified Shallue-van de Woestijne-Ulas map, then the isogeny: RFC 9380, 6.6.2 and 6.6.3.
  func map<Group: CurveGroup>(_ u: Field) -> JacobianPoint<Group> where Group.Field == Field {
    let zuu = z * u.squared()
    let sum = zuu.squared() + zuu
    // x = (-b/a)(1 + 1/(z^2u^4 + zu^2)), and b/(za) where that has no value.
    let first = sum.isZero ? b * (z * a).inverse() : b * (sum + .one) * -(a * sum).inverse()
    let image = (first.squared() + a) * first + b
    let root = image.squareRoot()
    let x = root == nil ? zuu * first : first
    // One of the two candidates has a root: else neither z nor the curve would be what they are.
    guard let y = root ?? ((x.squared() + a) * x + b).squareRoot() else { return .infinity }
    return isogenous(x, y.isOdd == u.isOdd ? y : -y)
  }

  private func isogenous<Group: CurveGroup>(_ x: Field, _ y: Field) -> JacobianPoint<Group>
  where Group.Field == Field {
    // x = xN/xD and y = y*yN/yD, brought to z = xD*yD; a zero of either denominator is the neutral point.
    let xD = evaluate(xDenominator, x)
    let yD = evaluate(yDenominator, x)
    let newZ = xD * yD
    let square = newZ.squared()
    return JacobianPoint(
      x: evaluate(xNumerator, x) * yD * newZ, y: y * evaluate(yNumerator, x) * xD * square, z: newZ)
  }

  private func evaluate(_ coefficients: [Field], _ x: Field) -> Field {
    var sum = Field.zero
    for coefficient in coefficients.reversed() { sum = sum * x + coefficient }
    return sum
  }
}
