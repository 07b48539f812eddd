import Chains
import Codecs
import EVMDriver
import Engine
import Foundation
import Keys
import Money
import Payouts
import Signing
import SimulatedChain
import Store
package import Terminal
import Transport

/// What a running command has: its arguments, the settings, and the parts it asks for, made when asked.
package struct App: Sendable {
  package static let version = "0.1.0"

  package let arguments: Arguments
  package let terminal: Terminal
  package let settings: Settings
  package let program: String
  let clock = SystemClock()
  let sha256 = OpenSSLHashing()

  init(
    _ arguments: Arguments, terminal: Terminal, environment: [String: String], program: String
  ) throws(CommandError) {
    self.arguments = arguments
    self.terminal = terminal
    self.program = program
    var file: [String: String] = [:]
    if let path = arguments["config"] ?? environment["AM_CONFIG"], !path.isEmpty {
      guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20,
        let text = String(data: data, encoding: .utf8)
      else { throw CommandError(.cannotRead, "the settings file \(path) cannot be read") }
      file = try Settings.parse(file: text)
    }
    var flags: [String: String] = [:]
    for spec in SettingSpec.all {
      if let flag = spec.flag, let value = arguments[flag] { flags[spec.name] = value }
    }
    settings = try Settings(flags: flags, environment: environment, file: file)
  }

  /// Who acts: the operator of this machine. Embedded mode knows no other people, and every report says so.
  var actor: String { "operator:local" }

  // MARK: Store

  var dsn: StoreDSN { get throws { try StoreDSN(settings["AM_DB_DSN"] ?? "sqlite:almoner.db") } }

  /// The store of the settings; made when it does not exist and `create` is set.
  func store(create: Bool = false) throws -> any PayoutStore { try sqlite(create: create) }

  /// The same with what only SQLite has: backups, page checks.
  func sqlite(create: Bool = false) throws -> SQLiteStore {
    try SQLiteStore(path: try dsn.path, mode: create ? .create : .existing, sha256: sha256)
  }

  func beside(_ setting: String, _ suffix: String) throws -> String {
    try settings[setting] ?? dsn.path + suffix
  }

  func witness() throws -> CheckpointFolder { try CheckpointFolder(path: try beside("AM_CHECKPOINT_KEY", ".seal")) }

  func audit(_ store: any PayoutStore) throws -> AuditService<OpenSSLHashing> {
    AuditService(store: store, witness: try witness(), sha256: sha256)
  }

  func campaigns(_ store: any PayoutStore) -> CampaignService {
    CampaignService(store: store, clock: clock, actor: actor)
  }

  func campaign(_ store: any PayoutStore) throws -> Campaign {
    try campaigns(store).campaign(named: try arguments.required("campaign"))
  }

  // MARK: Chains

  var maxFee: UInt256 { get throws { try amount("AM_MAX_FEE") ?? UInt256.max } }

  func amount(_ setting: String) throws -> UInt256? {
    guard let text = settings[setting] else { return nil }
    do { return try UInt256(decimal: text) } catch {
      throw CommandError(.badSetting, "\(setting)=\(text): \(error.message)")
    }
  }

  /// The chain id of AM_EVM_CHAIN_ID.
  func evmChain() throws -> ChainID {
    guard let id = try settings.number("AM_EVM_CHAIN_ID", in: 1...Int64(UInt32.max)) else {
      throw CommandError(.missingSetting, "AM_EVM_CHAIN_ID is not set", hint: "for example 1, 137 or 31337")
    }
    return ChainID(.evm, UInt64(id))
  }

  /// Bytes and addresses of a chain, without a network.
  func codec(_ chain: ChainID) throws -> any TransactionCodec {
    let drivers = (settings["AM_CHAIN_DRIVERS"] ?? "").split(separator: ",").map(String.init)
    for driver in drivers where driver != "evm" && driver != "simulated" {
      throw CommandError(
        .notSupported, "AM_CHAIN_DRIVERS names \(driver), which is not built yet", hint: "evm is")
    }
    switch chain.family {
    case .evm:
      guard drivers.contains("evm") else { throw CommandError(.badSetting, "AM_CHAIN_DRIVERS does not name evm") }
      return EVMCodec(
        chainID: chain.number, batchContract: try batchContract(),
        feeForm: settings["AM_EVM_TRANSACTION_TYPE"] == "legacy" ? .legacy : .dynamic)
    case .simulated: return SimulatedCodec(chain: chain)
    }
  }

  func batchContract() throws -> EVMAddress? {
    guard let text = settings["AM_EVM_BATCH_CONTRACT"] else { return nil }
    do throws(EIP55Error) { return try EIP55.parse(text).address } catch {
      throw CommandError(.badSetting, "AM_EVM_BATCH_CONTRACT is no address: \(error.message)")
    }
  }

  /// The driver of a chain, over the configured nodes.
  func rail(_ chain: ChainID) throws -> EVMRail {
    guard chain.family == .evm else {
      throw CommandError(
        .notSupported, "the simulated chain lives inside one process", hint: "see it with: almoner demo")
    }
    guard try evmChain() == chain else {
      throw CommandError(
        .conflictingSetting, "the campaign is on \(chain), AM_EVM_CHAIN_ID says \(try evmChain().number)",
        hint: "set AM_EVM_CHAIN_ID and AM_EVM_RPC for that chain")
    }
    let urls = try settings.required("AM_EVM_RPC", for: "the EVM driver")
    let endpoints = try urls.split(separator: ",").map { try EVMEndpoint(url: $0.trimmingCharacters(in: .whitespaces)) }
    let kind = settings["AM_EVM_TRANSACTION_TYPE"] ?? "eip1559"
    guard kind == "legacy" || kind == "eip1559" else {
      throw CommandError(.badSetting, "AM_EVM_TRANSACTION_TYPE is eip1559 or legacy")
    }
    let timeout = try settings.number("AM_EVM_TIMEOUT_MS", in: 100...600_000) ?? 10_000
    let configuration = EVMRailConfiguration(
      chainID: chain.number, endpoints: endpoints,
      quorumSize: try settings.number("AM_EVM_QUORUM", in: 1...100).map(Int.init), finality: try finality(),
      batchContract: try batchContract(), feeForm: kind == "legacy" ? .legacy : .dynamic, mostFee: try maxFee,
      limits: RPCLimits(timeoutMilliseconds: Int(timeout)))
    return try EVMRail(configuration, nodes: HTTPNodes())
  }

  private func finality() throws -> Finality {
    let text = settings["AM_EVM_FINALITY"] ?? "finalized"
    if text == "finalized" { return .tag }
    guard let depth = UInt64(text), (1...10_000).contains(depth) else {
      throw CommandError(.badSetting, "AM_EVM_FINALITY=\(text) is neither `finalized` nor a depth from 1 to 10000")
    }
    return .depth(depth)
  }

  // MARK: Keys

  /// The keys of the settings: a development keystore, or a PKCS#11 token. Throws `config.missing` for neither.
  func keys(_ chain: ChainID) throws -> [any SigningKey] {
    if let uri = settings["AM_HSM_URI"] {
      guard settings["AM_KEYSTORE"] == nil else {
        throw CommandError(.conflictingSetting, "AM_HSM_URI and AM_KEYSTORE are both set", hint: "unset one of them")
      }
      let parsed = try HSMURI(parsing: uri)
      return try HSMToken(parsed, pinFile: settings["AM_HSM_PIN_FILE"]).keys()
    }
    guard let path = settings["AM_KEYSTORE"] else {
      throw CommandError(
        .missingSetting, "no key is configured: neither AM_KEYSTORE nor AM_HSM_URI is set",
        hint: "make a development key with: almoner keys create")
    }
    let password = try settings.required("AM_KEYSTORE_PASSWORD_FILE", for: "the keystore")
    return try KeystoreKey.open(path, passwordFile: password, chain: chain)
  }

  func signingLog() throws -> SigningLogFile { try SigningLogFile(path: try beside("AM_SIGNING_LOG", ".signer.db")) }

  func policy(_ chain: ChainID, mayDeploy: Bool = false) throws -> SigningPolicy {
    SigningPolicy(
      chain: chain, assets: nil, batchContract: try batchContract().map { Address($0.bytes) },
      mostPerTransaction: try amount("AM_MAX_PER_TRANSACTION"), mostFee: try maxFee, mayDeploy: mayDeploy)
  }

  func signer(_ chain: ChainID, mayDeploy: Bool = false) throws -> SigningGuard {
    SigningGuard(
      codec: try codec(chain), policy: try policy(chain, mayDeploy: mayDeploy), log: try signingLog(),
      keys: try keys(chain))
  }

  // MARK: Workers

  func workerSettings() throws -> WorkerSettings {
    var worker = WorkerSettings()
    worker.mostLive = Int(try settings.number("AM_MAX_CONCURRENCY", in: 1...1_000) ?? 8)
    worker.mostPerCommit = min(worker.mostPerCommit, worker.mostLive)
    worker.mostFee = try maxFee
    let wait: ClosedRange<Int64> = 1...86_400_000
    worker.pollMilliseconds = try pollMilliseconds()
    worker.resendMilliseconds = try settings.number("AM_RESEND_MS", in: wait) ?? worker.resendMilliseconds
    worker.bumpMilliseconds = try settings.number("AM_BUMP_MS", in: wait) ?? worker.bumpMilliseconds
    worker.leaseMilliseconds = try settings.number("AM_LEASE_MS", in: 1_000...86_400_000) ?? worker.leaseMilliseconds
    worker.patienceMilliseconds = try settings.number("AM_PATIENCE_MS", in: wait) ?? worker.patienceMilliseconds
    return worker
  }

  func pollMilliseconds() throws -> Int64 { try settings.number("AM_POLL_MS", in: 1...86_400_000) ?? 500 }

  /// Who holds a lease, for the operator who meets it.
  var holder: String { "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)" }

  /// Asks again, a few times with growing waits, while nodes cannot be had: one lost answer is no reason to stop.
  func retrying<Value>(_ body: () throws -> Value) throws -> Value {
    let backoff = Backoff(baseMilliseconds: 200, mostMilliseconds: 3_000)
    let random = SystemRandom()
    for attempt in 0..<6 {
      do { return try body() } catch let error as RailError where error.isPassing {
        terminal.status("\(error.message); asking again")
        Thread.sleep(forTimeInterval: Double(100 + backoff.wait(attempt: attempt, random: random)) / 1000)
      }
    }
    return try body()
  }

  func confirm(_ question: String) throws(CommandError) {
    if arguments.has("yes") { return }
    guard let answer = terminal.ask("\(question) [y/N]"), ["y", "yes"].contains(answer.lowercased()) else {
      throw CommandError(.declined, "nothing was done", hint: "say y, or use --yes in scripts")
    }
  }
}

extension StoreDSN {
  /// The file of an embedded store.
  var path: String {
    switch self {
    case .sqlite(let path): path
    }
  }

  /// The folder the file is in.
  var folder: String {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return folder.isEmpty ? "." : folder
  }
}
