import Chains
import Codecs
import Curves
import Engine
import Foundation
import Ledger
@testable import Lottery
import MemoryStore
import Money
import OpenSSL
import Payouts
import Store
import Synchronization
import TestSupport
import Testing

struct DeskSHA256: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 {
    guard let digest = try? SHA256.hash(bytes) else { return .zero }
    return Hash32(words: digest.words)
  }
}

/// Every store that a desk may stand on.
enum DeskStore: String, CaseIterable, CustomTestStringConvertible {
  case memory, sqlite, postgresql

  var testDescription: String { rawValue }

  /// A new store, and what must live as long as it.
  func open() throws -> (store: any LotteryDesk.Store, kept: [AnyObject]) {
    switch self {
    case .memory: return (MemoryStore(uuid: UUID().uuidString.lowercased(), sha256: DeskSHA256()), [])
    case .sqlite:
      let folder = try TestFolder("lottery")
      return (try SQLiteStore(path: folder.file("desk.db"), mode: .create, sha256: DeskSHA256()), [folder])
    case .postgresql:
      let database = try PostgreSQLDatabase()
      let store = try PostgreSQLStore(
        PostgreSQLDSN(database.uri), mode: .create, sha256: DeskSHA256(), random: DeskRandom())
      return (store, [database])
    }
  }
}

/// Randomness that repeats.
final class DeskRandom: RandomSource {
  private var numbers = SplitMix64(seed: 1)
  func next() -> UInt64 { numbers.next() }
}

/// A clock that the test moves. It knows no blocks: the desk counts.
final class DeskTime: LotteryTime, EngineClock {
  private let seconds = Mutex<UInt64>(20)

  func moment() -> LotteryMoment { LotteryMoment(now: seconds.withLock { $0 }, chainID: 1) }

  func now() -> Timestamp { Timestamp(milliseconds: Int64(clamping: seconds.withLock { $0 }) &* 1000) }

  func set(_ now: UInt64) { seconds.withLock { $0 = now } }
}

/// A desk over a store, and the words to drive a lottery through its life.
struct DeskBench {
  static let asset = AssetID(chain: "sim:1", token: nil)
  static let settings = LotterySettings(admin: Samples.admin, chain: ChainID(.simulated, 1), asset: asset)

  let store: any LotteryDesk.Store
  let time = DeskTime()
  let desk: LotteryDesk
  private let randomness: (any RandomnessVerifying)?
  private let kept: [AnyObject]
  private let keys = Counter()

  private final class Counter { var value = 0 }

  init(_ kind: DeskStore = .memory, randomness: (any RandomnessVerifying)? = nil) throws {
    self.randomness = randomness
    (store, kept) = try kind.open()
    desk = try LotteryDesk(
      store: store, settings: DeskBench.settings, time: time, clock: time, actor: "operator:eve",
      randomness: randomness)
  }

  /// Another desk over the same store: what a new process would have.
  func another() throws -> LotteryDesk {
    try LotteryDesk(
      store: store, settings: DeskBench.settings, time: time, clock: time, actor: "operator:eve",
      randomness: randomness)
  }

  /// Does a step as the admin, under a key of its own; the events' words.
  @discardableResult
  func must(_ step: LotteryOperation, as actor: LotteryAddress = Samples.admin) throws -> [String] {
    keys.value += 1
    let outcome = try desk.perform(LotteryRequest(key: "step-\(keys.value)", actor: actor, operation: step))
    guard case .done(let answer, _, true) = outcome else { throw LotteryDeskError(.badArgument, "\(step): \(outcome)") }
    return answer.events.map(\.word)
  }

  /// What the desk itself says against a step; nil when it is done.
  func denial(_ step: LotteryOperation, as actor: LotteryAddress = Samples.admin) throws -> LotteryDeskError.Code? {
    keys.value += 1
    let outcome = try desk.perform(LotteryRequest(key: "step-\(keys.value)", actor: actor, operation: step))
    guard case .denied(let error) = outcome else { return nil }
    return error.code
  }

  func open(_ config: Config = Samples.config()) throws {
    for step: LotteryOperation in [
      .initRegistry, .initSales, .initDraw, .initPayouts, .initRoles(schema: .v2), .initHistory(schema: .v2),
      .createDraftAdmin(id: 7, config: config.bcs, schema: .v2), .advanceStatus(id: 7, status: .active),
      .setPayoutBatchCapAdmin(
        holder: Samples.admin, maxBatchSize: 0, operationsBudgetTotal: 1_000_000, cooldownSecs: 0, nonceStride: 1),
    ] { try must(step) }
  }

  static func buy(_ key: String, _ buyer: UInt64, _ quantity: UInt64 = 1) -> LotteryRequest {
    LotteryRequest(
      key: key, actor: LotteryAddress(buyer), operation: .purchaseTicketsPublic(id: 7, quantity: quantity))
  }

  /// Closes, draws with this number, and computes all winners.
  func draw(_ number: UInt64 = 0x0102_0304) throws {
    try must(.advanceStatus(id: 7, status: .closing))
    try must(.requestDrawAdmin(id: 7, nonce: 1, confirmations: 1))
    let state = try #require(try desk.engine().draws?.states[7])
    let answer = RandomnessAnswer(
      nonce: 1, message: state.payload, signature: [], callerAddress: Samples.admin, rngCount: state.rngCount,
      clientSeed: state.clientSeed)
    try must(.vrfCallback(answer: answer, numbers: [UInt256(number)]))
    try must(.computeWinnersAdmin(id: 7, batchLimit: 1_000))
  }

  func holds(_ pot: LotteryPot) throws -> UInt256? {
    let account = pot.account(7, DeskBench.asset)
    return try store.balances(owner: account.owner)[account]?.posted
  }
}

/// Remembers what it was asked to load.
final class DeskLoads: LotteryPayoutLoading {
  private(set) var loaded: [CampaignID: [LotteryPayee]] = [:]

  func load(_ payees: [LotteryPayee], content: Hash32, into campaign: CampaignID) { loaded[campaign] = payees }
}
