import Chains
import Codecs

/// A value of the file, and where it stands: every refusal names its place.
struct Place {
  let value: JSON
  let path: String

  init(_ value: JSON, _ path: String) {
    self.value = value
    self.path = path
  }

  func bad(_ why: String) -> PolicyError { Place.bad(path, why) }

  static func bad(_ path: String, _ why: String) -> PolicyError {
    PolicyError(
      .badText, "\(path.isEmpty ? "the file" : path): \(why)", hint: "docs/guide/screening.md shows the format")
  }

  /// The members; a key that is missing or unknown is refused.
  func object(required: Set<String>, optional: Set<String>) throws(PolicyError) -> [String: Place] {
    guard let object = value.object else { throw bad("is not an object") }
    var parts: [String: Place] = [:]
    for member in object.members {
      guard required.contains(member.key) || optional.contains(member.key) else {
        throw bad("the key \(JSON.string(member.key).text) is unknown")
      }
      parts[member.key] = Place(member.value, path.isEmpty ? member.key : "\(path).\(member.key)")
    }
    if let missing = required.subtracting(parts.keys).min() { throw bad("the key \"\(missing)\" is missing") }
    return parts
  }

  func array(most: Int) throws(PolicyError) -> [Place] {
    guard let elements = value.array else { throw bad("is not an array") }
    guard elements.count <= most else { throw bad("holds more than \(most) elements") }
    return elements.enumerated().map { Place($0.element, "\(path)[\($0.offset)]") }
  }

  func text(most: Int) throws(PolicyError) -> String {
    guard let text = value.string else { throw bad("is not a text") }
    guard text.utf8.count <= most else { throw bad("is longer than \(most) bytes") }
    return text
  }

  /// A name: 1 to 64 of `a-z A-Z 0-9 . _ -`.
  func word() throws(PolicyError) -> String {
    let text = try text(most: 64)
    let isWord = text.utf8.allSatisfy {
      ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) || ($0 >= 0x30 && $0 <= 0x39) || [0x2d, 0x2e, 0x5f].contains($0)
    }
    guard !text.isEmpty, isWord else { throw bad("is not a name of letters, digits, \".\", \"_\" and \"-\"") }
    return text
  }

  func number(_ range: ClosedRange<UInt64>) throws(PolicyError) -> UInt64 {
    guard let number = value.uint64, range.contains(number) else {
      throw bad("is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The campaigns that this is for, by their names; nil for all.
  func campaigns(_ given: Place?) throws(PolicyError) -> Set<String>? {
    guard let given else { return nil }
    var campaigns: Set<String> = []
    for campaign in try given.array(most: 1000) { campaigns.insert(try campaign.text(most: 200)) }
    guard !campaigns.isEmpty else { throw bad("names no campaign") }
    return campaigns
  }

  func outcome() throws(PolicyError) -> Outcome {
    guard let outcome = Outcome(rawValue: try text(most: 20)) else { throw bad("is none of allow, review, deny") }
    return outcome
  }

  /// An EVM address; mixed case must carry its checksum.
  func address() throws(PolicyError) -> Address {
    let text = try text(most: 100)
    do { return Address(try EIP55.parse(text).address.bytes) } catch { throw bad(error.message) }
  }
}
