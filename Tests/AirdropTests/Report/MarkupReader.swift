/// A strict reader of well-formed markup: everything closed, quoted and escaped, or an error that says where.
struct MarkupReader {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// Names of the elements around it, outermost first.
    let path: [String]
  }
  struct Malformed: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var elements: [Element] = []
  /// Text outside of `style`, entities resolved.
  private(set) var text = ""
  private let scalars: [Unicode.Scalar]
  private var index = 0

  static func read(_ page: String) throws -> MarkupReader {
    var reader = MarkupReader(page)
    try reader.document()
    return reader
  }

  private init(_ page: String) { scalars = Array(page.unicodeScalars) }

  private mutating func document() throws {
    guard take("<!DOCTYPE html>") else { throw fault("no doctype") }
    var open: [String] = []
    while index < scalars.count {
      if take("</") {
        let name = word()
        guard open.popLast() == name, take(">") else { throw fault("</\(name)> closes nothing") }
      } else if take("<") {
        let name = word()
        let attributes = try self.attributes()
        elements.append(Element(name: name, attributes: attributes, path: open))
        if take("/>") { continue }
        guard take(">") else { throw fault("<\(name) does not end") }
        open.append(name)
      } else {
        let isStyle = open.last == "style"
        let part = try characters(until: "<", raw: isStyle)
        if open.isEmpty, !part.allSatisfy(\.isWhitespace) { throw fault("text outside of the page") }
        if !isStyle { text += part }
      }
    }
    guard open.isEmpty else { throw fault("\(open) never closed") }
  }

  private mutating func attributes() throws -> [String: String] {
    var found: [String: String] = [:]
    while index < scalars.count, scalars[index].properties.isWhitespace {
      index += 1
      let name = word()
      guard !name.isEmpty, take("=\"") else { throw fault("attribute \(name) has no quoted value") }
      let value = try characters(until: "\"", raw: false)
      index += 1
      guard found.updateValue(value, forKey: name) == nil else { throw fault("attribute \(name) twice") }
    }
    return found
  }

  private mutating func characters(until end: Unicode.Scalar, raw: Bool) throws -> String {
    var out = String.UnicodeScalarView()
    while index < scalars.count, scalars[index] != end {
      let scalar = scalars[index]
      switch scalar {
      case "&" where !raw:
        let entities: KeyValuePairs<String, Unicode.Scalar> = [
          "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'",
        ]
        guard let known = entities.first(where: { take($0.key) }) else { throw fault("a bare ampersand") }
        out.append(known.value)
        continue
      case "<" where !raw, ">" where !raw: throw fault("a bare \(scalar)")
      case "\n": break
      default:
        guard scalar.properties.generalCategory != .control, scalar.properties.generalCategory != .format else {
          throw fault("character \(scalar.value)")
        }
      }
      out.append(scalar)
      index += 1
    }
    return String(out)
  }

  private mutating func word() -> String {
    var out = String.UnicodeScalarView()
    while index < scalars.count,
      scalars[index].properties.isAlphabetic || scalars[index] == "-" || ("0"..."9").contains(scalars[index])
    {
      out.append(scalars[index])
      index += 1
    }
    return String(out)
  }

  private mutating func take(_ literal: String) -> Bool {
    let wanted = Array(literal.unicodeScalars)
    guard index + wanted.count <= scalars.count, Array(scalars[index..<index + wanted.count]) == wanted else {
      return false
    }
    index += wanted.count
    return true
  }

  private func fault(_ what: String) -> Malformed {
    let around = String(String.UnicodeScalarView(scalars[max(0, index - 60)..<min(scalars.count, index + 20)]))
    return Malformed(description: "\(what) at \(index): \(around)")
  }
}
