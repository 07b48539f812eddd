import Codecs
import Engine
import Keys
import OpenSSL
import POSIX
import Policy
import Store

extension App {
  /// AM_SECRETS_MAX_AGE. Throws `secrets.bad_terms`.
  func secretTerms() throws -> SecretTerms {
    try SecretTerms(parsing: settings["AM_SECRETS_MAX_AGE"] ?? "90d", names: SecretInventory.names)
  }

  /// Asks for the second person's yes to exactly this replacement. Nil when it may go on; otherwise it waits.
  func secondPerson(
    replaces name: String, _ path: String, with new: SecretBytes, calls: Int64, _ store: any DeskStore
  ) throws -> ExitStatus? {
    guard try !store.people().isEmpty else { return nil }
    throw PeopleError(
      .approvalsMissing, "people are enrolled, and a new secret needs a second person's yes", hint: nil)
  }
}
