/// A JSON value, kept as it was written: numbers are text, and objects know the order of their members.
///
/// There is no floating point anywhere, so an amount that came as a number is exact or refused.
/// Source: RFC 8259.
package indirect enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number's text, in the grammar of RFC 8259: `-0.5e+3` stays so.
  case number(String)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

/// Members of an object, in the order they were written; no key twice.
package struct JSONObject: Equatable, Sendable {
  /// One `"key": value`.
  package struct Member: Equatable, Sendable {
    package let key: String
    package let value: JSON
  }

  package private(set) var members: [Member] = []
  /// Place of each key once there are more than a few; below that, looking along the members is faster.
  private var places: [String: Int] = [:]
  private static let mostWithoutPlaces = 8

  package init() {}

  /// Puts members together; throws `json.duplicate_key`.
  package init(_ members: some Sequence<(key: String, value: JSON)>) throws(JSONError) {
    for member in members {
      guard append(member.key, member.value) else {
        throw JSONError(.duplicateKey, at: 0, "the key \"\(member.key)\" comes twice")
      }
    }
  }

  package subscript(key: String) -> JSON? { place(of: key).map { members[$0].value } }

  package var keys: [String] { members.map(\.key) }

  /// Adds a member; false, and nothing changes, when the key is there already.
  package mutating func append(_ key: String, _ value: JSON) -> Bool {
    guard place(of: key) == nil else { return false }
    members.append(Member(key: key, value: value))
    if members.count > JSONObject.mostWithoutPlaces {
      if places.isEmpty {
        for (place, member) in members.enumerated() { places[member.key] = place }
      } else {
        places[key] = members.count - 1
      }
    }
    return true
  }

  /// Equal when the same keys hold the same values, in any order.
  package static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.members.count == b.members.count && a.members.allSatisfy { b[$0.key] == $0.value }
  }

  private func place(of key: String) -> Int? {
    places.isEmpty ? members.firstIndex { $0.key == key } : places[key]
  }
}

// MARK: Looking inside

extension JSON {
  /// The value under `key`; nil when this is no object or has no such key.
  package subscript(key: String) -> JSON? { object?[key] }

  package var isNull: Bool { self == .null }

  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  package var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The text of a number.
  package var number: String? { if case .number(let text) = self { text } else { nil } }

  package var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

  package var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

  /// A number that is whole, without sign, fraction or exponent, and fits in 64 bits; else nil.
  package var uint64: UInt64? {
    guard let number, number.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return UInt64(number)
  }
}

// MARK: Writing values in code

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral {
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension JSON: ExpressibleByDictionaryLiteral {
  /// Keys written in code: one of them twice is a mistake in the program, never in data.
  package init(dictionaryLiteral elements: (String, JSON)...) {
    var object = JSONObject()
    for (key, value) in elements { precondition(object.append(key, value), "the key \(key) is written twice") }
    self = .object(object)
  }
}

extension JSON {
  /// A whole number.
  @inlinable
  package static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }
}
