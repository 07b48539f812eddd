import Codecs
import Foundation
import OpenSSL
import TestSupport
import Testing

/// `almoner ops ...` as a process, against the Supra development node as another.
@Suite("Operators' program")
struct OperationsProgramTests {
  let node: SupraNode
  let scratch: Scratch

  init() throws {
    node = try SupraNode()
    scratch = try Scratch()
    try scratch.write(Hex.text(try SHA256.hash(Array("dev:supra:0".utf8)).bytes) + "\n", to: "key")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch("key"))
  }

  var environment: [String: String] {
    [
      "AM_DB_DSN": "sqlite:" + scratch("desk.db"), "AM_SUPRA_RPC": node.url, "AM_SUPRA_CHAIN_ID": "6",
      "AM_SUPRA_KEY_FILE": scratch("key"), "AM_POLL_MS": "30", "PROFILE": "ops", "LOTTERY_ADDR": "0xa1",
      "DEPOSIT_ADDR": "0xd1", "MAX_GAS_PRICE": "1000", "MAX_GAS_LIMIT": "500000", "VERIFICATION_GAS_VALUE": "25000",
    ]
  }

  func run(_ words: String..., with more: [String: String] = [:]) throws -> Program.Ended {
    try Program.run(["ops"] + words, environment: environment.merging(more) { $1 }, folder: scratch.path)
  }

  /// The one JSON value on standard output.
  func value(_ ended: Program.Ended) throws -> JSON { try JSON.parse(ended.out) }

  @Test func `the report is one line of JSON, whole, with the chain's meaning of the flag`() throws {
    let ended = try run("monitor-json").succeeded()
    #expect(ended.out.split(separator: "\n").count == 1)
    let report = try value(ended)
    #expect(report["deposit"]?["balance"] == "20000000000")
    #expect(report["deposit"]?["min_balance_reached"] == .bool(false))
    #expect(report["deposit"]?["min_balance_ok"] == .bool(true))
    #expect(report["degraded"] == nil && report["profile"] == "ops")
    #expect(
      try value(try run("monitor-json", "--pretty").succeeded()).without("timestamp") == report.without("timestamp"))
  }

  @Test func `a low balance ends with 1 when asked, and says below what`() throws {
    try node.control(["do": "set-view", "call": "0xd1::deposit::checkClientFund 0xa1:0xa1", "result": ["100"]])
    #expect(try run("monitor-json").status == 0)
    let low = try run("monitor-json", "--fail-on-low")
    #expect(low.status == 1 && low.error.contains("below calculation.min_balance 15750000000"))
    // The contract's own minimum is larger: then that one counts.
    try node.control(
      ["do": "set-view", "call": "0xd1::deposit::checkMinBalanceClient 0xa1:0xa1", "result": ["30000000000"]])
    try node.control(["do": "set-view", "call": "0xd1::deposit::checkClientFund 0xa1:0xa1", "result": ["20000000000"]])
    let own = try run("monitor-json", "--fail-on-low")
    #expect(own.status == 1 && own.error.contains("below deposit.min_balance 30000000000"))
  }

  @Test func `a view that cannot be read leaves the rest of the report, and another exit code`() throws {
    let ended = try run("monitor-json", with: ["CLIENT_ADDR": "0xa2"])
    #expect(ended.status == 76)
    let report = try value(ended)
    #expect(report["deposit"]?["balance"]?["error"] == "rail.view_refused")
    #expect(report["hub"]?["lottery_count"] == "1")
    #expect(report["degraded"]?.array?.contains { $0["path"] == "deposit.balance" } == true)
    #expect(ended.error.contains("[warning] deposit.balance could not be read"))
  }

  @Test func `missing settings, bad ones and silent nodes have codes of their own`() throws {
    #expect(try run("monitor-json", with: ["MAX_GAS_PRICE": ""]).status == 64)
    #expect(try run("monitor-json", with: ["MAX_GAS_PRICE": "-1"]).code == "operations.bad_setting")
    #expect(try run("monitor-json", with: ["AM_PROFILE": "other"]).code == "operations.bad_setting")
    #expect(try run("monitor-json", with: ["AM_SUPRA_RPC": ""]).code == "config.missing")
    let silent = try run(
      "monitor-json", with: ["AM_SUPRA_RPC": "http://127.0.0.1:9", "AM_SUPRA_TIMEOUT_MS": "500"])
    #expect(silent.status == 69 && silent.code == "rail.no_quorum")
    let other = try run("monitor-json", with: ["AM_SUPRA_CHAIN_ID": "8"])
    #expect(other.code == "rail.no_quorum" && other.error.contains("serves chain 6"))
  }

  @Test func `the calculator needs no network`() throws {
    let words = ["calc-min-balance", "--max-gas-price", "1", "--max-gas-limit", "2", "--verification-gas", "3"]
    let text = try Program.run(["ops"] + words, folder: scratch.path).succeeded()
    #expect(text.out.contains("Minimum balance (30 requests): 150 quants (~0.000002 SUPRA)"))
    let json = try Program.run(["ops"] + words + ["--json"], folder: scratch.path).succeeded()
    #expect(try value(json)["min_balance"] == "150")
    let huge = try Program.run(
      ["ops", "calc-min-balance", "--max-gas-price", "340282366920938463463374607431768211455", "--max-gas-limit", "2"]
        + ["--verification-gas", "0"], folder: scratch.path)
    #expect(huge.code == "operations.overflow" && huge.status == 65)
  }

  // MARK: Faces

  @Test func `metrics have comments, labels and a push`() throws {
    let hook = try LocalServer()
    let ended = try run(
      "monitor-prometheus", "--label", "env=test", "--label", "region=a\nb", "--push-url", "\(hook.base)/status/200")
    try ended.succeeded()
    #expect(ended.out.contains("# TYPE supra_dvrf_balance_ratio gauge\nsupra_dvrf_balance_ratio{"))
    #expect(ended.out.contains(#"env="test""#) && ended.out.contains(#"region="a\nb""#))
    #expect(ended.out.contains(" 1.269841\n"))
    #expect(ended.out.contains(#"lottery_id="1""#) && ended.out.contains("supra_dvrf_rng_count{"))
    let refused = try run("monitor-prometheus", "--push-url", "\(hook.base)/status/500", "--push-method", "PUT")
    #expect(refused.code == "operations.not_delivered" && refused.out.contains("supra_dvrf_ticket_count"))
    #expect(try run("monitor-prometheus", "--label", "novalue").status == 64)
  }

  @Test func `a message is printed, and posted unless it is a dry run`() throws {
    let dry = try run("monitor-slack", "--dry-run", "--include-json").succeeded()
    #expect(dry.out.hasPrefix("✅ Supra dVRF status\nProfile: ops\n") && dry.out.contains("```"))
    #expect(try run("monitor-slack").status == 64)
    let hook = try LocalServer()
    #expect(try run("monitor-slack", "--webhook-url", "\(hook.base)/status/200").status == 0)
    let failed = try run("monitor-slack", "--webhook-url", "\(hook.base)/status/404", "--webhook-type", "teams")
    #expect(failed.code == "operations.not_delivered")
    // A URL may hold a token: only its host is told.
    #expect(!failed.error.contains("/status/404"))
  }

  @Test func `the check tells violations from a good deposit`() throws {
    let good = try run("monitor-check").succeeded()
    #expect(try value(good)["status"] == "ok")
    let bad = try run("monitor-check", with: ["MIN_BALANCE_LIMIT": "30000000000"])
    #expect(bad.status == 1)
    #expect(try value(bad)["checks"]?["violations"] == ["AVAILABLE_BELOW_EXPECTED_MIN_BALANCE"])
  }

  // MARK: Draws

  @Test func `a draw is judged, asked for once, and not again while its request is open`() throws {
    let dry = try run("auto-draw", "--require-aggregator", "--expect-aggregator", "0xAGG").succeeded()
    #expect(try value(dry)["status"] == "ready_dry_run")
    let first = try run("auto-draw", "--execute").succeeded()
    let line = try value(first)
    #expect(first.out.split(separator: "\n").count == 1)
    #expect(line["status"] == "executed" && line["exit_code"] == .integer(0))
    #expect(line["manual_draw"]?["call"]?["function"] == "0xa1::main_v2::manual_draw")
    #expect(line["manual_draw"]?["tx_hash"]?.string?.count == 66)
    #expect(line["manual_draw"]?["gas_used"] == .integer(500))
    let second = try run("auto-draw", "--execute")
    #expect(second.status == 0)
    #expect(try value(second)["status"] == "not_ready")
    #expect(try value(second)["readiness"]?["reasons"]?.array?.first?["code"] == "pending_request")
    #expect(try value(try run("draw-readiness", "--json-summary"))["pending_request_id"] == "17")
    #expect(try run("draw-readiness").status == 1)
  }

  @Test func `a draw that Move refuses ends with the code of a failed transaction`() throws {
    let ended = try run("auto-draw", "--execute", "--function-id", "0xa1::main_v2::broken_draw")
    #expect(ended.status == 71)
    #expect(try value(ended)["status"] == "manual_draw_failed")
    #expect(try value(ended)["manual_draw"]?["vm_status"]?.string?.contains("E_NOT_READY") == true)
    let hand = try run("manual-draw", "--assume-yes", "--json-result", "--function-id", "0xa1::main_v2::broken_draw")
    #expect(hand.status == 71)
    #expect(try value(hand)["outcome"] == "dead")
  }

  @Test func `errors of a scheduler's run stand in its line too`() throws {
    let ended = try run("auto-draw", with: ["MAX_GAS_LIMIT": ""])
    #expect(ended.status == 64)
    let line = try value(ended)
    #expect(line["status"] == "error" && line["exit_code"] == .integer(64) && line["readiness"] == .null)
    let keyless = try run("auto-draw", "--execute", with: ["AM_SUPRA_KEY_FILE": scratch("none")])
    #expect(try value(keyless)["status"] == "manual_draw_failed")
    #expect(keyless.status != 0)
  }

  @Test func `a draw by hand asks first, and a dry run sends nothing`() throws {
    let asked = try run("manual-draw")
    #expect(asked.code == "command.declined" && asked.status == 77)
    let dry = try run("manual-draw", "--dry-run", "--json-result").succeeded()
    #expect(try value(dry)["dry_run"] == .bool(true) && value(dry)["tx_hash"] == .null)
    #expect(try node.control(["do": "stats"])["/rpc/v3/transactions/submit"] == nil)
  }

  @Test func `safe mode and a key that others can read send nothing`() throws {
    let safe = try run("manual-draw", "--assume-yes", with: ["AM_SAFE_MODE": "yes"])
    #expect(safe.code == "config.not_supported")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: scratch("key"))
    #expect(try run("manual-draw", "--assume-yes").code == "config.bad_value")
    #expect(try node.control(["do": "stats"])["/rpc/v3/transactions/submit"] == nil)
  }

  // MARK: Lock

  @Test func `of two runs at once one draws, the other says locked and asks nothing`() throws {
    // The first run hangs at its first answers while the second comes and goes.
    try node.control(
      ["do": "fault", "kind": "delay", "path": "view", "ms": .integer(1_500), "count": .integer(1)])
    let lock = scratch("draw.lock")
    let words = ["ops", "auto-draw", "--execute", "--lock-file", lock]
    let first = try Program.Running(words, environment: environment, folder: scratch.path)
    try first.wait { _ in (try? String(contentsOfFile: lock, encoding: .utf8))?.contains("profile") == true }
    let second = try Program.run(words, environment: environment, folder: scratch.path)
    #expect(second.status == 0)
    #expect(try JSON.parse(second.out)["status"] == "locked")
    let ended = try first.finish()
    #expect(try JSON.parse(ended.out)["status"] == "executed")
    #expect(try node.control(["do": "stats"])["/rpc/v3/transactions/submit"] == .integer(1))
    // The file stays, and hinders nobody.
    #expect(try value(try run("auto-draw", "--lock-file", lock))["status"] == "not_ready")
  }

  @Test func `a process that died holds no lock`() throws {
    try node.control(
      ["do": "fault", "kind": "delay", "path": "view", "ms": .integer(20_000), "count": .integer(1)])
    let lock = scratch("draw.lock")
    let words = ["ops", "auto-draw", "--lock-file", lock]
    let dying = try Program.Running(words, environment: environment, folder: scratch.path)
    try dying.wait { _ in (try? String(contentsOfFile: lock, encoding: .utf8))?.contains("profile") == true }
    dying.send(SIGKILL)
    #expect(try dying.finish().status == -SIGKILL)
    #expect(try value(try run("auto-draw", "--lock-file", lock))["status"] == "ready_dry_run")
  }
}

extension JSON {
  fileprivate func without(_ key: String) -> [String: JSON] {
    var members: [String: JSON] = [:]
    for member in object?.members ?? [] where member.key != key { members[member.key] = member.value }
    return members
  }
}
