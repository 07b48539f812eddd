/// Why a secret cannot be replaced, or its terms cannot be read. No message holds a secret. Codes are stable:
/// docs/errors.md.
package struct SecretError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// `AM_SECRETS_MAX_AGE` is not written as it must be; the message says what.
    case badTerms = "secrets.bad_terms"
    /// No setting names a secret of this name: `almoner secrets report` lists those that are.
    case notSet = "secrets.not_set"
    /// This secret is not one file that a command can replace; the hint says how it is replaced.
    case byHand = "secrets.by_hand"
    /// The file, its folder, or the file with the new secret is not as safe as a secret needs; the message says why.
    case unsafeFile = "secrets.unsafe_file"
    /// The new secret is the one in force.
    case unchanged = "secrets.unchanged"
    /// Another rotation of this secret is open: finish it with its own file, or take it back with --back.
    case rotationOpen = "secrets.rotation_open"
    /// There is nothing to take back: no rotation is open.
    case noRotation = "secrets.no_rotation"
    /// The service did not take the new secret: the old one is in force.
    case testFailed = "secrets.test_failed"
    /// A file cannot be written, renamed or removed; the same command again goes on.
    case fileFailed = "secrets.file_failed"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
