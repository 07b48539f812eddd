import OpenSSL

/// scrypt with r = 1, for parameters that OpenSSL refuses.
///
/// RFC 7914 asks for n < 2^(16 r), and OpenSSL holds to it. The published test vector of Web3 Secret Storage, and files made
/// after its example, have n = 2^18 with r = 1; other implementations open them. Only this corner is computed here.
enum SmallBlockScrypt {
  static func isNeeded(n: UInt64, r: UInt64) -> Bool { r == 1 && n >= 1 << 16 }

  /// 32 bytes. `n` is a power of two of at most 2^22, `p` at most 8; else throws `crypto.bad_parameters`.
  static func key(password: SecretBytes, salt: [UInt8], n: UInt64, p: UInt64) throws(CryptoError) -> SecretBytes {
    guard n > 1, n <= 1 << 22, n & (n - 1) == 0, (1...8).contains(p) else {
      throw CryptoError(.badParameters, "scrypt: with r = 1, n goes up to 2^22 and p to 8")
    }
    let start = try KeyDerivation.pbkdf2(password: password, salt: salt, rounds: 1, count: Int(p) * 128)
    var mixed: [UInt8] = []
    for part in 0..<Int(p) {
      let (low, high) = start.withBytes { bytes in (block(bytes, part * 128), block(bytes, part * 128 + 64)) }
      let out = mix(low, high, n: Int(n))
      append(out.low, to: &mixed)
      append(out.high, to: &mixed)
    }
    return try KeyDerivation.pbkdf2(password: password, salt: mixed, rounds: 1, count: 32)
  }

  /// scryptROMix over the two blocks of r = 1. Source: RFC 7914, sections 4 and 5.
  private static func mix(_ low: SalsaBlock, _ high: SalsaBlock, n: Int) -> (low: SalsaBlock, high: SalsaBlock) {
    var low = low
    var high = high
    var seen: [(SalsaBlock, SalsaBlock)] = []
    seen.reserveCapacity(n)
    for _ in 0..<n {
      seen.append((low, high))
      low = (low ^ high).mixed()
      high = (high ^ low).mixed()
    }
    for _ in 0..<n {
      let (a, b) = seen[Int(high.index) & (n - 1)]
      low = low ^ a
      high = high ^ b
      low = (low ^ high).mixed()
      high = (high ^ low).mixed()
    }
    return (low, high)
  }

  private static func block(_ bytes: Span<UInt8>, _ start: Int) -> SalsaBlock {
    func word(_ index: Int) -> UInt32 {
      let at = start + index * 4
      return UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }
    return SalsaBlock(
      x00: word(0), x01: word(1), x02: word(2), x03: word(3), x04: word(4), x05: word(5), x06: word(6), x07: word(7),
      x08: word(8), x09: word(9), x10: word(10), x11: word(11), x12: word(12), x13: word(13), x14: word(14),
      x15: word(15))
  }

  private static func append(_ block: SalsaBlock, to bytes: inout [UInt8]) {
    for word in [
      block.x00, block.x01, block.x02, block.x03, block.x04, block.x05, block.x06, block.x07, block.x08, block.x09,
      block.x10, block.x11, block.x12, block.x13, block.x14, block.x15,
    ] {
      for shift: UInt32 in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
  }
}
