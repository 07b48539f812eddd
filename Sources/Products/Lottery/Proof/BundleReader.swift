import Codecs

/// Reads members of one object of a bundle. Every function throws `draw.bundle_malformed` with the place.
struct BundleReader {
  private let object: JSONObject
  private let place: String

  init(_ value: JSON?, _ place: String) throws(DrawProofError) {
    guard let object = value?.object else { throw BundleReader.malformed(place, "an object") }
    self.object = object
    self.place = place
  }

  static func malformed(_ place: String, _ expected: String) -> DrawProofError {
    DrawProofError(.bundleMalformed, "\(place): \(expected) was expected")
  }

  /// Nothing but these members: a misspelled one would otherwise pass for an absent one.
  func only(_ keys: Set<String>) throws(DrawProofError) {
    for key in object.keys where !keys.contains(key) {
      throw DrawProofError(.bundleMalformed, "\(place): a member that is not in the format")
    }
  }

  /// nil for null.
  func optional(_ key: String) throws(DrawProofError) -> JSON? {
    guard let value = object[key] else { throw BundleReader.malformed("\(place).\(key)", "a value or null") }
    return value.isNull ? nil : value
  }

  func child(_ key: String) throws(DrawProofError) -> BundleReader {
    try BundleReader(object[key], "\(place).\(key)")
  }

  /// At most `most` elements. Throws also `draw.bundle_too_large`.
  func list(_ key: String, most: Int) throws(DrawProofError) -> [JSON] {
    try BundleReader.list(object[key], "\(place).\(key)", most: most)
  }

  static func list(_ value: JSON?, _ place: String, most: Int) throws(DrawProofError) -> [JSON] {
    guard let list = value?.array else { throw malformed(place, "a list") }
    guard list.count <= most else {
      throw DrawProofError(.bundleTooLarge, "\(place): \(list.count) elements, at most \(most) are read")
    }
    return list
  }

  func text(_ key: String, most: Int = 4096) throws(DrawProofError) -> String {
    guard let text = object[key]?.string, text.utf8.count <= most else {
      throw BundleReader.malformed("\(place).\(key)", "text of at most \(most) bytes")
    }
    return text
  }

  func bool(_ key: String) throws(DrawProofError) -> Bool {
    guard let value = object[key]?.bool else { throw BundleReader.malformed("\(place).\(key)", "true or false") }
    return value
  }

  /// A number in decimal text.
  func u64(_ key: String) throws(DrawProofError) -> UInt64 { try BundleReader.u64(object[key], "\(place).\(key)") }

  static func u64(_ value: JSON?, _ place: String) throws(DrawProofError) -> UInt64 {
    guard let text = value?.string, let number = UInt64(text), "\(number)" == text else {
      throw malformed(place, "a whole number of 64 bits in quotes")
    }
    return number
  }

  static func i64(_ value: JSON?, _ place: String) throws(DrawProofError) -> Int64 {
    guard let number = Int64(exactly: try u64(value, place)) else { throw malformed(place, "a number of 63 bits") }
    return number
  }

  func i64(_ key: String) throws(DrawProofError) -> Int64 { try BundleReader.i64(object[key], "\(place).\(key)") }

  /// A small number, without quotes.
  static func small(_ value: JSON?, _ place: String, most: UInt64) throws(DrawProofError) -> UInt64 {
    guard let number = value?.uint64, number <= most else { throw malformed(place, "a number up to \(most)") }
    return number
  }

  func small(_ key: String, most: UInt64) throws(DrawProofError) -> UInt64 {
    try BundleReader.small(object[key], "\(place).\(key)", most: most)
  }

  func bytes(_ key: String, most: Int) throws(DrawProofError) -> [UInt8] {
    guard let text = object[key]?.string, text.hasPrefix("0x"), text.utf8.count <= 2 + 2 * most,
      let bytes = Hex.bytes(text)
    else { throw BundleReader.malformed("\(place).\(key)", "0x and at most \(most) bytes in hexadecimal") }
    return bytes
  }

  func hash(_ key: String) throws(DrawProofError) -> Hash32 { try BundleReader.hash(object[key], "\(place).\(key)") }

  static func hash(_ value: JSON?, _ place: String) throws(DrawProofError) -> Hash32 {
    guard let text = value?.string, text.utf8.count == 66, text.hasPrefix("0x"), let bytes = Hex.bytes(text),
      let hash = Hash32(bytes)
    else { throw malformed(place, "0x and 32 bytes in hexadecimal") }
    return hash
  }
}
