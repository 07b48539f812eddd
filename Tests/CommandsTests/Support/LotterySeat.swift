import Codecs
import EVMDriver
import Foundation
import Testing

/// A desk of lotteries by its command line, which may be killed at any step.
struct LotterySeat {
  let desk: Desk
  /// Milliseconds after which a step is killed, one after the other; empty: never.
  let deaths: [Int]
  private let counter = Counter()

  private final class Counter {
    var step = 0
    var killed = 0
  }

  init(_ desk: Desk, deaths: [Int] = []) {
    self.desk = desk
    self.deaths = deaths
  }

  /// How many steps were ended by SIGKILL while they ran.
  var killed: Int { counter.killed }

  /// `almoner lottery ...` under a key of its own, killed on its way and typed again until it ends by itself.
  @discardableResult
  func must(_ line: String...) throws -> [JSON] {
    counter.step += 1
    return try survive(["lottery"] + line + ["--key", "step-\(counter.step)", "--json"])
  }

  /// The same without a key.
  @discardableResult
  func ask(_ line: String...) throws -> [JSON] { try survive(["lottery"] + line + ["--json"]) }

  private func survive(_ line: [String]) throws -> [JSON] {
    if !deaths.isEmpty {
      let running = try Program.Running(line, environment: desk.environment, folder: desk.scratch.path)
      Thread.sleep(forTimeInterval: Double(deaths[counter.step % deaths.count]) / 1000)
      running.send(SIGKILL)
      if try running.finish().status == -SIGKILL { counter.killed += 1 }
    }
    return try desk.run(line).succeeded().events
  }

  /// A view's value.
  func view(_ name: String, _ line: String...) throws -> JSON {
    let shown = try #require(try desk.run(["lottery", name] + line).succeeded().events.first)
    return try #require(shown["views"]?[name] ?? shown["value"])
  }

  /// Everything that must hold: lotteries, ledger and trail.
  func isWhole() throws -> Bool {
    for line in [["lottery", "check"], ["store", "check"], ["audit", "verify"]] {
      let ended = try desk.run(line)
      guard ended.status == 0 else {
        Issue.record("\(line): \(ended.out) \(ended.error)")
        return false
      }
    }
    return true
  }

  // MARK: A life

  func begin(token: EVMAddress) throws {
    try must("init_registry", "--admin", "0xad", "--token", EIP55.text(token))
    for step in ["init_sales", "init_draw", "init_payouts", "init_roles", "init_history"] { try must(step) }
    try must(
      "set_payout_batch_cap_admin", "--holder", "0xad", "--max_batch_size", "0", "--operations_budget_total",
      "1000000", "--cooldown_secs", "0", "--nonce_stride", "1")
  }

  /// A lottery on sale: tickets of 1,000, so many winners.
  func open(_ id: Int, winners: Int) throws {
    let now = Int(Date().timeIntervalSince1970)
    let path = try desk.scratch.write(
      """
      {"event_slug": "spring", "series_code": "weekly", "run_id": \(id), "config_version": 1, "primary_type": 0,
       "tags_mask": 0, "sales_window": {"sales_start": \(now - 60), "sales_end": \(now + 3_600)}, "ticket_price": 1000,
       "ticket_limits": {"max_tickets_total": 1000, "max_tickets_per_address": 0},
       "sales_distribution": {"prize_bps": 7000, "jackpot_bps": 1500, "operations_bps": 1000, "reserve_bps": 500},
       "prize_plan": [{"slot_id": 1, "winners_per_slot": \(winners), "reward_type": 0, "reward_payload": "0x"}],
       "winners_dedup": true, "draw_algo": 0, "auto_close_policy": {"enabled": true, "grace_period_secs": 60},
       "reward_backend": {"backend_type": 0, "config_blob": "0x"},
       "vrf_retry_policy": {"strategy": 0, "base_delay_secs": 600, "max_delay_secs": 600}}
      """, to: "lottery-\(id).json")
    try must("create_draft_admin", "--id", "\(id)", "--lottery_config", "@\(path)")
    try must("advance_status", "--id", "\(id)", "--status", "active")
  }

  func buy(_ id: Int, _ buyer: Int, _ quantity: Int) throws {
    try must("purchase_tickets_public", "--id", "\(id)", "--quantity", "\(quantity)", "--as", Recipient.text(buyer))
  }

  /// Closes, draws by a number of the test's, and computes the winners by threes.
  func draw(_ id: Int, winners: Int) throws {
    try must("advance_status", "--id", "\(id)", "--status", "closing")
    try must("request_draw_admin", "--id", "\(id)", "--nonce", "\(id)", "--confirmations", "1")
    let payload = try #require(try view("draw_payload", "--id", "\(id)").string)
    try must(
      "vrf_callback", "--nonce", "\(id)", "--message", payload, "--signature", "0x", "--caller_address", "0xad",
      "--rng_count", "1", "--client_seed", "0", "--numbers", "0x" + String(repeating: "5a", count: 32))
    for _ in stride(from: 0, to: winners, by: 3) {
      try must("compute_winners_admin", "--id", "\(id)", "--batch_limit", "3")
    }
  }

  /// Runs a campaign to its end; while it has something on its way, it is killed at each of these events.
  func run(_ campaign: String, killedAt events: [String] = []) throws -> Int {
    var kills = 0
    for event in events {
      let running = try desk.begin(
        "run", "--campaign", campaign, "--yes", "--json", "--max-batch", "2", "--concurrency", "2",
        "--give-up-after", "30")
      let deadline = Date().addingTimeInterval(30)
      while running.process.isRunning, Date() < deadline, !running.out.contains("\"event\":\"\(event)\"") {
        Thread.sleep(forTimeInterval: 0.002)
      }
      running.send(SIGKILL)
      if try running.finish().status == -SIGKILL { kills += 1 }
    }
    try desk("run", "--campaign", campaign, "--yes", "--max-batch", "2", "--give-up-after", "60").succeeded()
    return kills
  }
}
