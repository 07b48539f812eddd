package import Codecs

/// One version of one list as it was imported. Its canonical bytes are hashed and signed: it never changes.
package struct ListSnapshot: Hashable, Sendable {
  /// Which list: lower-case letters, digits and hyphens.
  package let name: String
  /// From 1, without a gap.
  package let number: UInt64
  /// What the source was, as `lists import --kind` names it.
  package let kind: String
  /// Milliseconds since 1970.
  package let importedAt: Int64
  /// As the publisher says; nil when neither the file nor the operator says.
  package let publishedAt: Int64?
  /// SHA-256 of the files, one after another.
  package let source: Hash32
  /// Content hash of the version before; zero for the first.
  package let previous: Hash32
  package let entries: [ListEntry]

  package init(
    name: String, number: UInt64, kind: String, importedAt: Int64, publishedAt: Int64?, source: Hash32,
    previous: Hash32, entries: [ListEntry]
  ) {
    self.name = name
    self.number = number
    self.kind = kind
    self.importedAt = importedAt
    self.publishedAt = publishedAt
    self.source = source
    self.previous = previous
    self.entries = entries
  }

  package static func isName(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
  }

  // MARK: Bytes

  private static let tag: StaticString = "almoner/list/1"

  package var bytes: [UInt8] {
    var out = CanonicalBytes.Writer(tag: ListSnapshot.tag)
    out.append(name)
    out.append(number)
    out.append(kind)
    out.append(importedAt)
    out.append(optional: publishedAt) { $0.append($1) }
    out.append(source)
    out.append(previous)
    out.appendCount(entries.count)
    for entry in entries { entry.write(&out) }
    return out.bytes
  }

  /// Throws `lists.changed` for anything that `bytes` does not write.
  package init(bytes: [UInt8]) throws(ListError) {
    do throws(CanonicalBytesError) {
      var reader = try CanonicalBytes.Reader(bytes, tag: ListSnapshot.tag)
      name = try reader.string()
      number = try reader.uint64()
      kind = try reader.string()
      importedAt = try reader.int64()
      publishedAt = try reader.optional { reader throws(CanonicalBytesError) in try reader.int64() }
      source = try reader.hash()
      previous = try reader.hash()
      var entries: [ListEntry] = []
      let count = try reader.count(elementBytes: 21)
      entries.reserveCapacity(count)
      for _ in 0..<count { entries.append(try ListEntry(&reader)) }
      self.entries = entries
      try reader.finish()
    } catch {
      throw ListError(.changed, "a list's bytes are not a list: \(error.message)")
    }
  }
}

extension ListEntry {
  fileprivate func write(_ out: inout CanonicalBytes.Writer) {
    out.append(id)
    out.append(kind.rawValue)
    out.appendCount(names.count)
    for name in names {
      out.append(name.kind.rawValue)
      out.append(name.text)
    }
    out.appendCount(addresses.count)
    for address in addresses {
      out.append(address.asset)
      out.append(address.text)
    }
    for texts in [programs, birthDates] {
      out.appendCount(texts.count)
      for text in texts { out.append(text) }
    }
  }

  fileprivate init(_ reader: inout CanonicalBytes.Reader) throws(CanonicalBytesError) {
    let id = try reader.string()
    let kind = try ListEntry.known(Kind(rawValue: try reader.string()))
    var names: [Name] = []
    for _ in 0..<(try reader.count(elementBytes: 8)) {
      names.append(Name(try ListEntry.known(Name.Kind(rawValue: try reader.string())), try reader.string()))
    }
    var addresses: [DigitalAddress] = []
    for _ in 0..<(try reader.count(elementBytes: 8)) {
      addresses.append(DigitalAddress(asset: try reader.string(), text: try reader.string()))
    }
    let programs = try ListEntry.texts(&reader)
    let birthDates = try ListEntry.texts(&reader)
    self.init(id: id, kind: kind, names: names, addresses: addresses, programs: programs, birthDates: birthDates)
  }

  private static func known<Value>(_ value: Value?) throws(CanonicalBytesError) -> Value {
    guard let value else { throw CanonicalBytesError(.badValue, "a kind that is not known") }
    return value
  }

  private static func texts(_ reader: inout CanonicalBytes.Reader) throws(CanonicalBytesError) -> [String] {
    var out: [String] = []
    for _ in 0..<(try reader.count(elementBytes: 4)) { out.append(try reader.string()) }
    return out
  }
}
