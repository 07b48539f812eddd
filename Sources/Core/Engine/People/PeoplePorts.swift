package import Codecs
package import Policy

/// A password that somebody typed. The core never sees it.
package protocol OfferedPassword: Sendable {
  /// At least so long that it is worth a hash. Throws `people.bad_text`.
  func checkStrength() throws(PeopleError)
  /// Compares with a stored text; a text that is none is never right.
  func matches(_ stored: String) -> PasswordVerdict
  /// A new text to store. Takes its time.
  func hashed() throws(PeopleError) -> String
}

package enum PasswordVerdict: Sendable {
  case wrong, right
  /// Right, by a scheme or parameters that are not used any more: store a new hash.
  case rightButOld
}

/// Secrets that the core only passes on: one-time codes, tokens, recovery codes.
package protocol PeopleSecrets: Sendable {
  /// A new secret for one-time codes: sealed for the store, and as base32 for the person's device.
  func newFactor(for person: PersonName) throws(PeopleError) -> (sealed: [UInt8], base32: String)
  /// Whether `code` is the one of this step. Takes the same time wherever it differs.
  func isCode(_ code: String, sealed: [UInt8], of person: PersonName, step: Int64) throws(PeopleError) -> Bool
  /// Ten characters of A-Z and 0-9 each.
  func newRecoveryCodes(_ count: Int) throws(PeopleError) -> [String]
  /// 32 random bytes as URL-safe base64 without padding.
  func newToken() throws(PeopleError) -> String
  func digest(_ text: String) -> Hash32
  func newNonce() throws(PeopleError) -> Hash32
}
