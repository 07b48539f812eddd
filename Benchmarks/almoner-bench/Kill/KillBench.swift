import Airdrop
import Chains
import Engine
import Foundation
import Keys
import Money
import Payouts
import SimulatedChain
import Store
import Synchronization

/// `kill --csv FILE --dir DIR`: every payout of the file, while the paying process is killed with SIGKILL again and
/// again: `max(200 ms, 3 x recovery)` after it was started. Recovery is from the kill to the next life's first commit.
enum KillBench {
  static func run(_ options: Options) throws {
    // A child that is killed while it is answered is what this is about.
    _ = signal(SIGPIPE, SIG_IGN)
    let directory = try options.text("dir")
    let path = "\(directory)/kill-\(getpid()).db"
    let log = "\(directory)/kill-log-\(getpid()).db"
    defer {
      Desk.remove(path)
      Desk.remove(log)
    }
    var desk = try Desk(path, chain: BenchLane.chain, token: BenchLane.token)
    let loaded = try desk.ingest(try options.text("csv"), spill: directory)
    try desk.start(maxBatch: 200)
    let lane = try BenchLane(log: log)
    let world = try BenchLane.world(blocksEachLook: 1, payer: lane.key.account, asset: desk.campaign.asset)

    let measure = Measure()
    var recoveries: [Double] = []
    var kills = 0
    var interval = 0.2
    while true {
      let life = try Life(path, log, world)
      let end = life.wait(seconds: interval)
      if let recovery = life.firstCommit, kills > 0 { recoveries.append(recovery) }
      if let status = end {
        guard status == 0 else { throw Options.Missing(description: "a life ended by itself with \(status)") }
        break
      }
      kills += 1
      guard kills < 2_000 else { throw Options.Missing(description: "2,000 lives were not enough") }
      life.kill()
      // A life that was killed before its first commit doubles the next one's time.
      interval = life.firstCommit.map { max(0.2, 3 * $0) } ?? interval * 2
    }
    let took = (measure.seconds, measure.processorSeconds)

    let found = try LifeCheck.look(desk, world, of: Int(loaded.summary.accepted))
    recoveries.sort()
    var line = ResultLine()
    line.add(took, of: Int(loaded.summary.accepted))
    line.add("kills", kills)
    line.add("recovery_p50_ms", Int((recoveries.isEmpty ? 0 : recoveries[recoveries.count / 2]) * 1000))
    line.add("recovery_max_ms", Int((recoveries.last ?? 0) * 1000))
    line.add("double", found.double)
    line.add("lost", found.lost)
    line.add("wrong_in_ledger", found.problems.count)
    line.add("checksum", try LifeCheck.checksum(desk))
    line.print()
    guard found.isRight else { throw Options.Missing(description: "\(found)") }
  }
}

/// One life of the paying process, and the thread that answers its questions about the chain.
private final class Life {
  private let process = Process()
  private let ended = DispatchSemaphore(value: 0)
  private let served = DispatchSemaphore(value: 0)
  private let began = ContinuousClock.now
  private let alive = Alive()

  init(_ store: String, _ log: String, _ world: SimulatedChain) throws {
    let questions = Pipe()
    let answers = Pipe()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["kill-child", "--store", store, "--log", log]
    process.standardInput = answers
    process.standardOutput = questions
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    let (alive, served, began) = (alive, served, began)
    let (from, to) = (questions.fileHandleForReading, answers.fileHandleForWriting)
    Thread.detachNewThread {
      while let frame = ChainPipe.read(from) {
        guard let ask = try? ChainPipe.Ask(frame) else { break }
        if case .alive = ask { alive.tell(Measure.seconds(began.duration(to: .now))) }
        // The child may be dead by now: then the chain has heard it all the same.
        if let answer = try? ChainAnswer.to(ask, world) { try? ChainPipe.write(answer, to: to) }
      }
      served.signal()
    }
  }

  /// Seconds from the start to the first durable commit.
  var firstCommit: Double? { alive.seconds }

  /// The exit status, or nil when the time is over and the process still runs.
  func wait(seconds: Double) -> Int32? {
    guard ended.wait(timeout: .now() + seconds) == .success else { return nil }
    served.wait()
    return process.terminationStatus
  }

  /// SIGKILL to this process alone, and gone when this returns.
  func kill() {
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
    ended.wait()
    served.wait()
  }
}

private final class Alive: Sendable {
  private let first = Mutex<Double?>(nil)
  var seconds: Double? { first.withLock { $0 } }
  func tell(_ seconds: Double) { first.withLock { $0 = $0 ?? seconds } }
}
