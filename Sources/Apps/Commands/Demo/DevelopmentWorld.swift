import Chains
import Codecs
import EVMDriver
import Engine
import Foundation
import Keys
import Money
import Payouts
import Signing
import Terminal
import Transport

/// The EVM development chain as a process of its own, with faults on, and our batch contract deployed on it.
final class DevelopmentWorld: DemoWorld {
  let app: App
  let rail: any Rail
  let asset: AssetID
  private let process: Process
  private let url: String

  init(folder: String, _ outer: App) throws {
    let script = try DemoCommands.shipped("tools/devchain/evm_devchain.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: DevelopmentWorld.python(script))
    process.arguments = [script, "--port", "0", "--seed", "demo", "--block-time", "0.3", "--finality", "3"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch {
      throw CommandError(
        .cannotRead, "the development chain cannot be started", hint: "tools/setup.sh chain installs what it needs")
    }
    self.process = process
    guard let line = DevelopmentWorld.firstLine(of: output), let port = (try? JSON.parse(line))?["port"]?.uint64 else {
      process.terminate()
      throw CommandError(
        .cannotRead, "the development chain did not start", hint: "tools/setup.sh chain installs what it needs")
    }
    url = "http://127.0.0.1:\(port)"
    do {
      // Account 0 of the chain owns its tokens; its key is derived from the seed and known to everybody.
      let settings = [
        "AM_EVM_RPC": url, "AM_EVM_CHAIN_ID": "31337", "AM_EVM_FINALITY": "3", "AM_POLL_MS": "100",
      ]
      try DemoSettings.writeSecret("demo\n", to: "\(folder)/password")
      try KeystoreFile.writeDevelopment(
        seed: "demo:evm:0", to: "\(folder)/key.json", password: try SecretFile.read("\(folder)/password"))
      let bare = try DemoSettings.app(outer, folder: folder, settings)
      let contract = try ContractCommands.deploy(bare)
      app = try DemoSettings.app(
        outer, folder: folder, settings.merging(["AM_EVM_BATCH_CONTRACT": contract], uniquingKeysWith: { $1 }))
      rail = try app.rail(ChainID(.evm, 31337))
      let contracts = try DevelopmentWorld.call(url, "dev_contracts", "[]")
      guard let token = contracts["usd6"]?.string, let bytes = Hex.bytes(token) else {
        throw CommandError(.cannotRead, "the development chain names no token")
      }
      asset = AssetID(chain: "evm:31337", token: Hex.prefixed(bytes))
      for fault in DevelopmentWorld.faultSwitches { _ = try DevelopmentWorld.call(url, "dev_fault", fault) }
    } catch {
      process.terminate()
      throw error
    }
  }

  private static let faultSwitches = [
    #"[{"kind":"drop_after","methods":["eth_sendRawTransaction"],"count":6,"probability":0.3}]"#,
    #"[{"kind":"rpc_error_after","methods":["eth_sendRawTransaction"],"count":4,"probability":0.2,"code":-32000,"message":"nonce too low"}]"#,
    #"[{"kind":"lose","methods":["eth_sendRawTransaction"],"count":2,"probability":0.1}]"#,
    #"[{"kind":"http","status":503,"methods":["*"],"count":5,"probability":0.05}]"#,
  ]

  func faults() -> [String] {
    // A fault that is used up is not listed any more, but counted.
    let hits = (try? DevelopmentWorld.call(url, "dev_faultHits", "[]"))?.object?.members ?? []
    return hits.sorted { $0.key < $1.key }.compactMap { hit in hit.value.number.map { "\($0) x \(hit.key)" } }
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  private static func python(_ script: String) -> String {
    let root = URL(fileURLWithPath: script).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let own = root.appendingPathComponent(".venv/bin/python").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
  }

  private static func firstLine(of pipe: Pipe) -> String? {
    var bytes: [UInt8] = []
    while bytes.count < 4_096, let byte = try? pipe.fileHandleForReading.read(upToCount: 1), let first = byte.first {
      if first == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(first)
    }
    return nil
  }

  private static func call(_ url: String, _ method: String, _ parameters: String) throws -> JSON {
    let rpc = JSONRPCClient(http: HTTPClient())
    return try rpc.call(URLText(parsing: url), RPCCall(method, try JSON.parse(parameters)))
  }
}
