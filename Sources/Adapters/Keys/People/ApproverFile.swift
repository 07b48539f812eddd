import Codecs
package import Policy
package import Signing

/// The signer's own list of people who may approve: a line each, `NAME KEY`, the key as 64 hex digits. Empty lines and
/// those that begin with `#` say nothing.
package struct ApproverFile: Sendable {
  package let keys: [PersonName: [UInt8]]

  /// Throws `signing.file_failed` for what cannot be read, is no such list, or names a person or a key twice.
  package init(path: String) throws(SigningError) {
    try self.init(parsing: Array(try BoundedFile.read(path, most: 1 << 20)), name: path)
  }

  package init(parsing bytes: [UInt8], name: String) throws(SigningError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SigningError(.fileFailed, "\(name) is not UTF-8")
    }
    var keys: [PersonName: [UInt8]] = [:]
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.split { $0 == " " || $0 == "\t" }
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      guard words.count == 2, let person = try? PersonName(String(first)), let key = Hex.bytes(String(words[1])),
        key.count == 32
      else {
        throw SigningError(
          .fileFailed, "line \(index + 1) of \(name) is not NAME KEY",
          hint: "the key as almoner approvals new-key shows it")
      }
      guard keys[person] == nil, !keys.values.contains(key) else {
        throw SigningError(.fileFailed, "line \(index + 1) of \(name) names a person or a key again")
      }
      keys[person] = key
    }
    self.keys = keys
  }
}
