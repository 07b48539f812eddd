import Codecs
import Engine
import Keys
import OpenSSL
import Payouts
import Policy
import Store
import Terminal

extension App {
  /// AM_SECRETS_MAX_AGE. Throws `secrets.bad_terms`.
  func secretTerms() throws -> SecretTerms {
    try SecretTerms(parsing: settings["AM_SECRETS_MAX_AGE"] ?? "90d", names: SecretInventory.names)
  }
}

/// Who has said yes to replacing a secret.
enum SecretConsent {
  /// The single local operator: nobody is enrolled.
  case alone
  /// It is proposed now, and waits for another person.
  case proposed(Proposal)
  /// Another person confirms it, once the service took the new secret; or has done so before.
  case confirmed(Confirmation)

  struct Confirmation {
    let number: Int64
    let act: ProposedAct
    let session: Policy.Session
    let person: Person
    let isAnswered: Bool
  }

  /// The act is bound to the secret's name, its file, the old and the new secret, and how often the new one is tried. Of the
  /// secrets only marks stand in it, which tell nothing without the key of AM_PEOPLE_KEY. Throws `people.*`.
  init(
    _ app: App, _ name: String, _ files: SecretFiles, new: SecretBytes, calls: Int64, _ store: any DeskStore
  ) throws {
    let rule = try SecondPerson.rule(try store.people(), isProduction: app.settings["AM_MODE"] == "production")
    guard rule == .required else {
      self = .alone
      return
    }
    let secrets = try app.peopleSecrets()
    let content: JSON = [
      "calls": .integer(calls), "file": .string(files.path),
      "new": .string(try secrets.mark(new, of: name).description),
      "old": .string(try secrets.mark(try files.replaced(), of: name).description), "secret": .string(name),
    ]
    let act = try ProposedAct(kind: .secretRotation, subject: name, content: content)
    let service = SecretConsent.service(app, store)
    let (session, person) = try app.myself(store)
    guard app.arguments["confirm"] != nil else {
      self = .proposed(try service.propose(act, session: session, person: person))
      return
    }
    guard let number = try app.arguments.number("confirm", in: 1...Int64.max) else {
      throw CommandError(.usage, "--confirm is the number of a proposal", hint: "see almoner proposals list")
    }
    let isOpen = try service.mayConfirm(number, as: act, session: session, person: person)
    // An answer of before is good for what it was given to, and for nothing else.
    guard try service.look(number).found.proposal.digest == act.digest else {
      throw PeopleError(
        .proposalChanged, "what would happen now is not what proposal \(number) says",
        hint: "look at it: almoner proposals show \(number); then propose anew")
    }
    self = .confirmed(
      Confirmation(number: number, act: act, session: session, person: person, isAnswered: !isOpen))
  }

  static func service(_ app: App, _ store: any DeskStore) -> ProposalService {
    ProposalService(store: store, clock: app.clock, signatures: Ed25519Approvals())
  }
}
