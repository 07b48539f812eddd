/// A sum of products under way, reduced word by word.
///
/// After every word of the right factors all products of that word are added and one multiple of `p` makes the lowest
/// word zero. With k products of factors below p the result is below p + k*p*p/2^384, so below 2p for k up to 6:
/// one subtraction is enough. Source: Montgomery's method by words (CIOS), and P. Longa, ePrint 2022/367, for the sums.
struct Accumulator {
  private var t0: UInt64 = 0
  private var t1: UInt64 = 0
  private var t2: UInt64 = 0
  private var t3: UInt64 = 0
  private var t4: UInt64 = 0
  private var t5: UInt64 = 0
  private var t6: UInt64 = 0

  @inline(__always) init() {}

  @inline(__always)
  mutating func add(_ a: Fp, times b: UInt64) {
    var carry: UInt64
    (t0, carry) = Word.multiply(a.l0, b, t0, 0)
    (t1, carry) = Word.multiply(a.l1, b, t1, carry)
    (t2, carry) = Word.multiply(a.l2, b, t2, carry)
    (t3, carry) = Word.multiply(a.l3, b, t3, carry)
    (t4, carry) = Word.multiply(a.l4, b, t4, carry)
    (t5, carry) = Word.multiply(a.l5, b, t5, carry)
    t6 = t6 &+ carry
  }

  @inline(__always)
  mutating func reduce() {
    let m = t0 &* Fp.inverseOfP
    var carry: UInt64
    (_, carry) = Word.multiply(m, Fp.p0, t0, 0)
    (t0, carry) = Word.multiply(m, Fp.p1, t1, carry)
    (t1, carry) = Word.multiply(m, Fp.p2, t2, carry)
    (t2, carry) = Word.multiply(m, Fp.p3, t3, carry)
    (t3, carry) = Word.multiply(m, Fp.p4, t4, carry)
    (t4, carry) = Word.multiply(m, Fp.p5, t5, carry)
    t5 = t6 &+ carry
    t6 = 0
  }

  @inline(__always)
  var value: Fp { Fp(words: t0, t1, t2, t3, t4, t5) }
}

extension Fp {
  @inline(__always)
  package static func * (a: Fp, b: Fp) -> Fp {
    var sum = Accumulator()
    sum.add(a, times: b.l0)
    sum.reduce()
    sum.add(a, times: b.l1)
    sum.reduce()
    sum.add(a, times: b.l2)
    sum.reduce()
    sum.add(a, times: b.l3)
    sum.reduce()
    sum.add(a, times: b.l4)
    sum.reduce()
    sum.add(a, times: b.l5)
    sum.reduce()
    return sum.value.reduced()
  }

  /// `a*b + c*d` with one reduction. One factor of each product may be as large as 2p.
  @inline(__always)
  static func sum(_ a: Fp, _ b: Fp, _ c: Fp, _ d: Fp) -> Fp {
    var sum = Accumulator()
    sum.add(a, times: b.l0)
    sum.add(c, times: d.l0)
    sum.reduce()
    sum.add(a, times: b.l1)
    sum.add(c, times: d.l1)
    sum.reduce()
    sum.add(a, times: b.l2)
    sum.add(c, times: d.l2)
    sum.reduce()
    sum.add(a, times: b.l3)
    sum.add(c, times: d.l3)
    sum.reduce()
    sum.add(a, times: b.l4)
    sum.add(c, times: d.l4)
    sum.reduce()
    sum.add(a, times: b.l5)
    sum.add(c, times: d.l5)
    sum.reduce()
    return sum.value.reduced()
  }

  @inline(__always)
  package func squared() -> Fp { self * self }
}
