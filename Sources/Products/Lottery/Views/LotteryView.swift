package import Codecs

/// One view of the specification by its own name, with its arguments: what a command line or an interface asks for.
package struct LotteryView: Sendable {
  typealias Read =
    @Sendable (inout LotteryFieldWords, LotteryEngine, Context, ViewDocument) throws -> JSON

  /// `get_lottery_status`.
  package let name: String
  package let shape: [(flag: String, kind: LotteryFieldKind)]
  let read: Read

  init(_ name: String, _ shape: [(String, LotteryFieldKind)], _ read: @escaping Read) {
    self.name = name
    self.shape = shape.map { (flag: $0.0, kind: $0.1) }
    self.read = read
  }

  package static let all: [LotteryView] = described + others

  /// Throws `lottery_desk.unknown_view`.
  package static func named(_ name: String) throws(LotteryDeskError) -> LotteryView {
    guard let view = all.first(where: { $0.name == name }) else {
      throw LotteryDeskError(.unknownView, "no view is named \(name)")
    }
    return view
  }

  /// Whether `ViewSchema` describes it, so that its document holds versions 1.0.N and 2.0.N.
  package var isDescribed: Bool { ViewSchema.current.views[name] != nil }

  /// The view as a document of `major`; a view that the schema does not describe stands alone.
  ///
  /// Throws `lottery_desk.bad_argument`, and what the view itself throws.
  package func document(
    _ words: [String: String], of engine: LotteryEngine, _ context: Context, _ major: ViewSchema.Major
  ) throws -> JSON {
    var fields = LotteryFieldWords(words)
    let write = ViewDocument(major: major)
    let value = try read(&fields, engine, context, write)
    try fields.finish()
    guard isDescribed else { return ["view": .string(name), "value": value] }
    return write.envelope(updatedAt: nil, views: try JSONObject([(key: name, value: value)]))
  }
}

extension LotteryView {
  private static let page: [(String, LotteryFieldKind)] = [("from", .optionalUInt64), ("limit", .optionalUInt64)]

  /// First entry and length of a page; the first hundred unless said.
  private static func page(_ words: inout LotteryFieldWords) throws(LotteryDeskError) -> (from: UInt64, limit: UInt64) {
    let from = try words.optionalUInt64("from") ?? 0
    return (from, try words.optionalUInt64("limit") ?? 100)
  }

  /// Those of `ViewSchema`.
  private static let described: [LotteryView] = [
    LotteryView("get_lottery", [("id", .uint64)]) { words, engine, _, write in
      write.json(try engine.getLottery(try words.uint64("id")))
    },
    LotteryView("get_lottery_status", [("id", .uint64)]) { words, engine, _, write in
      write.json(try engine.getLotteryStatus(try words.uint64("id")))
    },
    LotteryView("get_lottery_badges", [("id", .uint64)]) { words, engine, _, write in
      write.json(badges: try engine.getLotteryBadges(try words.uint64("id")))
    },
    LotteryView("get_badge_metadata", [("primary_type", .uint8), ("tags_mask", .uint64)]) { words, engine, _, write in
      let type = try words.uint8("primary_type")
      return write.json(engine.getBadgeMetadata(primaryType: type, tagsMask: try words.uint64("tags_mask")))
    },
    LotteryView("accounting_snapshot", [("id", .uint64)]) { words, engine, _, write in
      write.json(try engine.accountingSnapshot(try words.uint64("id")))
    },
    LotteryView("get_vrf_deposit_status", []) { _, engine, _, write in write.json(engine.getVrfDepositStatus()) },
    LotteryView("get_lottery_summary", [("id", .uint64)]) { words, engine, _, write in
      write.json(try engine.getLotterySummary(try words.uint64("id")))
    },
    LotteryView("status_overview", []) { _, engine, context, write in write.json(try engine.statusOverview(context)) },
    LotteryView("list_automation_bots", []) { _, engine, _, write in
      .array(engine.listAutomationBots().map { write.json($0) })
    },
    LotteryView("get_automation_bot", [("bot_operator", .address)]) { words, engine, _, write in
      engine.getAutomationBot(try words.address("bot_operator")).map { write.json($0) } ?? .null
    },
    LotteryView("list_active", page) { words, engine, _, write in
      let page = try page(&words)
      return write.ids(try engine.listActive(from: page.from, limit: page.limit))
    },
    LotteryView("list_by_primary_type", [("type", .uint8)] + page) { words, engine, _, write in
      let (type, page) = (try words.uint8("type"), try page(&words))
      return write.ids(try engine.listByPrimaryType(type, from: page.from, limit: page.limit))
    },
    LotteryView("list_by_tag_mask", [("mask", .uint64)] + page) { words, engine, _, write in
      let (mask, page) = (try words.uint64("mask"), try page(&words))
      return write.ids(try engine.listByTagMask(mask, from: page.from, limit: page.limit))
    },
    LotteryView("list_by_all_tags", [("mask", .uint64)] + page) { words, engine, _, write in
      let (mask, page) = (try words.uint64("mask"), try page(&words))
      return write.ids(try engine.listByAllTags(mask, from: page.from, limit: page.limit))
    },
    LotteryView("list_finalized_ids", page) { words, engine, _, write in
      let page = try page(&words)
      return write.ids(try engine.listFinalizedIds(from: page.from, limit: page.limit))
    },
  ]

