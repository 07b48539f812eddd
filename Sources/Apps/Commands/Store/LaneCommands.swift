import Chains
import Codecs
import EVMDriver
import Engine
import Foundation
import Keys
import Money
import Payouts
import Signing
import Store
import Terminal

/// `lanes ...`: sending accounts, and what to do after a restore.
enum LaneCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "lanes list", "List sending accounts and who holds them", example: "almoner lanes list", run: list),
    CommandSpec(
      .common, "lanes adopt", "After a restore: take back what the signer's log knows and the store does not",
      example: "almoner lanes adopt", run: adopt),
    CommandSpec(
      .common, "lanes reopen", "Open drained lanes again", example: "almoner lanes reopen",
      [
        .flag("even-unexplained", "although the signer knows bytes that nothing here explains"),
        .flag("yes", "do not ask"),
      ],
      run: reopen),
  ]

  private static func list(_ app: App) throws -> ExitStatus {
    var table = TextTable([
      ("lane", .right), ("chain", .left), ("account", .left), ("mode", .left), ("next", .right), ("live", .right),
      ("fence", .right), ("holder", .left),
    ])
    let store = try app.store()
    for lane in try store.lanes() {
      let account = (try? app.codec(lane.chain).text(lane.account)) ?? Hex.prefixed(lane.account.bytes)
      let live = try store.liveBatches(lane.id).count
      let mode = lane.mode.rawValue + (lane.modeReason.map { " (\($0))" } ?? "")
      if app.terminal.isJSON {
        let line: JSON = [
          "event": "lane", "lane": .integer(lane.id.raw), "chain": .string(lane.chain.description),
          "account": .string(account), "mode": .string(lane.mode.rawValue),
          "reason": lane.modeReason.map { .string($0) } ?? .null, "next_slot": .integer(lane.nextSlot),
          "live": .integer(live), "fence": .integer(lane.fence),
        ]
        app.terminal.line(line.text)
      } else {
        table.add([
          lane.id.description, lane.chain.description, account, mode, "\(lane.nextSlot)", "\(live)", "\(lane.fence)",
          lane.holder ?? "-",
        ])
      }
    }
    if !app.terminal.isJSON { app.terminal.line(table.text) }
    return .success
  }

  private static func adopt(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    var isComplete = true
    for (chain, account) in try senders(app, store) {
      let signer = try app.keylessSigner(chain)
      let adoption = RestoreAdoption(store: store, signer: signer, clock: app.clock, actor: app.actor)
      let (lane, report) = try app.withLane(
        store, chain, account, signerHighest: try signer.highestFence(account)
      ) { row, held in
        try signer.announce(account, fence: row.fence)
        return (row.id, try adoption.adopt(row, held))
      }
      isComplete = isComplete && report.isComplete
      if app.terminal.isJSON {
        let line: JSON = [
          "event": "adopted", "lane": .integer(lane.raw), "batches": .integer(report.adoptedBatches),
          "attempts": .integer(report.adoptedAttempts), "waiting": report.waitingSlot.map { .integer($0) } ?? .null,
          "unexplained": report.unexplainedSlot.map { .integer($0) } ?? .null,
        ]
        app.terminal.line(line.text)
      } else {
        app.terminal.line(
          "Lane \(lane): \(report.adoptedBatches) batches and \(report.adoptedAttempts) attempts taken back")
        if let slot = report.waitingSlot {
          app.terminal.line("  slot \(slot) and later ones wait until a live batch has ended: run, then adopt again")
        }
        if let slot = report.unexplainedSlot {
          app.terminal.line("  slot \(slot) pays somebody that no open payout of this store explains")
        }
      }
    }
    return isComplete ? .success : .findings
  }

  /// Every account that the store or the signer's log knows: a restored store may have forgotten whole lanes.
  private static func senders(_ app: App, _ store: any PayoutStore) throws -> [(ChainID, Address)] {
    let lanes = try store.lanes()
    var found = lanes.filter { $0.mode != .stopped }.map { ($0.chain, $0.account) }
    for chain in Set(lanes.map(\.chain) + [try? app.evmChain()].compactMap { $0 }).sorted(by: { "\($0)" < "\($1)" }) {
      for account in try app.signingWitness(chain).accounts(chain)
      where !lanes.contains(where: { $0.chain == chain && $0.account == account }) {
        found.append((chain, account))
      }
    }
    return found
  }

  private static func reopen(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    for lane in try store.lanes() where lane.mode == .draining {
      try app.confirm("Open lane \(lane.id) again (\(lane.modeReason ?? "drained"))?")
      let signer = try app.keylessSigner(lane.chain)
      let rail = try app.rail(lane.chain)
      let view = try app.retrying { try rail.account(lane.account) }
      let adoption = RestoreAdoption(store: store, signer: signer, clock: app.clock, actor: app.actor)
      try app.withLane(store, lane.chain, lane.account, signerHighest: try signer.highestFence(lane.account)) {
        row, held in
        try signer.announce(lane.account, fence: row.fence)
        try adoption.reopen(row, held, view: view, evenUnexplained: app.arguments.has("even-unexplained"))
      }
      app.tell(
        ["event": "reopened", "lane": .integer(lane.id.raw)],
        or: "Lane \(lane.id) is open")
    }
    return .success
  }
}

extension App {
  /// Gives back leases whose holder was a process of this machine that is gone (docs/internals/protocol.md 2.4,
  /// "holder gone"): a restart after a crash need not wait for the lease to expire.
  ///
  /// A number that another process has got since only means waiting; a holder elsewhere is never judged.
  func releaseDeadHolders(_ store: any PayoutStore) throws {
    let host = ProcessInfo.processInfo.hostName
    for lane in try store.lanes() {
      guard let holder = lane.holder, let session = lane.session, let colon = holder.lastIndex(of: ":"),
        holder[..<colon] == host, let process = Int32(holder[holder.index(after: colon)...]), process > 0,
        process != ProcessInfo.processInfo.processIdentifier
      else { continue }
      // Signal 0 asks whether the process exists; EPERM means that it does, under another user.
      guard kill(process, 0) == -1, errno == ESRCH else { continue }
      try store.releaseLane(LaneGuard(lane: lane.id, fence: lane.fence, session: session, epoch: lane.epoch))
    }
  }

  /// A signer that can compare and adopt, and has no key.
  func keylessSigner(_ chain: ChainID) throws -> any Signer {
    if let remote = try remoteSigner(chain) { return remote }
    return SigningGuard(codec: try codec(chain), policy: try policy(chain), log: try signingLog(), keys: [])
  }

  /// Runs `body` under a short lease of the lane.
  func withLane<Value>(
    _ store: any PayoutStore, _ chain: ChainID, _ account: Address, signerHighest: Int64,
    _ body: (Lane, LaneGuard) throws -> Value
  ) throws -> Value {
    try releaseDeadHolders(store)
    let session = UUID().uuidString
    let lane = try store.acquireLane(
      chain, account, holder: holder, session: session, leaseMilliseconds: 60_000, signerHighest: signerHighest,
      at: clock.now())
    let held = LaneGuard(lane: lane.id, fence: lane.fence, session: session, epoch: lane.epoch)
    defer { try? store.releaseLane(held) }
    return try body(lane, held)
  }
}
