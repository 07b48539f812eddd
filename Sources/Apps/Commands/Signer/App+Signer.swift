import Chains
import Codecs
import EVMDriver
import Engine
import Foundation
import Keys
import Money
import POSIX
import Payouts
import Policy
import Signing

extension App {
  /// Where the signer is, when it is a process apart.
  func signerPlace() throws -> SignerPlace? {
    guard let text = settings["AM_SIGNER"] else { return nil }
    return try SignerPlace(text, setting: "AM_SIGNER")
  }

  /// The signer apart of AM_SIGNER; nil where the engine signs itself. Throws `signing.unreachable`, `signing.wrong_peer`.
  func remoteSigner(_ chain: ChainID) throws -> RemoteSigner? {
    guard let place = try signerPlace() else { return nil }
    for name in ["AM_KEYSTORE", "AM_HSM_URI"] where settings[name] != nil {
      throw CommandError(
        .conflictingSetting, "AM_SIGNER and \(name) are both set: the keys are the signer's",
        hint: "unset \(name) here; set it where almoner signer runs")
    }
    let timeout = try settings.number("AM_SIGNER_TIMEOUT_MS", in: 100...600_000) ?? 30_000
    switch place {
    case .unix(let path):
      return try RemoteSigner(codec: try codec(chain), timeoutMilliseconds: timeout) {
        deadline throws(SigningError) in try SignerConnection.unix(path, deadline)
      }
    }
  }

  /// The accounts that can be signed for, here or at the signer apart.
  func signingAccounts(_ chain: ChainID) throws -> [Address] {
    if let remote = try remoteSigner(chain) { return remote.accounts }
    return try keys(chain).map(\.account)
  }

  /// What the signer remembers, wherever it is.
  func signingWitness(_ chain: ChainID) throws -> any SigningWitness {
    if let remote = try remoteSigner(chain) { return remote }
    return try signingLog()
  }

  /// The signer of this process, as `almoner signer` runs it: its own people, rules, keys, log and clock.
  func gatedSigner(_ chain: ChainID, log: SigningLogFile) throws -> SigningGuard {
    let people = try ApproverFile(path: try settings.required("AM_SIGNER_APPROVERS", for: "the signer"))
    let needed = try approvalGate()?.rule.needed ?? 1
    guard people.keys.count >= needed else {
      throw CommandError(
        .badSetting, "\(people.keys.count) approvers are listed, AM_APPROVALS wants \(needed)",
        hint: "one line each in the file of AM_SIGNER_APPROVERS: NAME KEY")
    }
    let clock = clock
    let gate = ContentGate(
      needed: needed, approvers: people.keys, signatures: Ed25519Approvals(), now: { clock.now() })
    return SigningGuard(
      codec: try codec(chain), policy: try policy(chain, mayDeploy: arguments.has("may-deploy")), log: log,
      keys: try keys(chain), gate: gate, deaths: try deaths(chain))
  }

  private func deaths(_ chain: ChainID) throws -> any DeathWitness {
    guard settings["AM_EVM_RPC"] != nil else { return NoDeathWitness() }
    return NodeDeaths(rail: try rail(chain))
  }
}

/// Where a signer listens.
enum SignerPlace: Hashable, Sendable {
  case unix(String)

  init(_ text: String, setting: String) throws(CommandError) {
    guard text.hasPrefix("unix:"), text.count > 5 else {
      throw CommandError(.badSetting, "\(setting)=\(text) is no place of a signer", hint: "unix:PATH")
    }
    self = .unix(String(text.dropFirst(5)))
  }
}

/// What the signer's own nodes say about a slot that it signed for.
struct NodeDeaths: DeathWitness {
  let rail: EVMRail

  /// Only a quorum of final blocks in which the slot was spent without paying anybody.
  func evidence(ofDeath place: SlotPlace, _ records: [SlotRecord]) -> String? {
    guard let paying = records.first(where: { $0.kind == .pay }),
      let content = try? rail.codec.inspect(paying.unsigned, account: place.account),
      case .pay(let asset, let payees) = content.purpose
    else { return nil }
    let question = SlotQuestion(
      batch: BatchID(0), account: place.account, slot: place.slot, asset: asset, payees: payees,
      members: records.map { .init(kind: $0.kind, signingHash: $0.signingHash, hash: $0.signed?.hash) })
    guard let statements = rail.statements([question]).first, let found = rail.quorum.evidence(in: statements) else {
      return nil
    }
    switch found.verdict {
    case .reverted, .voided, .stranger:
      return "\(found.verdict.word) by \(found.spender) in block \(found.blockNumber) \(found.blockHash)"
    case .paid, .credited, .settled: return nil
    }
  }
}
