package import Codecs

extension Config {
  /// Reads a configuration in the form of the view `get_lottery`: the same members, in any order. Numbers are JSON numbers or
  /// decimal text; byte strings are `0x…`, or plain text. Nothing is left out and nothing more may stand there.
  ///
  /// Throws `lottery_desk.bad_config`, `lottery.distribution_bps_invalid`.
  package init(json: JSON) throws {
    var top = try ConfigObject(json, "config")
    let window = try top.object("sales_window") { try ($0.u64("sales_start"), $0.u64("sales_end")) }
    let limits = try top.object("ticket_limits") {
      try TicketLimits(
        maxTicketsTotal: $0.u64("max_tickets_total"), maxTicketsPerAddress: $0.u64("max_tickets_per_address"))
    }
    let shares = try top.object("sales_distribution") {
      try SalesDistribution(
        prizeBps: $0.number("prize_bps"), jackpotBps: $0.number("jackpot_bps"),
        operationsBps: $0.number("operations_bps"), reserveBps: $0.number("reserve_bps"))
    }
    let plan = try top.list("prize_plan") {
      try PrizeSlot(
        slotId: $0.u64("slot_id"), winnersPerSlot: $0.number("winners_per_slot"), rewardType: $0.number("reward_type"),
        rewardPayload: $0.bytes("reward_payload"))
    }
    let close = try top.object("auto_close_policy") {
      try AutoClosePolicy(enabled: $0.bool("enabled"), gracePeriodSecs: $0.u64("grace_period_secs"))
    }
    let backend = try top.object("reward_backend") {
      try RewardBackend(backendType: $0.number("backend_type"), configBlob: $0.bytes("config_blob"))
    }
    let retry = try top.object("vrf_retry_policy") {
      try RetryPolicy(
        strategy: $0.number("strategy"), baseDelaySecs: $0.u64("base_delay_secs"),
        maxDelaySecs: $0.u64("max_delay_secs"))
    }
    self = try Config(
      eventSlug: top.bytes("event_slug"), seriesCode: top.bytes("series_code"), runId: top.u64("run_id"),
      configVersion: top.u64("config_version"), primaryType: top.number("primary_type"),
      tagsMask: top.u64("tags_mask"), salesWindow: SalesWindow(salesStart: window.0, salesEnd: window.1),
      ticketPrice: top.u64("ticket_price"), ticketLimits: limits, salesDistribution: shares, prizePlan: plan,
      winnersDedup: top.bool("winners_dedup"), drawAlgo: top.number("draw_algo"), autoClosePolicy: close,
      rewardBackend: backend, vrfRetryPolicy: retry)
    try top.finish()
  }
}

/// The members of one object, each of which must be read.
private struct ConfigObject {
  private let object: JSONObject
  private let place: String
  private var used: Set<String> = []

  init(_ json: JSON, _ place: String) throws(LotteryDeskError) {
    guard let object = json.object else { throw LotteryDeskError(.badConfig, "\(place) is no object") }
    self.object = object
    self.place = place
  }

  private mutating func member(_ name: String) throws(LotteryDeskError) -> JSON {
    used.insert(name)
    guard let value = object[name] else { throw LotteryDeskError(.badConfig, "\(place).\(name) is missing") }
    return value
  }

  mutating func number<Value: FixedWidthInteger>(_ name: String) throws(LotteryDeskError) -> Value {
    let member = try member(name)
    guard let text = member.number ?? member.string, let value = Value(text), String(value) == text else {
      throw LotteryDeskError(.badConfig, "\(place).\(name) is no whole number up to \(Value.max)")
    }
    return value
  }

  mutating func u64(_ name: String) throws(LotteryDeskError) -> UInt64 { try number(name) }

  mutating func bool(_ name: String) throws(LotteryDeskError) -> Bool {
    guard let value = try member(name).bool else {
      throw LotteryDeskError(.badConfig, "\(place).\(name) is neither true nor false")
    }
    return value
  }

  mutating func bytes(_ name: String) throws(LotteryDeskError) -> [UInt8] {
    guard let text = try member(name).string else { throw LotteryDeskError(.badConfig, "\(place).\(name) is no text") }
    guard text.hasPrefix("0x") else { return Array(text.utf8) }
    guard let bytes = Hex.bytes(String(text.dropFirst(2))) else {
      throw LotteryDeskError(.badConfig, "\(place).\(name) is not hexadecimal")
    }
    return bytes
  }

  mutating func object<Value>(_ name: String, _ read: (inout ConfigObject) throws -> Value) throws -> Value {
    var inner = try ConfigObject(try member(name), "\(place).\(name)")
    let value = try read(&inner)
    try inner.finish()
    return value
  }

  mutating func list<Value>(_ name: String, _ read: (inout ConfigObject) throws -> Value) throws -> [Value] {
    guard let elements = try member(name).array else {
      throw LotteryDeskError(.badConfig, "\(place).\(name) is no list")
    }
    return try elements.enumerated().map { index, element in
      var inner = try ConfigObject(element, "\(place).\(name)[\(index)]")
      let value = try read(&inner)
      try inner.finish()
      return value
    }
  }

  func finish() throws(LotteryDeskError) {
    guard let unknown = object.keys.first(where: { !used.contains($0) }) else { return }
    throw LotteryDeskError(.badConfig, "\(place).\(unknown) is unknown")
  }
}
