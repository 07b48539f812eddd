import Airdrop
import Chains
import Codecs
import Engine
import Foundation
import Money
import Payouts
import Signing
import Store
import Terminal

/// The main job, step by step, as the commands do it: load, quote, run, reconcile, verify, report.
struct DemoJob {
  let app: App
  let world: any DemoWorld
  let folder: String
  let file: String

  func run() throws -> ExitStatus {
    let store = try app.store(create: true)
    let service = try app.campaigns(store)
    let chain = world.rail.codec.chain
    heading("1. A campaign and its recipients")
    let made = try service.create(name: "Demo", uuid: UUID().uuidString.lowercased(), asset: world.asset, chain: chain)
    let copy = folder + "/" + URL(fileURLWithPath: file).lastPathComponent
    try FileManager.default.copyItem(atPath: file, toPath: copy)
    let report = try RecipientCommands.ingest(copy, into: made, store: store, app)
    RecipientCommands.show(report, file: copy, rejects: copy + ".rejects", app)

    heading("2. The plan")
    let accounts = try app.keys(chain).map(\.account)
    let campaign = try RunCommands.planned(try service.campaign(named: "Demo"), app)
    let quote = try app.retrying { try Quote.of(campaign, store: store, rail: world.rail, accounts: accounts) }
    RunCommands.show(quote, campaign, world.rail, app)

    heading("3. Paying, with things going wrong on purpose")
    let status = try pay(campaign, store, service)
    for fault in world.faults() { app.terminal.line("  \(fault)") }

    heading("4. Chain, ledger and file side by side")
    let reconciler = Reconciler(store: store, rail: world.rail, clock: app.clock, actor: app.actor)
    let matched = try app.retrying {
      try reconciler.run(campaign, fromBlock: 0) { ProofCommands.show($0, world.rail.codec, store, app) }
    }
    ProofCommands.show(matched, campaign, app)

    heading("5. The audit trail")
    let audit = try app.audit(store)
    _ = try audit.seal(at: app.clock.now())
    let trail = try audit.verify()
    ProofCommands.show(trail, app)

    heading("6. The report")
    let page = folder + "/report.html"
    let figures = try ReportCommands.make(
      try service.campaign(named: "Demo"), store, app, notices: [], verification: trail)
    try ReportCommands.write(figures, to: page)
    ReportCommands.show(figures, page: page, app)
    return status == .success && matched.isClean && trail.isWhole ? .success : .findings
  }

  private func pay(_ campaign: Campaign, _ store: any DeskStore, _ service: CampaignService) throws -> ExitStatus {
    StopSignal.install()
    _ = try service.approve(campaign, feeCap: try app.maxFee)
    let planning = CampaignChange.Planning(
      mode: .asyncBatch, priority: 5, window: .always, maxBatch: campaign.maxBatch, canary: 0)
    _ = try service.start(campaign, planning: planning)
    let signer = SigningGuard(
      codec: world.rail.codec, policy: try app.policy(world.rail.codec.chain), log: try app.signingLog(),
      keys: try app.keys(world.rail.codec.chain))
    let observer = RunObserver(app.terminal)
    let workers = try signer.accounts.map { try app.worker($0, store, world.rail, signer, observer: observer) }
    let runner = Runner(
      app: app, store: store, workers: workers, events: try EventFile(path: folder + "/events.jsonl"),
      stallMilliseconds: 60_000, observer: observer)
    var bar = ProgressBar(app.terminal, campaign.name)
    let end = try runner.run(campaign.id) { tally in
      let over = tally[.confirmed].count + tally[.failed].count
      bar.show(over, of: tally.count, "\(tally[.confirmed].count) confirmed, \(tally[.submitted].count) on their way")
    }
    bar.finish()
    return try RunCommand.finish(end, try service.campaign(named: campaign.name), store, app)
  }

  private func heading(_ text: String) {
    if !app.terminal.isJSON { app.terminal.line("\n" + app.terminal.colour(text, .bold)) }
  }
}
