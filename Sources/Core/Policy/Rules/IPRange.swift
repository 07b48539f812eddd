/// An address of the internet protocol, version 4 or 6, as 16 bytes; version 4 is mapped (`::ffff:a.b.c.d`, RFC 4291).
package struct IPAddress: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  /// Nil for anything but the plain forms: no zone, no port, no leading zeros in version 4.
  package init?(_ text: String) {
    guard text.utf8.count <= 45 else { return nil }
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let groups = IPAddress.groups(text) else { return nil }
      high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
      low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
    } else {
      guard let four = IPAddress.version4(text[...]) else { return nil }
      high = 0
      low = 0xffff_0000_0000 | UInt64(four)
    }
  }

  private static func version4(_ text: Substring) -> UInt32? {
    var value: UInt32 = 0
    var part: UInt32 = 0
    var digits = 0
    var dots = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: ".") {
        guard digits > 0, dots < 3 else { return nil }
        value = value << 8 | part
        (part, digits, dots) = (0, 0, dots + 1)
      } else {
        // A second digit after a leading zero is refused, as a third that passes 255 is.
        guard (0x30...0x39).contains(byte), digits == 0 || part > 0 else { return nil }
        part = part * 10 + UInt32(byte - 0x30)
        digits += 1
        guard part <= 255 else { return nil }
      }
    }
    return dots == 3 && digits > 0 ? value << 8 | part : nil
  }

  private static func groups(_ text: String) -> [UInt16]? {
    let bytes = Array(text.utf8)
    let colon = UInt8(ascii: ":")
    guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon }) else {
      guard let all = list(bytes[...], mayEndInVersion4: true), all.count == 8 else { return nil }
      return all
    }
    guard let left = list(bytes[..<gap], mayEndInVersion4: false),
      let right = list(bytes[(gap + 2)...], mayEndInVersion4: true), left.count + right.count < 8
    else { return nil }
    return left + Array(repeating: 0, count: 8 - left.count - right.count) + right
  }

  /// Groups between single colons; none for no bytes.
  private static func list(_ bytes: ArraySlice<UInt8>, mayEndInVersion4: Bool) -> [UInt16]? {
    guard !bytes.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (place, part) in parts.enumerated() {
      let text = String(decoding: part, as: UTF8.self)
      if mayEndInVersion4, place == parts.count - 1, let four = version4(text[...]) {
        groups += [UInt16(truncatingIfNeeded: four >> 16), UInt16(truncatingIfNeeded: four)]
        continue
      }
      guard (1...4).contains(part.count), part.allSatisfy({ $0 != 0x2b && $0 != 0x2d }),
        let group = UInt16(text, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups.count <= 8 ? groups : nil
  }
}

/// A range of addresses, `10.0.0.0/8` or `2001:db8::/32`; an address alone is a range of one.
package struct IPRange: Hashable, Sendable {
  private let base: IPAddress
  /// Of 128.
  private let bits: Int

  /// Nil for a text that is no range, or whose base has bits below its length.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let base = IPAddress(String(first)) else { return nil }
    let isVersion6 = first.contains(":")
    var bits = 128
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), (1...3).contains(parts[1].utf8.count),
        let given = Int(parts[1]), given <= (isVersion6 ? 128 : 32)
      else { return nil }
      bits = isVersion6 ? given : given + 96
    }
    self.base = base
    self.bits = bits
    guard base.high & ~mask.high == 0, base.low & ~mask.low == 0 else { return nil }
  }

  private var mask: (high: UInt64, low: UInt64) {
    (
      bits >= 64 ? .max : bits == 0 ? 0 : .max << UInt64(64 - bits),
      bits <= 64 ? 0 : bits >= 128 ? .max : .max << UInt64(128 - bits)
    )
  }

  package func contains(_ address: IPAddress) -> Bool {
    address.high & mask.high == base.high && address.low & mask.low == base.low
  }
}
