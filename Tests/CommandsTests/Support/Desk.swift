import Codecs
import Foundation
import Keys
import Testing

/// A folder with a store and a key, and the real binary with settings for them.
final class Desk: Sendable {
  let scratch: Scratch
  let environment: [String: String]

  /// For commands that need a chain. `account` is one of the development chain's.
  ///
  /// `store`: the name of a store elsewhere; what otherwise lies beside it is in the desk's folder then.
  init(seed: String, url: String, account: Int, batchContract: String?, store: String? = nil) throws {
    scratch = try Scratch()
    try scratch.write("desk\n", to: "password")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch("password"))
    try KeystoreFile.writeDevelopment(
      seed: "\(seed):evm:\(account)", to: scratch("key.json"), password: try SecretFile.read(scratch("password")))
    var settings = [
      "AM_DB_DSN": "sqlite:" + scratch("desk.db"), "AM_EVM_RPC": url, "AM_EVM_CHAIN_ID": String(ChainWorld.id),
      "AM_EVM_FINALITY": "2", "AM_POLL_MS": "20", "AM_RESEND_MS": "200", "AM_KEYSTORE": scratch("key.json"),
      "AM_KEYSTORE_PASSWORD_FILE": scratch("password"),
    ]
    settings["AM_EVM_BATCH_CONTRACT"] = batchContract
    if let store { settings.merge(Desk.elsewhere(store, scratch)) { $1 } }
    environment = settings
  }

  /// For commands that need none.
  init(store: String? = nil) throws {
    scratch = try Scratch()
    var settings = ["AM_DB_DSN": "sqlite:" + scratch("desk.db"), "AM_EVM_CHAIN_ID": "31337"]
    if let store { settings.merge(Desk.elsewhere(store, scratch)) { $1 } }
    environment = settings
  }

  private static func elsewhere(_ store: String, _ scratch: Scratch) -> [String: String] {
    [
      "AM_DB_DSN": store, "AM_SIGNING_LOG": scratch("desk.db.signer.db"),
      "AM_CHECKPOINT_KEY": scratch("desk.db.seal"), "AM_JSONL_PATH": scratch("events.jsonl"),
    ]
  }

  /// Any command line of `almoner`.
  func run(_ line: [String], environment more: [String: String] = [:], input: String = "") throws -> Program.Ended {
    try Program.run(
      line, environment: environment.merging(more) { $1 }, input: input, folder: scratch.path)
  }

  /// `almoner airdrop ...`.
  @discardableResult
  func callAsFunction(_ line: String..., environment more: [String: String] = [:]) throws -> Program.Ended {
    try run(["airdrop"] + line, environment: more)
  }

  /// The same, on its way.
  func begin(_ line: String..., environment more: [String: String] = [:]) throws -> Program.Running {
    try Program.Running(
      ["airdrop"] + line, environment: environment.merging(more) { $1 }, folder: scratch.path)
  }

  /// Makes a campaign of a token, or of the native coin, and loads these recipients.
  func campaign(_ name: String, token: EVMAddress?, _ numbers: [Int]) throws {
    try campaign(name, token: token, file: Recipient.file(numbers))
  }

  func campaign(_ name: String, token: EVMAddress?, file: String) throws {
    let asset = token.map { ["--token", EIP55.text($0)] } ?? []
    try run(["airdrop", "campaigns", "create", "--name", name, "--chain", "evm"] + asset).succeeded()
    let path = try scratch.write(file, to: "\(name).csv")
    try run(["airdrop", "recipients", "ingest", "--campaign", name, "--file", path]).succeeded()
  }

  /// How many payouts of a campaign stand where.
  func counts(_ campaign: String) throws -> [String: Int] {
    let shown = try run(["airdrop", "campaigns", "show", "--campaign", campaign, "--json"]).succeeded()
    let payouts = try #require(try shown.events.first?["payouts"]?.object)
    var counts: [String: Int] = [:]
    for member in payouts.members {
      if let count = member.value["count"]?.uint64, count > 0 { counts[member.key] = Int(count) }
    }
    return counts
  }

  func status(_ campaign: String) throws -> String? {
    try run(["airdrop", "campaigns", "show", "--campaign", campaign, "--json"]).succeeded().events.first?["status"]?
      .string
  }

  /// Rows of a dataset.
  func export(_ dataset: String, since: String? = nil) throws -> [JSON] {
    let cursor = since.map { ["--since", $0] } ?? []
    return try run(["export", "--dataset", dataset, "--format", "jsonl"] + cursor).succeeded().events
  }
}
