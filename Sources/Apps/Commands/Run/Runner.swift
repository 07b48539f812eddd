import Codecs
import Engine
import Foundation
import Money
import Payouts
import Synchronization
import Terminal

/// Set by SIGINT and SIGTERM: the runner ends after the step it is in, with nothing half-done.
enum StopSignal {
  private static let raised = Atomic<Bool>(false)
  static var isRaised: Bool { raised.load(ordering: .relaxed) }

  static func install() {
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { _ in StopSignal.raise() }
    }
  }

  /// A reader that went away and a full disk are errors of the write, not the end of the process.
  static func ignoreBrokenStreams() {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }

  private static func raise() { raised.store(true, ordering: .relaxed) }
}

/// Turns the workers of all lanes in one thread until a campaign has nothing left to do.
struct Runner {
  /// Why it stopped.
  enum End: Equatable {
    case done
    case stopped
    /// No progress for as long as the caller was willing to wait.
    case stalled(EngineError?)
  }

  let app: App
  let store: any PayoutStore
  let workers: [LaneWorker]
  let events: EventFile?
  let stallMilliseconds: Int64
  let observer: RunObserver

  func run(_ campaign: CampaignID, progress: (Tally) -> Void) throws -> End {
    var lastProgress = app.clock.now()
    var shown = Tally()
    var lastError: EngineError?
    defer {
      for worker in workers { worker.release() }
      try? events?.relay(store)
    }
    while !StopSignal.isRaised {
      var wake: Timestamp?
      var isDone = true
      for worker in workers {
        switch Runner.step(worker) {
        case .progress:
          isDone = false
          wake = app.clock.now()
        case .idle(let until):
          isDone = false
          if let refusal = worker.standstill, Runner.isHopeless(refusal) { throw refusal }
          wake = min(wake ?? until, until)
        case .done(let until):
          wake = min(wake ?? until, until)
        case .failed(let error, let until):
          isDone = false
          lastError = error
          if !error.isPassing, Runner.isHopeless(error) { throw error }
          wake = min(wake ?? until, until)
        }
      }
      try events?.relay(store)
      let tally = try store.tally(campaign)
      if tally != shown {
        shown = tally
        lastProgress = app.clock.now()
        progress(tally)
      }
      if try isDone || isOver(campaign, tally) { return .done }
      let now = app.clock.now()
      if now.milliseconds - lastProgress.milliseconds > stallMilliseconds { return .stalled(waiting ?? lastError) }
      if let wake, wake > now {
        Thread.sleep(forTimeInterval: min(0.25, Double(wake.milliseconds - now.milliseconds) / 1000))
      }
    }
    return .stopped
  }

  /// Whether this campaign is at its end, although the lanes may still work for others.
  private func isOver(_ id: CampaignID, _ tally: Tally) throws -> Bool {
    guard tally[.queued].count == 0, tally[.submitted].count == 0, let campaign = try store.campaign(id) else {
      return false
    }
    switch campaign.status {
    case .completed, .failed, .canceled: return true
    case .pending, .running, .paused: return false
    }
  }

  /// One step; planning and committing in one go, since another lane's plan in between would take the same payouts.
  static func step(_ worker: LaneWorker) -> LaneWorker.Step {
    let step = worker.step()
    guard case .progress = step, worker.phase == .commit else { return step }
    return worker.step()
  }

  private var waiting: EngineError? { workers.lazy.compactMap { $0.waiting.values.first }.first }

  /// Errors that waiting does not mend: the operator must act.
  static let hopeless = [
    "signing.", "store.corrupt", "store.not_a_database", "store.read_only", "store.full", "store.newer_version",
    "rail.wrong_chain", "rail.contract_mismatch",
  ]

  static func isHopeless(_ error: EngineError) -> Bool { hopeless.contains { error.code.hasPrefix($0) } }
}

/// Tells a person or a pipe what the workers do.
final class RunObserver: EngineObserver {
  private let terminal: Terminal
  private var seen: Set<String> = []

  init(_ terminal: Terminal) { self.terminal = terminal }

  func observe(_ event: EngineEvent) {
    switch event {
    case .laneAcquired(let lane, let fence):
      line("lane.acquired", ["lane": .integer(lane.raw), "fence": .integer(fence)], nil)
    case .laneLost(let lane, let error):
      line(
        "lane.lost", ["lane": .integer(lane.raw), "code": .string(error.code)], "lane \(lane) lost: \(error.message)")
    case .committed(let counts):
      line(
        "committed",
        [
          "batches": .integer(counts.intendedBatches), "payouts": .integer(counts.intendedPayouts),
          "signed": .integer(counts.signedBatches), "ended": .integer(counts.endedBatches),
          "confirmed": .integer(counts.confirmedPayouts), "failed": .integer(counts.failedPayouts),
          "requeued": .integer(counts.requeuedPayouts),
        ], nil)
    case .sent(let batches, let refused):
      line("sent", ["batches": .integer(batches), "refused": .integer(refused)], nil)
    case .dissent(let endpoint, let batch):
      line(
        "dissent", ["endpoint": .string(endpoint), "batch": .integer(batch.raw)],
        "node \(endpoint) contradicts the others about batch \(batch)")
    case .alarm(let error):
      // The same complaint once: it repeats with every turn.
      let text = "\(error.code): \(error.message)"
      guard seen.insert(text).inserted || terminal.isJSON else { return }
      line(
        "alarm", ["code": .string(error.code), "message": .string(error.message)],
        text + (error.hint.map { "; \($0)" } ?? ""))
    case .campaign(let id, let status, let reason):
      line(
        "campaign.status",
        [
          "campaign": .integer(id.raw), "status": .string(status.rawValue),
          "reason": reason.map { .string($0) } ?? .null,
        ], "campaign \(id) is \(status.rawValue)\(reason.map { ": \($0)" } ?? "")")
    }
  }

  private func line(_ event: String, _ fields: JSON, _ text: String?) {
    if terminal.isJSON {
      var object = JSONObject()
      _ = object.append("event", .string(event))
      for member in fields.object?.members ?? [] { _ = object.append(member.key, member.value) }
      terminal.line(JSON.object(object).text)
    } else if let text {
      terminal.clearStatus()
      terminal.note(Printable.foreign(text, most: 500))
    }
  }
}
