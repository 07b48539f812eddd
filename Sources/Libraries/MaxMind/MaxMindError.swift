/// Why a database of IP addresses cannot be read. Codes are stable: docs/errors.md.
package struct MaxMindError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The file of IP addresses is not there, or may not be read.
    case unreadable = "maxmind.unreadable"
    /// The file of IP addresses is larger than any published one.
    case tooLarge = "maxmind.too_large"
    /// The file is no MaxMind database, or a damaged one.
    case damaged = "maxmind.damaged"
    /// This machine's own trouble: memory, descriptors.
    case failed = "maxmind.failed"
  }
  package let code: Code
  package let message: String
  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
