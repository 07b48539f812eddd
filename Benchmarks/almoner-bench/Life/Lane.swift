import Chains
import Codecs
import Engine
import Foundation
import Keys
import Money
import Payouts
import Secp256k1
import Signing
import SimulatedChain

/// What a lane needs beside its store: the real engine over a simulated chain, a real key, and the signer's durable log.
struct BenchLane {
  static let chain = ChainID(.simulated, 1)
  static let token = "0x" + String(repeating: "d1", count: 20)

  let key: KeystoreKey
  let signer: SigningGuard
  let log: String

  init(log: String, secret: [UInt8] = SignBench.secret) throws {
    self.log = log
    key = try KeystoreKey(try SecretKey(secret.span), chain: BenchLane.chain)
    let policy = SigningPolicy(
      chain: BenchLane.chain, assets: nil, batchContract: nil, mostPerTransaction: nil, mostFee: .max,
      mayDeploy: false)
    signer = SigningGuard(
      codec: SimulatedCodec(chain: BenchLane.chain), policy: policy, log: try SigningLogFile(path: log), keys: [key])
  }

  /// A chain that has seen nothing yet; `blocks` come with every look, and 3 make a block final.
  static func world(blocksEachLook blocks: Int, payer: Address, asset: AssetID) throws -> SimulatedChain {
    var settings = ChainSettings()
    settings.chain = chain
    settings.pace = .eachLook(blocks: blocks)
    let world = SimulatedChain(settings, clock: { WallClock().now() }) { digest, signature in
      try? KeyAccount.recover(signature, signingHash: digest)
    }
    let plenty = UInt256(limbs: (0, 0, 1, 0))
    try world.credit(plenty, of: AssetID(chain: chain.description, token: nil), to: payer)
    try world.credit(plenty, of: asset, to: payer)
    return world
  }

  func worker(
    _ store: any PayoutStore, _ rail: any Rail, _ settings: WorkerSettings, observer: (any EngineObserver)?
  ) -> LaneWorker {
    LaneWorker(
      account: key.account, store: store, rail: rail, signer: signer, clock: WallClock(), civil: NoPlaces(),
      random: Jitter(), settings: settings, holder: "\(ProcessInfo.processInfo.hostName):\(getpid())",
      session: UUID().uuidString, only: nil, observer: observer)
  }

  /// Turns the worker until its lane has nothing left to do, and `isOver` agrees. Returns processor seconds by phase.
  @discardableResult
  static func run(
    _ worker: LaneWorker, _ isOver: () throws -> Bool = { true }
  ) throws -> [LaneWorker.Phase: Double] {
    var failures = 0
    var spent: [LaneWorker.Phase: Double] = [:]
    while true {
      let phase = worker.phase
      let measure = Measure()
      let step = worker.step()
      spent[phase, default: 0] += measure.processorSeconds
      switch step {
      case .progress: failures = 0
      case .done(let until):
        if try isOver() { return spent }
        wait(until)
      case .idle(let until): wait(until)
      case .failed(let error, let until):
        failures += 1
        guard failures < 20 else { throw error }
        wait(until)
      }
    }
  }

  private static func wait(_ until: Timestamp) {
    let left = until.milliseconds - WallClock().now().milliseconds
    if left > 0 { Thread.sleep(forTimeInterval: Double(left) / 1000) }
  }
}

/// No campaign here has a daily window.
struct NoPlaces: CivilTime {
  func minuteOfDay(_ at: Timestamp, zone: String) -> Int? { nil }
}

final class Jitter: RandomSource {
  func next() -> UInt64 { UInt64.random(in: .min ... .max) }
}
