/// Why a list cannot be used, or a provider of verdicts gave none. Whoever asks must hold the payout, never pass it.
/// Codes are stable: docs/errors.md.
package struct ListError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A list file to import cannot be read as what it is said to be; the message names the place.
    case badFile = "lists.bad_file"
    /// A list file, an entry or a name is larger than any published one.
    case tooLarge = "lists.too_large"
    /// No version of a list that is asked for was ever imported.
    case missing = "lists.missing"
    /// A list is older than AM_LISTS_MAX_AGE allows: import a newer one.
    case stale = "lists.stale"
    /// A version's bytes are not those that were sealed at import.
    case changed = "lists.changed"
    /// A version is not signed, or not by this desk's key.
    case unsigned = "lists.unsigned"
    /// The newest version in the folder is older than the newest that was sealed, or a version between is gone.
    case rolledBack = "lists.rolled_back"
    /// The folder or the register of seals cannot be written or read.
    case unwritable = "lists.unwritable"
    /// A name or address to look for cannot be compared: empty, or too long.
    case badQuery = "lists.bad_query"
    /// An outside provider did not answer in time.
    case unreachable = "lists.unreachable"
    /// An outside provider refused the question: credentials, limits, a wrong data set.
    case providerRefused = "lists.provider_refused"
    /// An outside provider's answer is not of the published shape, or does not answer what was asked.
    case badAnswer = "lists.bad_answer"
  }
  package let code: Code
  package let message: String
  package let hint: String?
  /// Whether the same again may succeed later without a person's help.
  package let isPassing: Bool

  package init(_ code: Code, _ message: String, hint: String? = nil, isPassing: Bool = false) {
    self.code = code
    self.message = message
    self.hint = hint
    self.isPassing = isPassing
  }
}