  /// Those that the schema does not describe.
  private static let others: [LotteryView] = [
    LotteryView("validate_config", [("id", .uint64)]) { words, engine, _, _ in
      try engine.validateConfig(try words.uint64("id"))
      return ["is_valid": true]
    },
    LotteryView("get_cancellation", [("id", .uint64)]) { words, engine, _, write in
      try engine.getCancellation(try words.uint64("id")).map { write.json($0) } ?? .null
    },
    LotteryView("get_refund_progress", [("id", .uint64)]) { words, engine, _, write in
      write.json(engine.getRefundProgress(try words.uint64("id")))
    },
    LotteryView("winner_progress", [("id", .uint64)]) { words, engine, _, write in
      write.json(engine.winnerProgress(try words.uint64("id")))
    },
    LotteryView("list_winners", [("id", .uint64)] + page) { words, engine, _, write in
      let (id, page) = (try words.uint64("id"), try page(&words))
      let winners = engine.winners(id, from: Int(clamping: page.from), limit: Int(clamping: min(page.limit, 1_000)))
      return .array(winners.map { write.json($0) })
    },
    LotteryView("vrf_state_view", [("id", .uint64)]) { words, engine, _, write in
      write.json(engine.vrfStateView(try words.uint64("id")))
    },
    LotteryView("draw_payload", [("id", .uint64)]) { words, engine, _, write in
      write.bytes(engine.draws?.states[try words.uint64("id")]?.payload ?? [])
    },
    LotteryView("payout_batch_cap_view", []) { _, engine, _, write in
      engine.roles?.payoutBatchCap.map { write.json($0) } ?? .null
    },
    LotteryView("list_partner_caps", []) { _, engine, _, write in
      .array(try engine.listPartnerCaps().map { write.json($0) })
    },
    LotteryView("list_premium_caps", []) { _, engine, _, write in
      .array(try engine.listPremiumCaps().map { write.json($0) })
    },
    LotteryView("get_price_view", [("asset_id", .uint64)]) { words, engine, _, write in
      write.json(try engine.priceView(assetId: try words.uint64("asset_id")))
    },
    LotteryView("dual_write_status", [("id", .uint64)]) { words, engine, _, write in
      write.json(engine.dualWriteStatus(of: try words.uint64("id")))
    },
    LotteryView("get_dual_write_overview", []) { _, engine, _, write in write.json(engine.dualWriteOverview) },
  ]
}
