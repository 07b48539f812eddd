import Chains
import Engine
import Foundation
import Keys
import Money
import Payouts
import SimulatedChain
import Store

/// `kill-child --store FILE --log FILE`: one life of the process that is killed. The chain is behind its standard
/// input and output.
enum KillChild {
  static func run(_ options: Options) throws {
    let store = try SQLiteStore(path: try options.text("store"), mode: .existing, sha256: OpenSSLHashing())
    let lane = try BenchLane(log: try options.text("log"))
    let asset = AssetID(chain: BenchLane.chain.description, token: BenchLane.token)
    let rail = RemoteRail(
      copy: try BenchLane.world(blocksEachLook: 1, payer: lane.key.account, asset: asset),
      to: .standardOutput, from: .standardInput)
    try releaseDeadHolders(store)
    var settings = WorkerSettings()
    settings.mostLive = 30
    settings.pollMilliseconds = 1
    let herald = Herald(rail)
    let worker = lane.worker(store, rail, settings, observer: herald)
    try BenchLane.run(worker)
    worker.release()
  }

  /// As `airdrop run` does: a holder that was a process of this machine and is gone gives its lease back at once.
  private static func releaseDeadHolders(_ store: SQLiteStore) throws {
    for lane in try store.lanes() {
      guard let holder = lane.holder, let session = lane.session, let number = holder.split(separator: ":").last,
        let process = Int32(number), kill(process, 0) == -1, errno == ESRCH
      else { continue }
      try store.releaseLane(LaneGuard(lane: lane.id, fence: lane.fence, session: session, epoch: lane.epoch))
    }
  }
}

/// Tells the parent of the first commit: from there on this life works again.
private final class Herald: EngineObserver {
  private let rail: RemoteRail
  private var isTold = false

  init(_ rail: RemoteRail) { self.rail = rail }

  func observe(_ event: EngineEvent) {
    switch event {
    case .committed where !isTold:
      isTold = true
      rail.tellAlive()
    case .alarm(let error), .laneLost(_, let error):
      FileHandle.standardError.write(Data("\(error.code): \(error.message)\n".utf8))
    default: break
    }
  }
}
