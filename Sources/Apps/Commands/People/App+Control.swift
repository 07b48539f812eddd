import Codecs
import Engine
import Foundation
import Keys
import Money
import Policy
import Terminal

extension App {
  /// Whether an act waits for a second person. Throws `people.no_session` in production without people.
  func secondPerson(_ store: any PayoutStore) throws -> SecondPerson {
    try SecondPerson.rule(store.people(), isProduction: settings["AM_MODE"] == "production")
  }

  func proposals(_ store: any PayoutStore) -> ProposalService {
    ProposalService(store: store, clock: clock, signatures: Ed25519Approvals())
  }

  /// Signs with one's own approval key, of `--key`; nil where none is given.
  func proposalSigner() throws -> ProposalService.Signer? {
    guard let path = arguments["key"] else { return nil }
    let key = try ApprovalKeyFile(path: path)
    let password = try secret("key-password-file")
    return { bytes in PersonSignature(publicKey: key.publicKey, signature: try key.sign(bytes, password: password)) }
  }

  static let keyOptions: [CommandSpec.Option] = [
    .value("key", "FILE", "one's own approval key"),
    .value("key-password-file", "FILE", "file with the key's password"),
  ]

  /// Says which proposal waits for another person; the command ends with 75.
  func tellProposed(_ proposal: Proposal, _ how: String) -> ExitStatus {
    tell(
      [
        "event": "proposed", "proposal": .integer(proposal.number), "kind": .string(proposal.kind.rawValue),
        "subject": .string(proposal.subject), "digest": .string(proposal.digest.description),
        "expires_at": .integer(proposal.expiresAt.milliseconds),
      ],
      or: "Proposal \(proposal.number) waits for another person until \(proposal.expiresAt.text): \(how)")
    return .again
  }
}

extension Timestamp {
  /// `2026-11-22T03:05:00Z`, for people.
  var text: String {
    Date(timeIntervalSince1970: TimeInterval(milliseconds / 1000)).formatted(.iso8601)
  }
}
