import Chains
import Codecs
import Engine
import Foundation
import Lottery
import Money
import Payouts
import Terminal

/// `campaigns ...`: make, look at, pause, resume and cancel.
enum CampaignCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .airdrop, "campaigns create", "Make a campaign: one distribution of one asset on one chain",
      example:
        "airdrop campaigns create --name Q4-Rewards --chain evm --token 0x5FbDB2315678afecb367f032d93F642f64180aa3",
      [
        .value("name", "NAME", "a unique name without spaces"),
        .value("chain", "CHAIN", "evm (the chain of AM_EVM_CHAIN_ID), or evm:1"),
        .value("token", "ADDRESS", "the token's contract; without it the native coin is paid"),
      ], run: create),
    CommandSpec(
      .airdrop, "campaigns list", "List campaigns", example: "airdrop campaigns list", run: list),
    CommandSpec(
      .airdrop, "campaigns show", "Show one campaign and how far it is",
      example: "airdrop campaigns show --campaign Q4-Rewards", [named], run: show),
    CommandSpec(
      .airdrop, "campaigns pause", "Stop new batches; what is on its way is still watched",
      example: "airdrop campaigns pause --campaign Q4-Rewards", [named, .value("reason", "TEXT", "why")], run: pause),
    CommandSpec(
      .airdrop, "campaigns resume", "Go on after a pause", example: "airdrop campaigns resume --campaign Q4-Rewards",
      [named], run: resume),
    CommandSpec(
      .airdrop, "campaigns cancel", "Pay nobody any more; what is on its way is voided where the chain still allows it",
      example: "airdrop campaigns cancel --campaign Q4-Rewards",
      [named, .value("reason", "TEXT", "why"), .flag("yes", "do not ask")], run: cancel),
  ]

  static let named = CommandSpec.Option.value("campaign", "NAME", "the campaign")

  private static func create(_ app: App) throws -> ExitStatus {
    let chainText = try app.arguments.required("chain")
    let chain: ChainID
    if chainText == "evm" {
      chain = try app.evmChain()
    } else if let named = ChainID(chainText), named.family == .evm {
      chain = named
    } else {
      throw CommandError(.usage, "\(chainText) is not a chain that can be paid on", hint: "evm, or evm:1")
    }
    let codec = try app.codec(chain)
    let token = try app.arguments["token"].map { Hex.prefixed(try codec.address($0).bytes) }
    let name = try app.arguments.required("name")
    guard !name.hasPrefix(LotteryBatch.namePrefix) else {
      throw CommandError(
        .usage, "campaigns named \(LotteryBatch.namePrefix)... are made by lotteries alone", hint: "choose another name"
      )
    }
    let campaign = try app.campaigns(try app.store(create: true)).create(
      name: name, uuid: UUID().uuidString.lowercased(),
      asset: AssetID(chain: chain.description, token: token), chain: chain)
    show(campaign, Tally(), app)
    return .success
  }

  private static func list(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    var table = TextTable([
      ("campaign", .left), ("status", .left), ("asset", .left), ("payouts", .right), ("confirmed", .right),
      ("failed", .right),
    ])
    var after: CampaignID?
    var isEmpty = true
    while true {
      let page = try store.campaigns(after: after, limit: 200)
      for campaign in page {
        isEmpty = false
        let tally = try store.tally(campaign.id)
        if app.terminal.isJSON {
          show(campaign, tally, app)
        } else {
          table.add([
            campaign.name, campaign.status.rawValue, campaign.asset.description, "\(tally.count)",
            "\(tally[.confirmed].count)", "\(tally[.failed].count)",
          ])
        }
      }
      guard page.count == 200, let last = page.last else { break }
      after = last.id
    }
    if !app.terminal.isJSON {
      app.terminal.line(isEmpty ? "There is no campaign yet. Make one: airdrop campaigns create --help" : table.text)
    }
    return .success
  }

  private static func show(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    show(campaign, try store.tally(campaign.id), app)
    return .success
  }

  private static func pause(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaigns(store).pause(try app.campaign(store), reason: app.arguments["reason"])
    show(campaign, try store.tally(campaign.id), app)
    return .success
  }

  private static func resume(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaigns(store).resume(try app.campaign(store))
    show(campaign, try store.tally(campaign.id), app)
    return .success
  }

  private static func cancel(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    let tally = try store.tally(campaign.id)
    if campaign.status != .canceled {
      try app.confirm(
        "Cancel \(campaign.name)? \(tally[.queued].count) payouts will fail, \(tally[.submitted].count) are on their way."
      )
    }
    let canceled = try app.campaigns(store).cancel(
      campaign, reason: app.arguments["reason"], log: try app.signingWitness(campaign.chain))
    show(canceled, try store.tally(canceled.id), app)
    if tally[.submitted].count > 0 {
      app.terminal.note(
        "Run the campaign once more to void or finish what is on its way: airdrop run --campaign \(campaign.name)")
    }
    return .success
  }

  /// One campaign, for people or as one JSON line.
  static func show(_ campaign: Campaign, _ tally: Tally, _ app: App) {
    if app.terminal.isJSON {
      app.terminal.line(json(campaign, tally).text)
      return
    }
    app.terminal.line("\(campaign.name)  \(campaign.status.rawValue)\(campaign.reason.map { " (\($0))" } ?? "")")
    app.terminal.line("  id        \(campaign.uuid)")
    app.terminal.line("  asset     \(campaign.asset)")
    app.terminal.line(
      "  mode      \(campaign.mode.rawValue), priority \(campaign.priority), at most \(campaign.maxBatch) per batch")
    for status in PayoutStatus.allCases where tally[status].count > 0 {
      app.terminal.line(
        "  \(status.rawValue.padded(to: 10))\(tally[status].count) payouts, \(tally[status].units) base units")
    }
    if tally.unknown > 0 { app.terminal.line("  of the submitted, \(tally.unknown) have an unknown fate") }
  }

  static func json(_ campaign: Campaign, _ tally: Tally) -> JSON {
    var counts = JSONObject()
    for status in PayoutStatus.allCases {
      _ = counts.append(
        status.rawValue, ["count": .integer(tally[status].count), "units": .string(tally[status].units.description)])
    }
    return [
      "event": "campaign", "id": .string(campaign.uuid), "name": .string(campaign.name),
      "status": .string(campaign.status.rawValue), "reason": campaign.reason.map { .string($0) } ?? .null,
      "chain": .string(campaign.chain.description), "token": campaign.asset.token.map { .string($0) } ?? .null,
      "mode": .string(campaign.mode.rawValue), "priority": .integer(campaign.priority),
      "max_batch": .integer(campaign.maxBatch), "payouts": .object(counts), "unknown": .integer(tally.unknown),
    ]
  }
}
