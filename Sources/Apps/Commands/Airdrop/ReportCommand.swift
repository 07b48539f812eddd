import Airdrop
import Chains
import Codecs
import EVMDriver
import Engine
import Foundation
import Payouts
import Terminal

/// `report`: what became of a campaign, for people, programs and finance. Reads only, and needs no node and no key.
enum ReportCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .airdrop, "report", "Report on a campaign: progress, fees, batches, failures, timeline, proof",
      example: "airdrop report --campaign Q4-Rewards --html q4-rewards.html",
      [
        CampaignCommands.named, .value("html", "FILE", "also write one self-contained HTML page; replaces the file"),
        .flag("verify", "verify the audit trail too, from its first record"),
      ], run: report)
  ]

  private static func report(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    let verification = app.arguments.has("verify") ? try app.audit(store).verify() : nil
    let report = try make(campaign, store, app, notices: notices(campaign, app), verification: verification)
    let page = app.arguments["html"]
    if let page { try write(report, to: page) }
    show(report, page: page, app)
    return verification?.isWhole ?? true ? .success : .findings
  }

  /// The report of a campaign as it stands now.
  static func make(
    _ campaign: Campaign, _ store: any PayoutStore, _ app: App, notices: [String], verification: AuditReport? = nil
  ) throws -> CampaignReport {
    let builder = ReportBuilder(store: store) { PayoutCommands.addressText($0, campaign, app) }
    return try builder.build(campaign, at: app.clock.now(), notices: notices, verification: verification)
  }

  /// Prints the report: text for people, one JSON line for programs.
  static func show(_ report: CampaignReport, page: String?, _ app: App) {
    app.terminal.line(app.terminal.isJSON ? report.json.text : report.text)
    if let page { app.terminal.note("The page for a browser lies in \(Printable.foreign(page, most: 600))") }
  }

  /// Writes the page whole or not at all. Throws `command.cannot_write`.
  static func write(_ report: CampaignReport, to path: String) throws(CommandError) {
    do { try Data(report.html.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw CommandError(
        .cannotWrite, "the report cannot be written to \(path)", hint: "check the folder, its owner, and the space")
    }
  }

  /// What the settings say about the protection of later runs; a report needs no node, so a missing one is no error.
  private static func notices(_ campaign: Campaign, _ app: App) -> [String] {
    guard app.settings["AM_EVM_RPC"] != nil, let rail = try? app.rail(campaign.chain), rail.quorum.isUnprotected else {
      return []
    }
    return ["Only one node is configured: what it says is believed. Name three in AM_EVM_RPC."]
  }
}
