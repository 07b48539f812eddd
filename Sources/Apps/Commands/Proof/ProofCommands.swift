import Audit
import Chains
import Codecs
import Engine
import Money
import Payouts
import Signing
import Terminal

/// `reconcile` and `audit ...`: what the operator shows to those who must sign off.
enum ProofCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .airdrop, "reconcile", "Compare chain, ledger and file; list every row that does not fit",
      example: "airdrop reconcile --campaign Q4-Rewards --from-block 21000000",
      [CampaignCommands.named, .value("from-block", "N", "the first block to read (0)")], run: reconcile),
    CommandSpec(
      .common, "audit verify", "Verify the audit trail from its first record", example: "almoner audit verify",
      run: verify),
    CommandSpec(
      .common, "audit seal", "Sign the heads of the audit trail now", example: "almoner audit seal", run: seal),
  ]

  private static func reconcile(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    let from = try app.arguments.number("from-block", in: 0...Int64.max) ?? 0
    let codec = try app.codec(campaign.chain)
    let reconciler = Reconciler(store: store, rail: try app.rail(campaign.chain), clock: app.clock, actor: app.actor)
    do {
      let report = try app.retrying {
        try reconciler.run(campaign, fromBlock: UInt64(from)) { show($0, codec, store, app) }
      }
      _ = try app.audit(store).seal(at: app.clock.now())
      show(report, campaign, app)
      return report.isClean ? .success : .findings
    } catch let error as RailError where error.code == .finalityViolated {
      try drainLanes(of: campaign.chain, store, app)
      throw error
    }
  }

  /// A chain that breaks its finality is paid on no more until a person opens the lanes again.
  private static func drainLanes(of chain: ChainID, _ store: any PayoutStore, _ app: App) throws {
    let signer = try app.keylessSigner(chain)
    for lane in try store.lanes() where lane.chain == chain && lane.mode == .open {
      do {
        try app.withLane(store, chain, lane.account, signerHighest: try signer.highestFence(lane.account)) {
          row, held in
          try signer.announce(lane.account, fence: row.fence)
          let change = LaneChange(lane: row.id, mode: .draining, reason: "finality_violated", nextSlot: nil)
          try store.commit(
            Commit(guardedBy: held, actor: app.actor, at: app.clock.now(), writes: [.changeLane(change)]))
        }
        app.terminal.note("Lane \(lane.id) plans nothing more; when people have looked: almoner lanes reopen")
      } catch let error as StoreError where error.code == .busy {
        app.terminal.note("Lane \(lane.id) is held by \(lane.holder ?? "another process"), which goes on: stop it")
      }
    }
  }

  static func show(_ mismatch: Mismatch, _ codec: any TransactionCodec, _ store: any PayoutStore, _ app: App) {
    let key = mismatch.payout.flatMap { try? store.payout($0)?.key }
    let address = mismatch.address.map { codec.text($0) }
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "unmatched", "kind": .string(mismatch.kind.rawValue), "payout_id": key.map { .string($0) } ?? .null,
        "address": address.map { .string($0) } ?? .null, "units": .string(mismatch.units.description),
        "transaction": mismatch.transaction.map { .string($0.description) } ?? .null,
        "explanation": .string(mismatch.explanation),
      ]
      return app.terminal.line(line.text)
    }
    app.terminal.line(
      "unmatched \(mismatch.kind.rawValue): \(Printable.foreign(key ?? "-")) \(address ?? "-") \(mismatch.units) "
        + "\(mismatch.transaction?.description ?? "") \(Printable.foreign(mismatch.explanation))")
  }

  static func show(_ report: ReconcileReport, _ campaign: Campaign, _ app: App) {
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "reconciled", "campaign": .string(campaign.name), "from_block": .integer(report.fromBlock),
        "through_block": .integer(report.throughBlock), "ordered": .string(report.ordered.units.description),
        "ordered_rows": .integer(report.ordered.count), "confirmed": .integer(report.confirmed.count),
        "ledger_paid": .string(report.ledgerPaid.description), "on_chain": .string(report.onChain.units.description),
        "on_chain_rows": .integer(report.onChain.count), "clean": .bool(report.isClean),
      ]
      return app.terminal.line(line.text)
    }
    app.terminal.line("Reconciled \(campaign.name), blocks \(report.fromBlock) to \(report.throughBlock)")
    app.terminal.line("  file      \(report.ordered.count) rows, \(report.ordered.units) base units")
    app.terminal.line("  ledger    \(report.confirmed.count) confirmed, \(report.ledgerPaid) paid")
    app.terminal.line("  chain     \(report.onChain.count) transfers, \(report.onChain.units) base units")
    app.terminal.line(
      report.isClean
        ? app.terminal.colour("  clean: all three agree", .green)
        : app.terminal.colour("  \(report.mismatches.values.reduce(0, +)) unmatched rows", .red))
  }

  private static func verify(_ app: App) throws -> ExitStatus {
    let report = try app.audit(try app.store()).verify()
    show(report, app)
    return report.isWhole ? .success : .findings
  }

  static func show(_ report: AuditReport, _ app: App) {
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "audit", "whole": .bool(report.isWhole), "records": .integer(report.records),
        "checkpoints": .integer(report.checkpoints), "unsealed": .integer(report.unsealed),
        "heads": .array(
          report.heads.map {
            ["chain": .integer($0.chain), "sequence": .integer($0.sequence), "hash": .string($0.hash.description)]
          }), "findings": .array(report.findings.map { .string("\($0.code.rawValue): \($0)") }),
      ]
      return app.terminal.line(line.text)
    }
    let word = report.isWhole ? app.terminal.colour("whole", .green) : app.terminal.colour("NOT whole", .red)
    app.terminal.line(
      "Audit trail \(word): \(report.records) records, \(report.checkpoints) checkpoints, \(report.unsealed) records not sealed yet"
    )
    for head in report.heads { app.terminal.line("  chain \(head.chain) head \(head.sequence) \(head.hash)") }
    for finding in report.findings { app.terminal.line("  \(finding.code.rawValue): \(finding)") }
  }

  private static func seal(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    guard let checkpoint = try app.audit(store).seal(at: app.clock.now()) else { return .software }
    app.tell(
      ["event": "sealed", "checkpoint": .integer(checkpoint.number)],
      or: "Checkpoint \(checkpoint.number) seals \(checkpoint.heads.count) chains")
    return .success
  }
}
