import Codecs
package import Policy

/// Lists without structure: one address or name a line, or a JSON array of texts.
package enum PlainLists {
  private static let mostLines = 5_000_000

  /// Reads addresses. `asset` is what they are listed for, `*` when nobody says. Throws `lists.bad_file` naming the line.
  package static func addresses(_ bytes: [UInt8], asset: String) throws(ListError) -> [ListEntry] {
    var out: [ListEntry] = []
    for (place, text) in try texts(bytes) {
      do { _ = try AddressKey(text) } catch {
        throw ListError(.badFile, "\(place) is no address: \(error.message)")
      }
      let address = ListEntry.DigitalAddress(asset: asset, text: text)
      out.append(ListEntry(id: text, kind: .unknown, names: [], addresses: [address]))
    }
    return out
  }

  /// Reads names. Throws `lists.bad_file` naming the line.
  package static func names(_ bytes: [UInt8]) throws(ListError) -> [ListEntry] {
    var out: [ListEntry] = []
    for (place, text) in try texts(bytes) {
      do { _ = try NameText(text) } catch { throw ListError(.badFile, "\(place) is no name: \(error.message)") }
      out.append(ListEntry(id: text, kind: .unknown, names: [.init(.primary, text)]))
    }
    return out
  }

  /// The asset of `sanctioned_addresses_ETH.txt`; nil when the name does not say one.
  package static func asset(ofFileNamed name: String) -> String? {
    let stem = name.split(separator: ".").first ?? ""
    guard let last = stem.split(separator: "_").last, stem.hasPrefix("sanctioned_addresses_"),
      (1...10).contains(last.utf8.count),
      last.utf8.allSatisfy({ (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) })
    else { return nil }
    return String(last)
  }

  private static func texts(_ bytes: [UInt8]) throws(ListError) -> [(place: String, text: String)] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ListError(.badFile, "the file is not UTF-8")
    }
    if text.utf8.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") { return try array(bytes) }
    var out: [(String, String)] = []
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{feff}" }
      guard !trimmed.isEmpty, !trimmed.hasPrefix("#") else { continue }
      guard out.count < mostLines else { throw ListError(.tooLarge, "the file has more than \(mostLines) lines") }
      var end = trimmed
      while let last = end.last, last == " " || last == "\t" { end.removeLast() }
      out.append(("line \(number + 1)", String(end)))
    }
    return out
  }

  private static func array(_ bytes: [UInt8]) throws(ListError) -> [(place: String, text: String)] {
    let json: JSON
    do throws(JSONError) { json = try JSON.parse(bytes, limits: JSON.Limits(bytes: 256 << 20, depth: 2)) } catch {
      throw ListError(.badFile, "the file is no JSON array: \(error.message), at byte \(error.offset)")
    }
    var out: [(String, String)] = []
    for (index, element) in (json.array ?? []).enumerated() {
      guard let text = element.string else { throw ListError(.badFile, "element \(index) of the array is no text") }
      out.append(("element \(index)", text))
    }
    return out
  }
}
