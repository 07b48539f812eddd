import Foundation
package import OpenSSL
package import Signing

/// Something about a key that is allowed and yet should be said. No secret.
package struct KeyWarning: Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// Group or others may read a file with a secret.
    case fileExposed = "keys.file_exposed"
    /// A keystore is used on a chain that is neither a known main network nor a known test network.
    case chainUnknown = "keys.chain_unknown"
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// A file whose whole content is one secret: a keystore's password, a token's PIN.
package enum SecretFile {
  /// Reads it; one line end at its end is not part of the secret.
  /// Throws `signing.file_failed`, also for more than `most` bytes, and `signing.pin_missing` for an empty file.
  package static func read(_ path: String, most: Int = 4096) throws(SigningError) -> SecretBytes {
    var data = try BoundedFile.read(path, most: most)
    var bytes = Array(data)
    data.resetBytes(in: 0..<data.count)
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    guard !bytes.isEmpty else { throw SigningError(.pinMissing, "\(path) is empty: it should hold a password or PIN") }
    do { return try SecretBytes(wiping: &bytes) } catch {
      throw SigningError(.fileFailed, "no memory for the secret in \(path)")
    }
  }

  /// Why the file should be better guarded; nil when it is.
  package static func warning(_ path: String) -> KeyWarning? {
    guard BoundedFile.isExposed(path) else { return nil }
    return KeyWarning(.fileExposed, "\(path) can be read by other users; run: chmod 600 \(path)")
  }
}
