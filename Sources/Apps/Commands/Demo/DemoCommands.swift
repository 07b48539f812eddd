import Chains
import Codecs
import Engine
import Foundation
import Keys
import Money
import Payouts
import Signing
import SimulatedChain
import Store
import Terminal

/// `demo`: the main job from a shipped file, on a chain in this process or on the EVM development chain.
enum DemoCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "demo", "See the whole job: 10,000 recipients, faults on purpose, report and proof",
      example: "almoner demo",
      [
        .value("chain", "CHAIN", "simulated (default), or evm for the EVM development chain"),
        .value("file", "FILE", "another recipients file"),
        .value("dir", "DIR", "where the demo's files go (almoner-demo)"),
      ], run: run)
  ]

  private static func run(_ app: App) throws -> ExitStatus {
    let chain = app.arguments["chain"] ?? "simulated"
    guard chain == "simulated" || chain == "evm" else {
      throw CommandError(.usage, "--chain is simulated or evm")
    }
    let file = try app.arguments["file"] ?? shipped("Examples/recipients-10k.csv")
    let folder = try makeFolder(app.arguments["dir"] ?? "almoner-demo", app)
    let started = app.clock.now()
    app.terminal.line("Demo in \(folder)")
    let world: any DemoWorld =
      chain == "evm" ? try DevelopmentWorld(folder: folder, app) : try SimulatedWorld(folder: folder, app)
    defer { world.stop() }
    let status = try DemoJob(app: world.app, world: world, folder: folder, file: file).run()
    let seconds = (app.clock.now().milliseconds - started.milliseconds) / 1000
    app.terminal.line(
      "The demo took \(seconds) s. Look around: \(app.program) --dsn sqlite:\(folder)/demo.db airdrop campaigns list")
    return status
  }

  /// A file of the project, looked for from the working directory and from the program upwards.
  static func shipped(_ name: String) throws -> String {
    var folders = [FileManager.default.currentDirectoryPath]
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    for _ in 0..<6 {
      folders.append(folder.path)
      folder.deleteLastPathComponent()
    }
    for folder in folders where FileManager.default.fileExists(atPath: folder + "/" + name) {
      return folder + "/" + name
    }
    throw CommandError(
      .cannotRead, "\(name) is not here", hint: "run the demo from the project's folder, or name it with --file")
  }

  /// A new folder for every demo: nothing of an earlier one is touched.
  private static func makeFolder(_ base: String, _ app: App) throws -> String {
    for number in 1...9_999 {
      let path = "\(base)/\(number)"
      guard !FileManager.default.fileExists(atPath: path) else { continue }
      do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
        throw CommandError(.cannotWrite, "\(path) cannot be made", hint: "choose another folder with --dir")
      }
      return URL(fileURLWithPath: path).path
    }
    throw CommandError(.fileExists, "\(base) is full of demos", hint: "choose another folder with --dir")
  }
}

/// Where a demo pays.
protocol DemoWorld: Sendable {
  /// The settings of the demo.
  var app: App { get }
  var rail: any Rail { get }
  var asset: AssetID { get }
  /// What went wrong on purpose, for the end of the demo.
  func faults() -> [String]
  func stop()
}

/// The chain in this process, with lost answers, lagging nodes and reorgs from a seed.
struct SimulatedWorld: DemoWorld {
  let app: App
  let rail: any Rail
  let asset: AssetID
  private let source: SeededFaults

  init(folder: String, _ outer: App) throws {
    let chain = ChainID(.simulated, 1)
    asset = AssetID(chain: chain.description, token: "0x" + String(repeating: "70", count: 20))
    app = try DemoSettings.app(outer, folder: folder, ["AM_CHAIN_DRIVERS": "simulated"])
    let key = try DemoSettings.makeKey(folder)
    source = SeededFaults(
      seed: 2,
      chances: [
        .lostAnswer: .init(of65536: 6_000, budget: 12), .lostRequest: .init(of65536: 4_000, budget: 8),
        .falseRefusal: .init(of65536: 4_000, budget: 6), .reorg: .init(of65536: 5_000, budget: 3),
        .lag: .init(of65536: 3_000, budget: 4), .drop: .init(of65536: 2_000, budget: 3),
        .revert: .init(of65536: 2_000, budget: 1),
      ])
    var settings = ChainSettings()
    settings.chain = chain
    settings.pace = .every(milliseconds: 40)
    let clock = SystemClock()
    let simulated = SimulatedChain(settings, faults: source, clock: { clock.now() }) { digest, signature in
      try? KeyAccount.recover(signature, signingHash: digest)
    }
    try simulated.credit(UInt256.max.shiftedRight(64), of: AssetID(chain: chain.description, token: nil), to: key)
    try simulated.credit(UInt256.max.shiftedRight(64), of: asset, to: key)
    rail = simulated
  }

  func faults() -> [String] {
    source.seen.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) x \($0.key.rawValue)" }
  }

  func stop() {}
}

extension UInt256 {
  /// The value without its lowest `bits` bits, in whole limbs.
  fileprivate func shiftedRight(_ bits: Int) -> UInt256 {
    var value = self
    for _ in 0..<(bits / 64) { value = UInt256(limbs: (value.limbs.1, value.limbs.2, value.limbs.3, 0)) }
    return value
  }
}

/// Settings and keys of a demo, in its own folder.
enum DemoSettings {
  static func app(_ outer: App, folder: String, _ more: [String: String]) throws -> App {
    var environment = [
      "AM_DB_DSN": "sqlite:\(folder)/demo.db", "AM_KEYSTORE": "\(folder)/key.json",
      "AM_KEYSTORE_PASSWORD_FILE": "\(folder)/password", "AM_POLL_MS": "20", "AM_RESEND_MS": "400",
      "AM_MAX_BATCH_SIZE": "200",
    ]
    for (name, value) in more { environment[name] = value }
    let words = outer.terminal.isJSON ? ["--yes", "--json"] : ["--yes"]
    let arguments = try Arguments(words, options: [], optional: [], flags: ["yes", "json"], words: 0)
    return try App(arguments, terminal: outer.terminal, environment: environment, program: outer.program)
  }

  /// A development key that only this demo has.
  static func makeKey(_ folder: String) throws -> Address {
    try writeSecret("demo\n", to: "\(folder)/password")
    return try KeystoreFile.create(
      "\(folder)/key.json", password: try SecretFile.read("\(folder)/password"), cost: .light)
  }

  static func writeSecret(_ text: String, to path: String) throws {
    guard
      FileManager.default.createFile(
        atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw CommandError(.cannotWrite, "\(path) cannot be made") }
  }
}
