import Chains
import Codecs
import Engine
import Money
import Payouts
import Terminal

/// `payouts ...`: one payout's state, lists, compensation.
enum PayoutCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .airdrop, "payouts status", "Show one payout and its transaction",
      example: "airdrop payouts status --payout-id abc123", [.value("payout-id", "ID", "the payout's id")],
      run: status),
    CommandSpec(
      .airdrop, "payouts list", "List payouts of a campaign",
      example: "airdrop payouts list --campaign Q4-Rewards --status failed",
      [
        CampaignCommands.named, .value("status", "STATUS", "queued, submitted, confirmed, failed or compensated"),
        .value("limit", "N", "at most this many (100)"), .value("after", "CURSOR", "go on after this cursor"),
      ], run: list),
    CommandSpec(
      .airdrop, "payouts compensate",
      "Settle a failed or confirmed payout in the ledger, with a reason; nothing is sent",
      example: "airdrop payouts compensate --payout-id abc123 --reason PAID_BY_HAND",
      [
        .value("payout-id", "ID", "the payout's id"), .value("reason", "CODE", "2 to 40 of A-Z, 0-9 and _"),
        .flag("yes", "do not ask"),
      ], run: compensate),
  ]

  private static func status(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let key = try app.arguments.required("payout-id")
    guard let view = try store.payout(key: key), let campaign = try store.campaign(view.campaign) else {
      throw PayoutError(.notFound, "there is no payout \(key)", hint: "see them with: airdrop payouts list")
    }
    show(view, campaign, app)
    return .success
  }

  private static func list(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    let limit = try app.arguments.number("limit", in: 1...100_000) ?? 100
    let status = try app.arguments["status"].map { text in
      guard let status = PayoutStatus(rawValue: text) else {
        throw CommandError(
          .usage, "\(text) is no status", hint: PayoutStatus.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return status
    }
    var after = try app.arguments.number("after", in: 0...Int64.max).map { PayoutID($0) }
    var left = Int(limit)
    var table = TextTable([
      ("payout", .left), ("address", .left), ("units", .right), ("status", .left), ("transaction", .left),
    ])
    while left > 0 {
      let page = try store.payouts(campaign.id, status: status, after: after, limit: min(left, 1_000))
      for view in page {
        if app.terminal.isJSON {
          show(view, campaign, app)
        } else {
          table.add([
            view.key, addressText(view.address, campaign, app), view.units.description,
            view.errorCode.map { "\(view.status.rawValue) \($0)" } ?? view.status.rawValue,
            view.transaction?.description ?? "-",
          ])
        }
      }
      left -= page.count
      guard let last = page.last, page.count == 1_000 || left == 0 else { break }
      after = last.payout
    }
    if !app.terminal.isJSON {
      app.terminal.line(table.text)
      if left == 0, let after { app.terminal.note("More: --after \(after)") }
    }
    return .success
  }

  private static func compensate(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let key = try app.arguments.required("payout-id")
    let reason = try app.arguments.required("reason")
    if let view = try store.payout(key: key), view.status != .compensated {
      try app.confirm("Settle \(key), \(view.units) base units, \(view.status.rawValue), in the ledger for \(reason)?")
    }
    let view = try app.campaigns(store).compensate(payoutKey: key, reason: reason)
    guard let campaign = try store.campaign(view.campaign) else { return .software }
    show(view, campaign, app)
    return .success
  }

  static func addressText(_ address: Address, _ campaign: Campaign, _ app: App) -> String {
    (try? app.codec(campaign.chain).text(address)) ?? Hex.prefixed(address.bytes)
  }

  static func json(_ view: PayoutView, _ campaign: Campaign, address: String) -> JSON {
    let fate: JSON =
      switch view.fate {
      case nil: .null
      case .pending?: "pending"
      case .unknown(let why)?: .string("unknown(\(why.rawValue))")
      }
    return [
      "payout_id": .string(view.key), "campaign": .string(campaign.name), "address": .string(address),
      "amount": .string(view.units.description), "status": .string(view.status.rawValue), "fate": fate,
      "tx_hash": view.transaction.map { .string($0.description) } ?? .null,
      "out_index": view.outIndex.map { .integer($0) } ?? .null,
      "error_code": view.errorCode.map { .string($0) } ?? .null,
      "error_msg": view.errorMessage.map { .string($0) } ?? .null, "row": .integer(view.rowNumber),
    ]
  }

  static func show(_ view: PayoutView, _ campaign: Campaign, _ app: App) {
    let address = addressText(view.address, campaign, app)
    if app.terminal.isJSON { return app.terminal.line(json(view, campaign, address: address).text) }
    app.terminal.line("\(Printable.foreign(view.key))  \(view.status.rawValue)")
    app.terminal.line("  campaign     \(campaign.name)")
    app.terminal.line("  address      \(address)")
    app.terminal.line("  amount       \(view.units) base units of \(campaign.asset)")
    if case .unknown(let why)? = view.fate { app.terminal.line("  fate         unknown (\(why.rawValue))") }
    if let hash = view.transaction {
      app.terminal.line("  transaction  \(hash)\(view.outIndex.map { ", place \($0)" } ?? "")")
    }
    if let code = view.errorCode {
      app.terminal.line("  reason       \(code)\(view.errorMessage.map { ": \(Printable.foreign($0))" } ?? "")")
    }
  }
}
