/// Moments as providers write them, in milliseconds since 1970.
enum Moment {
  /// RFC 3339, with any fraction and offset: `2026-01-03T08:01:00.5-06:00`. Nil for anything else.
  static func parse(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40, bytes[10] == UInt8(ascii: "T"),
      let day = ListDate.parse(iso: String(decoding: bytes[0..<10], as: UTF8.self)),
      let hours = two(bytes, 11), let minutes = two(bytes, 14), let seconds = two(bytes, 17), hours < 24, minutes < 60,
      seconds < 61
    else { return nil }
    var rest = bytes[19...]
    if rest.first == UInt8(ascii: ".") { rest = rest.dropFirst().drop { (0x30...0x39).contains($0) } }
    let moment = day + ((hours * 60 + minutes) * 60 + seconds) * 1_000
    if rest.elementsEqual([UInt8(ascii: "Z")]) { return moment }
    let zone = Array(rest)
    guard zone.count == 6, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"), let zoneHours = two(zone, 1),
      let zoneMinutes = two(zone, 4)
    else { return nil }
    let offset = (zoneHours * 60 + zoneMinutes) * 60_000
    return zone[0] == UInt8(ascii: "+") ? moment - offset : moment + offset
  }

  /// `20260103080100` at the beginning of a version. Nil for anything else.
  static func parse(version text: String) -> Int64? {
    let bytes = Array(text.utf8.prefix(14))
    guard bytes.count == 14, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    guard let day = ListDate.milliseconds(part(0..<4), part(4..<6), part(6..<8)), let hours = two(bytes, 8),
      let minutes = two(bytes, 10), let seconds = two(bytes, 12), hours < 24, minutes < 60, seconds < 61
    else { return nil }
    return day + ((hours * 60 + minutes) * 60 + seconds) * 1_000
  }

  private static func two(_ bytes: [UInt8], _ place: Int) -> Int64? {
    guard place + 1 < bytes.count, (0x30...0x39).contains(bytes[place]), (0x30...0x39).contains(bytes[place + 1])
    else { return nil }
    return Int64(bytes[place] - 0x30) * 10 + Int64(bytes[place + 1] - 0x30)
  }
}
