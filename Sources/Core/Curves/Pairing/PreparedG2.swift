/// A point of G2 with all the lines of its Miller loop: half of the work of a pairing, done once per key.
///
/// A line through points of the twisted curve with slope s is, at (x, y) of G1 and up to factors that the final
/// exponentiation takes away, `a/y + b*(x/y)*v + v*w` with b = -s and a = s*x' - y' for a point (x', y') on it.
package struct PreparedG2: Sendable {
  struct Line: Sendable {
    let a, b: Fp2
  }

  /// In the order of the loop: for each bit a tangent, and for a bit that is set a line through the point itself.
  let lines: [Line]

  package init(_ point: AffinePoint<G2>) {
    var steps = LineSteps(point)
    var open: [OpenLine] = []
    open.reserveCapacity(MillerLoop.lineCount)
    for bit in MillerLoop.bits {
      open.append(steps.double())
      if bit { open.append(steps.add(point)) }
    }
    lines = PreparedG2.divided(open)
  }

  /// Divides each line by its last coefficient, with one inversion for all (Montgomery's trick).
  private static func divided(_ open: [OpenLine]) -> [Line] {
    var products: [Fp2] = []
    products.reserveCapacity(open.count)
    var product = Fp2.one
    for line in open {
      products.append(product)
      product = product * line.last
    }
    var inverse = product.inverse()
    var lines: [Line] = []
    lines.reserveCapacity(open.count)
    for (line, before) in zip(open, products).reversed() {
      let scale = inverse * before
      inverse = inverse * line.last
      lines.append(Line(a: line.first * scale, b: line.second * scale))
    }
    return lines.reversed()
  }
}

/// `first + second*x*v + last*y*v*w`.
struct OpenLine {
  let first, second, last: Fp2
}

/// The point that walks through the loop, as (x/z, y/z), so that no step inverts.
/// Source: Costello, Lange and Naehrig, ePrint 2009/615, section 4; here times four, which spares the halves.
private struct LineSteps {
  private var x, y, z: Fp2

  init(_ point: AffinePoint<G2>) { (x, y, z) = (point.x, point.y, .one) }

  mutating func double() -> OpenLine {
    let yy = y.squared()
    let zz = z.squared()
    // 3 * b' * z^2 with b' = 4 + 4u.
    let four = zz.timesNonResidue().doubled().doubled()
    let e = four.doubled() + four
    let f = e.doubled() + e
    let h = (y + z).squared() - yy - zz
    let xx = x.squared()
    let ee = e.squared().doubled().doubled()
    x = (x * y).doubled() * (yy - f)
    y = (yy + f).squared() - (ee.doubled() + ee)
    z = (yy * h).doubled().doubled()
    return OpenLine(first: e - yy, second: xx.doubled() + xx, last: -h)
  }

  mutating func add(_ point: AffinePoint<G2>) -> OpenLine {
    let theta = y - point.y * z
    let lambda = x - point.x * z
    let square = lambda.squared()
    let cube = lambda * square
    let g = x * square
    let h = cube + z * theta.squared() - g.doubled()
    x = lambda * h
    y = theta * (g - h) - cube * y
    z = z * cube
    return OpenLine(first: theta * point.x - lambda * point.y, second: -theta, last: lambda)
  }
}
