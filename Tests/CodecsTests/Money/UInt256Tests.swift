import Money
import TestSupport
import Testing

@Suite("256-bit numbers")
struct UInt256Tests {
  /// Numbers of all widths: uniform ones would almost never be small.
  static func number(_ random: inout SplitMix64) -> UInt256 {
    var limbs = (random.next(), random.next(), random.next(), random.next())
    let width = Int.random(in: 0...256, using: &random)
    limbs.3 = width > 192 ? limbs.3 >> UInt64(256 - width) : 0
    limbs.2 = width > 192 ? limbs.2 : width > 128 ? limbs.2 >> UInt64(192 - width) : 0
    limbs.1 = width > 128 ? limbs.1 : width > 64 ? limbs.1 >> UInt64(128 - width) : 0
    limbs.0 = width > 64 ? limbs.0 : width > 0 ? limbs.0 >> UInt64(64 - width) : 0
    return UInt256(limbs: limbs)
  }

  /// School multiplication on bytes: slow, and shares nothing with the code under test.
  static func model(_ a: UInt256, times b: UInt256) -> (low: UInt256?, overflow: Bool) {
    let (a, b) = (Array(a.bigEndianBytes.reversed()), Array(b.bigEndianBytes.reversed()))
    var digits = [UInt32](repeating: 0, count: 65)
    for i in 0..<32 {
      for j in 0..<32 {
        var place = i + j
        var carry = UInt32(a[i]) * UInt32(b[j])
        while carry > 0 {
          carry += digits[place]
          digits[place] = carry & 0xff
          carry >>= 8
          place += 1
        }
      }
    }
    let low = UInt256(bigEndian: digits.prefix(32).reversed().map { UInt8($0) })
    return (low, digits.dropFirst(32).contains { $0 != 0 })
  }

  @Test(arguments: UInt64(0)..<40)
  func `products equal those of school multiplication`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let (a, b) = (UInt256Tests.number(&random), UInt256Tests.number(&random))
      let expected = UInt256Tests.model(a, times: b)
      let product = a.multipliedReportingOverflow(by: b)
      #expect(product.partialValue == expected.low && product.overflow == expected.overflow, "\(a) * \(b)")
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func `a sum less one term is the other, and overflow is a sum below its terms`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let (a, b) = (UInt256Tests.number(&random), UInt256Tests.number(&random))
      let (sum, overflow) = a.addingReportingOverflow(b)
      #expect(overflow == (sum < a))
      let (back, borrow) = sum.subtractingReportingOverflow(b)
      #expect(back == a && borrow == overflow)
      #expect((a < b) == a.subtractingReportingOverflow(b).overflow)
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func `quotient times divisor plus remainder is the number`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let a = UInt256Tests.number(&random)
      let divisor = max(1, random.next() >> UInt64.random(in: 0..<64, using: &random))
      let (quotient, remainder) = try #require(a.quotientAndRemainder(dividingBy: divisor))
      #expect(remainder < divisor)
      #expect(try quotient.multiplied(by: UInt256(divisor)).adding(UInt256(remainder)) == a)
    }
    #expect(UInt256.one.quotientAndRemainder(dividingBy: 0) == nil)
  }

  @Test(arguments: UInt64(0)..<40)
  func `decimal text and bytes read back as the same number`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let a = UInt256Tests.number(&random)
      #expect(try UInt256(decimal: a.description) == a)
      #expect(try UInt256(decimal: "000" + a.description) == a)
      #expect(UInt256(bigEndian: a.bigEndianBytes) == a && UInt256(bigEndian: a.bigEndianBytes.span) == a)
      let minimal = a.minimalBigEndianBytes
      #expect(minimal.first != 0 && minimal.count == (a.bitWidth + 7) / 8 && UInt256(bigEndian: minimal) == a)
    }
  }

  @Test func `the largest number has its 78 digits, and one more is overflow`() throws {
    let digits = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
    #expect(UInt256.max.description == digits)
    #expect(try UInt256(decimal: digits) == .max)
    for tooLarge in [digits.dropLast() + "6", digits + "0", "1" + String(repeating: "0", count: 78)] {
      #expect { try UInt256(decimal: String(tooLarge)) } throws: { ($0 as? MoneyError)?.code == .overflow }
    }
    #expect { try UInt256.max.adding(.one) } throws: { ($0 as? MoneyError)?.code == .overflow }
    #expect { try UInt256.zero.subtracting(.one) } throws: { ($0 as? MoneyError)?.code == .underflow }
    #expect { try UInt256.max.multiplied(by: UInt256(2)) } throws: { ($0 as? MoneyError)?.code == .overflow }
    #expect(UInt256(bigEndian: [UInt8](repeating: 0, count: 33)) == nil)
  }

  @Test(arguments: ["", " 1", "1 ", "-1", "+1", "1.0", "1e3", "0x10", "1_000", ":", "/", "１", "1\u{0}"])
  func `text that is no plain number is refused`(text: String) {
    #expect { try UInt256(decimal: text) } throws: { ($0 as? MoneyError)?.code == .badNumber }
  }

  @Test func `a product that overflows by its last carry alone is found`() {
    let threeTimesThisIsJustTooMuch = UInt256(limbs: (.max, .max, .max, .max / 3))
    for factor in [UInt256(3), UInt256(limbs: (3, 1, 0, 0))] {
      #expect(threeTimesThisIsJustTooMuch.multipliedReportingOverflow(by: factor).overflow)
      #expect(factor.multipliedReportingOverflow(by: threeTimesThisIsJustTooMuch).overflow)
    }
    let third = UInt256(limbs: (.max / 3, .max / 3, .max / 3, .max / 3))
    #expect(third.multipliedReportingOverflow(by: UInt256(3)) == (.max, false))
  }

  @Test func `group borders of nineteen digits are read and written whole`() throws {
    for digits in [18, 19, 20, 37, 38, 39, 57, 58] {
      for digit in ["1", "9"] {
        let text = digit + String(repeating: "0", count: digits - 1)
        #expect(try UInt256(decimal: text).description == text)
      }
    }
  }
}
