import Chains
import Codecs
import EVMDriver
import Engine
import Foundation
import Keys
import Money
import OpenSSL
import POSIX
import Payouts
import Policy
import Signing
import Terminal
import Transport

extension App {
  /// Where the signer is, when it is a process apart.
  func signerPlace() throws -> SignerPlace? {
    guard let text = settings["AM_SIGNER"] else { return nil }
    return try SignerPlace(text, setting: "AM_SIGNER")
  }

  /// The signer apart of AM_SIGNER; nil where the engine signs itself. Throws `signing.unreachable`, `signing.wrong_peer`.
  func remoteSigner(_ chain: ChainID) throws -> RemoteSigner? {
    guard let place = try signerPlace() else { return nil }
    for name in ["AM_KEYSTORE", "AM_HSM_URI", "AM_WEB3SIGNER_URL", "AM_KMS_URL"] where settings[name] != nil {
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
    case .tls(let host, let port):
      let context = try tlsContext(.client)
      let name = settings["AM_SIGNER_TLS_PEER"] ?? host
      return try RemoteSigner(codec: try codec(chain), timeoutMilliseconds: timeout) {
        deadline throws(SigningError) in
        try SignerConnection.tls(host: host, port: port, context, name: name, deadline)
      }
    }
  }

  /// The keys that AM_KMS_KEYS names.
  func kmsKeys(_ url: URLText) throws -> [any SigningKey] {
    let ids = try settings.required("AM_KMS_KEYS", for: "KMS").split(separator: ",")
      .map { $0.trimmingCharacters(in: .whitespaces) }
    let path = try settings.required("AM_KMS_CREDENTIALS_FILE", for: "KMS")
    guard SecretFile.warning(path) == nil else {
      throw CommandError(.cannotRead, "\(path) can be read by others", hint: "chmod 600 \(path)")
    }
    let text = try SecretFile.read(path)
    guard let split = text.withBytes({ bytes in (0..<bytes.count).first { bytes[$0] == 0x0a } }) else {
      throw CommandError(.badSetting, "\(path) is not two lines", hint: "the access key's id, then its secret")
    }
    let id = text.withBytes { bytes in String(decoding: (0..<split).map { bytes[$0] }, as: UTF8.self) }
    guard !id.isEmpty, id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2f && $0 != 0x2c }) else {
      throw CommandError(.badSetting, "the first line of \(path) is no access key id")
    }
    let clock = clock
    let signer = AWSRequestSigner(
      accessKeyID: id, secret: try text.slice(split + 1..<text.count),
      region: try settings.required("AM_KMS_REGION", for: "KMS"))
    let service = KMSService(url, signer, http: try http(), now: { clock.now() })
    return try ids.map { try KMSKey($0, service) }
  }

  /// One side of mutual TLS, from the files of AM_SIGNER_TLS_*. Throws `config.missing`, `config.bad_value`.
  func tlsContext(_ side: TLSContext.Side) throws -> TLSContext {
    func file(_ name: String) throws -> String { try settings.required(name, for: "TLS between engine and signer") }
    let key = try file("AM_SIGNER_TLS_KEY")
    if let warning = SecretFile.warning(key) { terminal.note(warning.sentence) }
    let files = TLSFiles(
      authority: try file("AM_SIGNER_TLS_CA"), certificate: try file("AM_SIGNER_TLS_CERT"), key: key)
    do throws(CryptoError) { return try TLSContext(side, files) } catch {
      throw CommandError(.badSetting, "AM_SIGNER_TLS_*: \(error.message)")
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
      keys: try keys(chain), gate: gate, deaths: try deaths(chain), isSafe: try isSafe())
  }

  private func deaths(_ chain: ChainID) throws -> any DeathWitness {
    guard settings["AM_EVM_RPC"] != nil else { return NoDeathWitness() }
    return NodeDeaths(rail: try rail(chain))
  }
}

/// Where a signer listens.
enum SignerPlace: Hashable, Sendable {
  case unix(String)
  case tls(host: String, port: UInt16)

  /// Reads `unix:PATH` or `tls://HOST:PORT`.
  init(_ text: String, setting: String) throws(CommandError) {
    if text.hasPrefix("unix:"), text.count > 5 {
      self = .unix(String(text.dropFirst(5)))
    } else if text.hasPrefix("tls://") {
      self = try SignerPlace(listening: String(text.dropFirst(6)), setting: setting)
    } else {
      throw CommandError(
        .badSetting, "\(setting)=\(text) is no place of a signer", hint: "unix:PATH or tls://HOST:PORT")
    }
  }

  /// Reads `HOST:PORT`; an IPv6 address stands in brackets.
  init(listening text: String, setting: String) throws(CommandError) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw CommandError(.badSetting, "\(setting): \(text) is not HOST:PORT", hint: "for example 127.0.0.1:9443")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw CommandError(.badSetting, "\(setting): \(text) names no host", hint: "for example 127.0.0.1:9443")
    }
    self = .tls(host: host, port: port)
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
