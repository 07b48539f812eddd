import Airdrop
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
  package private(set) var settings: Settings
  package let program: String
  /// The variables that it was started with, for commands that it runs itself.
  let environment: [String: String]
  let clock = SystemClock()
  let sha256 = OpenSSLHashing()

  init(
    _ arguments: Arguments, terminal: Terminal, environment: [String: String], program: String
  ) throws(CommandError) {
    self.arguments = arguments
    self.terminal = terminal
    self.program = program
    self.environment = environment
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

  /// Who acts: the operator of this machine until people are enrolled, and then the person of the session.
  private(set) var actor = "operator:local"

  /// The same, acting as somebody else.
  func acting(as actor: String) -> App {
    var copy = self
    copy.actor = actor
    return copy
  }

  /// The same with another value of a setting.
  func setting(_ name: String, to text: String) -> App {
    var copy = self
    copy.settings = settings.setting(name, to: text)
    return copy
  }

  // MARK: Store

  var dsn: StoreDSN { get throws { try StoreDSN(settings["AM_DB_DSN"] ?? "sqlite:almoner.db") } }

  /// The store of the settings; made when it does not exist and `create` is set.
  func store(create: Bool = false) throws -> any DeskStore {
    switch try dsn {
    case .sqlite(let path): try SQLiteStore(path: path, mode: create ? .create : .existing, sha256: sha256)
    case .postgresql(let dsn):
      try PostgreSQLStore(dsn, mode: create ? .create : .existing, sha256: sha256, random: SystemRandom())
    }
  }

  /// The file of the store, for what only a file can do; `instead` says how the others do it.
  func storeFile(instead: String) throws -> String {
    switch try dsn {
    case .sqlite(let path): return path
    case .postgresql(let dsn):
      throw CommandError(.notSupported, "\(dsn) is no file to copy", hint: instead)
    }
  }

  /// Where a load is sorted: files without a name, gone when they are closed.
  var spillFolder: String {
    get throws {
      guard case .sqlite(let path) = try dsn else { return FileManager.default.temporaryDirectory.path }
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      return folder.isEmpty ? "." : folder
    }
  }

  /// A path of the settings, or one next to the store. A store without a file has nothing beside it, and a folder that
  /// happens to be the current one would be another the next time.
  func beside(_ setting: String, _ suffix: String) throws -> String {
    if let path = settings[setting] { return path }
    switch try dsn {
    case .sqlite(let path): return path + suffix
    case .postgresql(let dsn):
      throw CommandError(
        .missingSetting, "\(setting) is not set, and \(dsn) has no place beside it",
        hint: "set \(setting) to a path that stays the same")
    }
  }

  func witness() throws -> CheckpointFolder { try CheckpointFolder(path: try beside("AM_CHECKPOINT_KEY", ".seal")) }

  func audit(_ store: any PayoutStore) throws -> AuditService<OpenSSLHashing> {
    AuditService(store: store, witness: try witness(), sha256: sha256)
  }

  func campaigns(_ store: any PayoutStore) throws -> CampaignService {
    CampaignService(store: store, clock: clock, actor: actor, gate: try approvalGate())
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
    return try EVMRail(configuration, nodes: HTTPNodes(http: try http()))
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

  /// The keys of the settings: a development keystore, a PKCS#11 token, Web3Signer or KMS. Throws `config.missing` for
  /// none, `config.conflict` for two.
  func keys(_ chain: ChainID) throws -> [any SigningKey] {
    let places = ["AM_KEYSTORE", "AM_HSM_URI", "AM_WEB3SIGNER_URL", "AM_KMS_URL"].filter { settings[$0] != nil }
    guard places.count < 2 else {
      throw CommandError(
        .conflictingSetting, "\(places.joined(separator: " and ")) are both set", hint: "unset one of them")
    }
    if let uri = settings["AM_HSM_URI"] {
      let parsed = try HSMURI(parsing: uri)
      return try HSMToken(parsed, pinFile: settings["AM_HSM_PIN_FILE"]).keys()
    }
    if let text = settings["AM_WEB3SIGNER_URL"] {
      return try Web3SignerKey.all(try URLText(parsing: text), http: try http())
    }
    if let text = settings["AM_KMS_URL"] { return try kmsKeys(try URLText(parsing: text)) }
    guard let path = settings["AM_KEYSTORE"] else {
      throw CommandError(
        .missingSetting, "no key is configured: AM_KEYSTORE, AM_HSM_URI, AM_WEB3SIGNER_URL and AM_KMS_URL are unset",
        hint: "make a development key with: almoner keys create")
    }
    let password = try settings.required("AM_KEYSTORE_PASSWORD_FILE", for: "the keystore")
    return try KeystoreKey.open(path, passwordFile: password, chain: chain)
  }

  /// What is allowed about the configured keys and yet should be said; one line each.
  func keyWarnings(_ chain: ChainID?) -> [KeyWarning] {
    if let uri = settings["AM_HSM_URI"] {
      return (try? HSMURI(parsing: uri)).map { HSMToken.warnings($0, pinFile: settings["AM_HSM_PIN_FILE"]) } ?? []
    }
    guard let path = settings["AM_KEYSTORE"] else { return [] }
    return KeystoreKey.warnings(path, passwordFile: settings["AM_KEYSTORE_PASSWORD_FILE"], chain: chain)
  }

  /// Says them beside the results, or as events of `--json`.
  func warnOfKeys(_ chain: ChainID) {
    for warning in keyWarnings(chain) {
      if terminal.isJSON {
        terminal.line(warning.event.text)
      } else {
        terminal.note("\(terminal.colour("warning", .yellow)) \(warning.sentence)")
      }
    }
  }

  func signingLog() throws -> SigningLogFile { try SigningLogFile(path: try beside("AM_SIGNING_LOG", ".signer.db")) }

  func policy(_ chain: ChainID, mayDeploy: Bool = false) throws -> SigningPolicy {
    SigningPolicy(
      chain: chain, assets: nil, batchContract: try batchContract().map { Address($0.bytes) },
      mostPerTransaction: try amount("AM_MAX_PER_TRANSACTION"), mostFee: try maxFee, mayDeploy: mayDeploy)
  }

  /// Who signs: a process apart (AM_SIGNER), or this one.
  func signer(_ chain: ChainID, mayDeploy: Bool = false) throws -> any Signer {
    if let remote = try remoteSigner(chain) { return remote }
    return try ownSigner(chain, mayDeploy: mayDeploy)
  }

  /// The signer of this process.
  func ownSigner(_ chain: ChainID, mayDeploy: Bool = false) throws -> SigningGuard {
    SigningGuard(
      codec: try codec(chain), policy: try policy(chain, mayDeploy: mayDeploy), log: try signingLog(),
      keys: try keys(chain), isSafe: try isSafe())
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
    worker.rateLimit = try globalRateLimit()
    worker.paysOnlyBook = try paysOnlyBook()
    worker.isSafe = try isSafe()
    worker.patienceMilliseconds = try settings.number("AM_PATIENCE_MS", in: wait) ?? worker.patienceMilliseconds
    return worker
  }

  /// A worker of one account, on this machine's clock. `only`: the campaigns it plans; nil for every running one.
  func worker(
    _ account: Address, _ store: any PayoutStore, _ rail: any Rail, _ signer: any Signer,
    reach: LaneWorker.Reach = .send, only: Set<CampaignID>? = nil, observer: (any EngineObserver)?
  ) throws -> LaneWorker {
    let worker = LaneWorker(
      account: account, store: store, rail: rail, signer: signer, clock: clock, civil: SystemCivilTime(),
      random: SystemRandom(), settings: try workerSettings(), holder: holder, session: UUID().uuidString, reach: reach,
      only: only, facts: try factSources(), observer: observer)
    worker.approvals = try approvalGate()
    return worker
  }

  func pollMilliseconds() throws -> Int64 { try settings.number("AM_POLL_MS", in: 1...86_400_000) ?? 500 }

  /// Who holds a lease, for the operator who meets it.
  var holder: String { "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)" }

  /// Asks again, a few times with growing waits, while nodes or the store cannot be had: one lost answer is no reason to
  /// stop.
  func retrying<Value>(_ body: () throws -> Value) throws -> Value {
    let backoff = Backoff(baseMilliseconds: 200, mostMilliseconds: 3_000)
    let random = SystemRandom()
    for attempt in 0..<6 {
      do { return try body() } catch let error as any SubsystemError where error.isPassing {
        terminal.status("\(error.message); asking again")
        Thread.sleep(forTimeInterval: Double(100 + backoff.wait(attempt: attempt, random: random)) / 1000)
      }
    }
    return try body()
  }

  /// A result: an object under `--json`, a line for a person without.
  func tell(_ event: JSON, or text: @autoclosure () -> String) {
    terminal.line(terminal.isJSON ? event.text : text())
  }

  func confirm(_ question: String) throws(CommandError) {
    if arguments.has("yes") { return }
    guard let answer = terminal.ask("\(question) [y/N]"), ["y", "yes"].contains(answer.lowercased()) else {
      throw CommandError(.declined, "nothing was done", hint: "say y, or use --yes in scripts")
    }
  }
}

extension KeyWarning {
  var sentence: String { "\(code.rawValue): \(Printable.foreign(message, most: 1_000))" }
  var event: JSON { ["event": "warning", "code": .string(code.rawValue), "message": .string(message)] }
}

/// A store with everything that commands ask of it.
typealias DeskStore = LoadStore & PayoutStore & StoreUpkeep & JournalStore
