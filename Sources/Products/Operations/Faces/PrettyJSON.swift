package import Codecs

/// JSON for people: two blanks for each level.
package enum PrettyJSON {
  package static func text(_ value: JSON) -> String { lines(value, indent: "") }

  private static func lines(_ value: JSON, indent: String) -> String {
    let inner = indent + "  "
    switch value {
    case .array(let elements) where !elements.isEmpty:
      return "[\n" + elements.map { inner + lines($0, indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let object) where !object.members.isEmpty:
      let members = object.members.map {
        "\(inner)\(JSON.string($0.key).text): \(lines($0.value, indent: inner))"
      }
      return "{\n" + members.joined(separator: ",\n") + "\n\(indent)}"
    case .null, .bool, .number, .string, .array, .object: return value.text
    }
  }
}
