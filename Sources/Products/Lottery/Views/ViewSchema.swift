package import Codecs

/// The shape of the views' JSON: fields of every record, and a check of whole documents.
///
/// All fields are required and no others are allowed; a boolean is not an integer. Version 1.0.N writes 64-bit numbers as
/// JSON numbers, which readers with floating point cannot hold; version 2.0.N writes them as decimal text (GAP 6).
/// Source: spec of the operator tools, section 4.
package struct ViewSchema: Hashable, Sendable {
  /// How 64-bit numbers are written.
  package enum Major: Int, CaseIterable, Sendable {
    case one = 1
    case two = 2
  }

  package indirect enum Kind: Hashable, Sendable {
    case text
    case boolean
    /// `0x` and any number of hex digits.
    case hexBytes
    /// Any 64-bit number.
    case u64
    /// A number that every reader can hold.
    case integer(max: UInt64)
    case list(Kind)
    case orNull(Kind)
    case record(String)
  }

  package struct Field: Hashable, Sendable {
    package let name: String
    package let kind: Kind

    package init(_ name: String, _ kind: Kind) {
      self.name = name
      self.kind = kind
    }
  }

  package let records: [String: [Field]]
  package let views: [String: Kind]

  package init(records: [String: [Field]], views: [String: Kind]) {
    self.records = records
    self.views = views
  }
}

// MARK: Checking

extension ViewSchema {
  /// What is wrong with a document; empty when nothing is. One sentence each, led by the place.
  package func problems(in document: JSON) -> [String] {
    guard let object = document.object else { return ["the document is no object"] }
    var problems = object.keys.filter { $0 != "info" && $0 != "views" }.map { "\($0): unknown key" }
    guard let info = object["info"]?.object else { return problems + ["info: missing"] }
    problems += info.keys.filter { $0 != "version" && $0 != "updated_at" }.map { "info.\($0): unknown key" }
    guard let major = info["version"]?.string.flatMap(ViewSchema.major) else {
      return problems + ["info.version: not 1.0.N or 2.0.N"]
    }
    if let date = info["updated_at"], !(date.string.map(ViewSchema.isDate) ?? false) {
      problems.append("info.updated_at: not 20YY-MM-DD")
    }
    guard let given = object["views"] else { return problems }
    guard let members = given.object?.members else { return problems + ["views: no object"] }
    for member in members {
      guard let kind = views[member.key] else {
        problems.append("views.\(member.key): unknown view")
        continue
      }
      problems += self.problems(of: member.value, kind, at: "views.\(member.key)", major)
    }
    return problems
  }

  private func problems(of value: JSON, _ kind: Kind, at place: String, _ major: Major) -> [String] {
    switch kind {
    case .text: return value.string == nil ? ["\(place): no text"] : []
    case .boolean: return value.bool == nil ? ["\(place): no boolean"] : []
    case .hexBytes: return value.string.map(ViewSchema.isHex) ?? false ? [] : ["\(place): no hex bytes"]
    case .u64:
      let digits = major == .one ? value.number : value.string
      return digits.map(ViewSchema.isWhole) ?? false ? [] : ["\(place): no 64-bit number of this version"]
    case .integer(let max):
      return value.uint64.map { $0 <= max } ?? false ? [] : ["\(place): no whole number up to \(max)"]
    case .orNull(let inner): return value.isNull ? [] : problems(of: value, inner, at: place, major)
    case .list(let inner):
      guard let elements = value.array else { return ["\(place): no list"] }
      return elements.enumerated().flatMap { problems(of: $1, inner, at: "\(place)[\($0)]", major) }
    case .record(let name): return problems(of: value, record: name, at: place, major)
    }
  }

  private func problems(of value: JSON, record name: String, at place: String, _ major: Major) -> [String] {
    guard let fields = records[name] else { return ["\(place): the record \(name) is not described"] }
    guard let object = value.object else { return ["\(place): no object"] }
    let known = Set(fields.map(\.name))
    var problems = object.keys.filter { !known.contains($0) }.map { "\(place).\($0): unknown key" }
    for field in fields {
      guard let inner = object[field.name] else {
        problems.append("\(place).\(field.name): missing")
        continue
      }
      problems += self.problems(of: inner, field.kind, at: "\(place).\(field.name)", major)
    }
    return problems
  }

  // MARK: Text forms

  private static func major(of version: String) -> Major? {
    let parts = version.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1] == "0", isDigits(parts[2]) else { return nil }
    return Major.allCases.first { "\($0.rawValue)" == parts[0] }
  }

  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2], parts[0].hasPrefix("20") else { return false }
    return parts.allSatisfy(isDigits)
  }

  private static func isHex(_ text: String) -> Bool {
    text.hasPrefix("0x") && text.utf8.dropFirst(2).allSatisfy { Hex.value(ofDigit: $0) != nil }
  }

  /// A whole number that fits 64 bits.
  private static func isWhole(_ text: String) -> Bool { isDigits(text[...]) && UInt64(text) != nil }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }
}
