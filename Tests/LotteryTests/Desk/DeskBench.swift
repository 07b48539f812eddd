import Chains
import Codecs
import Engine
import Ledger
@testable import Lottery
import MemoryStore
import Money
import OpenSSL
import Synchronization

struct DeskSHA256: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 {
    guard let digest = try? SHA256.hash(bytes) else { return .zero }
    return Hash32(words: digest.words)
  }
}

/// A clock that the test moves.
final class DeskTime: LotteryTime, EngineClock {
  private let seconds = Mutex<UInt64>(20)

  func moment() -> LotteryMoment {
    let now = seconds.withLock { $0 }
    return LotteryMoment(now: now, block: now, chainID: 1)
  }

  func now() -> Timestamp { Timestamp(milliseconds: Int64(clamping: seconds.withLock { $0 }) &* 1000) }

  func set(_ now: UInt64) { seconds.withLock { $0 = now } }
}

/// A desk over a store in memory, with one lottery on sale.
struct DeskBench {
  static let asset = AssetID(chain: "sim:1", token: nil)
  static let settings = LotterySettings(admin: Samples.admin, chain: ChainID(.simulated, 1), asset: asset)

  let store: MemoryStore
  let time = DeskTime()
  let desk: LotteryDesk

  init() throws {
    store = MemoryStore(uuid: "store", sha256: DeskSHA256())
    desk = try LotteryDesk(
      store: store, settings: DeskBench.settings, time: time, clock: time, actor: "operator:eve")
  }

  /// Another desk over the same store: what a new process would have.
  func another() throws -> LotteryDesk {
    try LotteryDesk(store: store, settings: DeskBench.settings, time: time, clock: time, actor: "operator:eve")
  }

  func open() throws {
    let steps: [LotteryOperation] = [
      .initRegistry, .initSales, .initDraw, .initPayouts, .initRoles(schema: .v2),
      .createDraftAdmin(id: 7, config: Samples.config().bcs, schema: .v2), .advanceStatus(id: 7, status: .active),
    ]
    for (place, step) in steps.enumerated() {
      let outcome = try desk.perform(LotteryRequest(key: "open-\(place)", actor: Samples.admin, operation: step))
      guard case .done = outcome else { throw LotteryDeskError(.badArgument, "\(outcome)") }
    }
  }

  static func buy(_ key: String, _ buyer: UInt64, _ quantity: UInt64 = 1) -> LotteryRequest {
    LotteryRequest(
      key: key, actor: LotteryAddress(buyer), operation: .purchaseTicketsPublic(id: 7, quantity: quantity))
  }

  func holds(_ pot: LotteryPot) throws -> UInt256? {
    let account = pot.account(7, DeskBench.asset)
    return try store.balances(owner: account.owner)[account]?.posted
  }
}
