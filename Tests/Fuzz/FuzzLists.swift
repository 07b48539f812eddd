import Codecs
import Expat
import Policy
import Screening

/// Lists of sanctioned parties, and names that are looked up in them.
enum FuzzLists {
  /// What is accepted as a list survives writing and reading, and cannot be larger than the document.
  static func document(_ input: [UInt8]) {
    var rest = input[...]
    let limits = XMLLimits(bytes: 1 << 20, depth: 16, textBytes: 4_096, attributes: 16, nameBytes: 64)
    guard
      let list = try? OFACDocument().read(
        limits: limits,
        { () throws(ListError) in
          defer { rest = rest.dropFirst(64) }
          return Array(rest.prefix(64))
        })
    else { return }
    promise(list.entries.count <= input.count / 8, "more entries than there is room for")
    snapshot(list.entries)
  }

  static func plain(_ input: [UInt8]) {
    if let entries = try? PlainLists.addresses(input, asset: "*") { snapshot(entries) }
    if let entries = try? PlainLists.names(input) {
      snapshot(entries)
      promise(entries.allSatisfy { (try? NameText($0.title)) != nil }, "a name that cannot be compared")
    }
  }

  /// A sealed version is read from a folder that anybody may have written to.
  static func version(_ input: [UInt8]) {
    guard let list = try? ListSnapshot(bytes: input) else { return }
    promise(list.bytes == input, "a version has two forms")
  }

  static func name(_ input: [UInt8]) {
    guard let text = String(validating: input, as: UTF8.self), let name = try? NameText(text) else { return }
    let query = NameQuery(name)
    promise(query.score(name) == NameQuery.most, "a name is not like itself")
    promise(NameIndex([name]).hits(query).first?.score == NameQuery.most, "a name is not found")
    if let other = try? NameText(String(text.unicodeScalars.reversed().map(Character.init))) {
      promise((0...NameQuery.most).contains(query.score(other)), "a score out of range")
    }
  }

  private static func snapshot(_ entries: [ListEntry]) {
    let list = ListSnapshot(
      name: "fuzz", number: 1, kind: "fuzz", importedAt: 0, publishedAt: nil, source: .zero, previous: .zero,
      entries: entries)
    promise((try? ListSnapshot(bytes: list.bytes)) == list, "a list changed on the way")
    _ = try? ListMatcher(list)
  }
}
