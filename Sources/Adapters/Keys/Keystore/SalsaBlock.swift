/// The 64 bytes that scrypt works on, as 16 little-endian words. Source: RFC 7914, section 3 (Salsa20/8 core).
struct SalsaBlock {
  var x00: UInt32 = 0
  var x01: UInt32 = 0
  var x02: UInt32 = 0
  var x03: UInt32 = 0
  var x04: UInt32 = 0
  var x05: UInt32 = 0
  var x06: UInt32 = 0
  var x07: UInt32 = 0
  var x08: UInt32 = 0
  var x09: UInt32 = 0
  var x10: UInt32 = 0
  var x11: UInt32 = 0
  var x12: UInt32 = 0
  var x13: UInt32 = 0
  var x14: UInt32 = 0
  var x15: UInt32 = 0

  /// The word that picks the next block to mix with (RFC 7914, section 5, Integerify).
  var index: UInt32 { x00 }

  static func ^ (a: SalsaBlock, b: SalsaBlock) -> SalsaBlock {
    var out = a
    out.x00 ^= b.x00
    out.x01 ^= b.x01
    out.x02 ^= b.x02
    out.x03 ^= b.x03
    out.x04 ^= b.x04
    out.x05 ^= b.x05
    out.x06 ^= b.x06
    out.x07 ^= b.x07
    out.x08 ^= b.x08
    out.x09 ^= b.x09
    out.x10 ^= b.x10
    out.x11 ^= b.x11
    out.x12 ^= b.x12
    out.x13 ^= b.x13
    out.x14 ^= b.x14
    out.x15 ^= b.x15
    return out
  }

  /// Eight rounds, and the block added to the result.
  func mixed() -> SalsaBlock {
    var x00 = x00
    var x01 = x01
    var x02 = x02
    var x03 = x03
    var x04 = x04
    var x05 = x05
    var x06 = x06
    var x07 = x07
    var x08 = x08
    var x09 = x09
    var x10 = x10
    var x11 = x11
    var x12 = x12
    var x13 = x13
    var x14 = x14
    var x15 = x15
    var sum: UInt32 = 0
    var round = 0
    while round < 4 {
      sum = x00 &+ x12
      x04 ^= sum &<< 7 | sum &>> 25
      sum = x04 &+ x00
      x08 ^= sum &<< 9 | sum &>> 23
      sum = x08 &+ x04
      x12 ^= sum &<< 13 | sum &>> 19
      sum = x12 &+ x08
      x00 ^= sum &<< 18 | sum &>> 14
      sum = x05 &+ x01
      x09 ^= sum &<< 7 | sum &>> 25
      sum = x09 &+ x05
      x13 ^= sum &<< 9 | sum &>> 23
      sum = x13 &+ x09
      x01 ^= sum &<< 13 | sum &>> 19
      sum = x01 &+ x13
      x05 ^= sum &<< 18 | sum &>> 14
      sum = x10 &+ x06
      x14 ^= sum &<< 7 | sum &>> 25
      sum = x14 &+ x10
      x02 ^= sum &<< 9 | sum &>> 23
      sum = x02 &+ x14
      x06 ^= sum &<< 13 | sum &>> 19
      sum = x06 &+ x02
      x10 ^= sum &<< 18 | sum &>> 14
      sum = x15 &+ x11
      x03 ^= sum &<< 7 | sum &>> 25
      sum = x03 &+ x15
      x07 ^= sum &<< 9 | sum &>> 23
      sum = x07 &+ x03
      x11 ^= sum &<< 13 | sum &>> 19
      sum = x11 &+ x07
      x15 ^= sum &<< 18 | sum &>> 14
      sum = x00 &+ x03
      x01 ^= sum &<< 7 | sum &>> 25
      sum = x01 &+ x00
      x02 ^= sum &<< 9 | sum &>> 23
      sum = x02 &+ x01
      x03 ^= sum &<< 13 | sum &>> 19
      sum = x03 &+ x02
      x00 ^= sum &<< 18 | sum &>> 14
      sum = x05 &+ x04
      x06 ^= sum &<< 7 | sum &>> 25
      sum = x06 &+ x05
      x07 ^= sum &<< 9 | sum &>> 23
      sum = x07 &+ x06
      x04 ^= sum &<< 13 | sum &>> 19
      sum = x04 &+ x07
      x05 ^= sum &<< 18 | sum &>> 14
      sum = x10 &+ x09
      x11 ^= sum &<< 7 | sum &>> 25
      sum = x11 &+ x10
      x08 ^= sum &<< 9 | sum &>> 23
      sum = x08 &+ x11
      x09 ^= sum &<< 13 | sum &>> 19
      sum = x09 &+ x08
      x10 ^= sum &<< 18 | sum &>> 14
      sum = x15 &+ x14
      x12 ^= sum &<< 7 | sum &>> 25
      sum = x12 &+ x15
      x13 ^= sum &<< 9 | sum &>> 23
      sum = x13 &+ x12
      x14 ^= sum &<< 13 | sum &>> 19
      sum = x14 &+ x13
      x15 ^= sum &<< 18 | sum &>> 14
      round += 1
    }
    var out = self
    out.x00 &+= x00
    out.x01 &+= x01
    out.x02 &+= x02
    out.x03 &+= x03
    out.x04 &+= x04
    out.x05 &+= x05
    out.x06 &+= x06
    out.x07 &+= x07
    out.x08 &+= x08
    out.x09 &+= x09
    out.x10 &+= x10
    out.x11 &+= x11
    out.x12 &+= x12
    out.x13 &+= x13
    out.x14 &+= x14
    out.x15 &+= x15
    return out
  }
}
