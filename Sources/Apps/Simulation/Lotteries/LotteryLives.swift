import Lottery
import Money
import SQLite

/// Ways in which one lottery can live, without chance: paid out, or canceled at each status and refunded.
///
/// Each is lived once whole, and then again with a death at every boundary of its ports and at every operation of its disk;
/// each time it must end the same way.
struct LotteryLife {
  /// Nil: paid out and finalized.
  let canceledAt: LotteryStatus?

  static let all: [LotteryLife] =
    [LotteryLife(canceledAt: nil)]
    + [.draft, .active, .closing, .drawRequested, .drawn, .payout].map { LotteryLife(canceledAt: $0) }

  /// Where the machine dies.
  enum Cut: Equatable {
    case never
    case boundary(Int)
    case disk(Int, isAfter: Bool, Survival)
  }

  /// What a life was: how much there is to cut, and what it came to.
  struct Outcome: Equatable {
    var boundaries = 0
    var operations = 0
    var ordered = 0
    var entries: [String: Int64] = [:]
    var violations: [Violation] = []
    var cuts = 0
    var lines: [String] = []
  }

  /// How the `place`-th operation of the disk is cut: before or after it, with everything, nothing or some of what was not
  /// synced left.
  static func cut(operation place: Int) -> Cut {
    let survival: Survival = place % 3 == 0 ? .all : place % 3 == 1 ? .synced : .torn
    return .disk(place, isAfter: place % 2 == 0, survival)
  }

  var name: String { canceledAt.map { "canceled at \($0)" } ?? "paid out" }

  func live(_ cut: Cut = .never, traces: Bool = false) throws -> Outcome {
    let world = try LotteryWorld(LotteryPlan(quiet: 1), traces: traces)
    var history = LotteryHistory(world)
    let first = world.disk.operations
    world.watch.with { state in
      switch cut {
      case .never: break
      case .boundary(let place): state.stop = Watch.Stop(boundary: place, kind: .machineDies)
      case .disk(let place, let isAfter, _):
        state.powerFailure = Watch.PowerFailure(operation: first + place, isAfter: isAfter)
      }
    }
    if case .disk(_, _, let survival) = cut { history.survival = survival }
    course(&history)
    history.quiet()
    var outcome = Outcome()
    outcome.boundaries = world.watch.with { $0.boundaryCount }
    outcome.operations = world.disk.operations - first
    outcome.ordered = LotteryOracle(history).count()
    outcome.entries = history.told
    outcome.violations = world.watch.with { $0.violations }
    outcome.cuts = world.watch.with { $0.stops }
    outcome.lines = world.watch.with { $0.lines ?? [] }
    return outcome
  }

  /// The steps, each asked until it is answered. After each one the lottery may be canceled.
  private func course(_ history: inout LotteryHistory) {
    let id: UInt64 = 7
    history.begin(persistently: true)
    if canceledAt == .draft { return refund(&history, id) }
    history.insist(.advanceStatus(id: id, status: .active))
    if canceledAt == .active { return refund(&history, id) }
    for buyer in 1...6 as ClosedRange<UInt64> {
      history.insist(.purchaseTicketsPublic(id: id, quantity: buyer), by: LotteryAddress(buyer % 4 + 1))
    }
    history.insist(.advanceStatus(id: id, status: .closing))
    if canceledAt == .closing { return refund(&history, id) }
    history.insist(.requestDrawAdmin(id: id, nonce: 5, confirmations: 1))
    if canceledAt == .drawRequested { return refund(&history, id) }
    guard let state = try? history.world.look({ desk, _ in try desk.engine().draws?.states[id] }) ?? nil else { return }
    let answer = RandomnessAnswer(
      nonce: 5, message: state.payload, signature: [], callerAddress: LotteryPlan.admin, rngCount: state.rngCount,
      clientSeed: state.clientSeed)
    history.insist(.vrfCallback(answer: answer, numbers: [UInt256(3), UInt256(4)]))
    if canceledAt == .drawn { return refund(&history, id) }
    history.insist(.computeWinnersAdmin(id: id, batchLimit: 3))
    history.insist(.computeWinnersAdmin(id: id, batchLimit: 3))
    history.insist(.recordPayoutBatchAdmin(id: id, round: 1, winnersPaid: 3, prizePaid: 700, operationsPaid: 20))
    _ = history.world.settle()
    if canceledAt == .payout { return refund(&history, id) }
    history.insist(.recordPayoutBatchAdmin(id: id, round: 2, winnersPaid: 2, prizePaid: 301, operationsPaid: 0))
    _ = history.world.settle()
    history.insist(.finalizeLotteryAdmin(id: id))
  }

  private func refund(_ history: inout LotteryHistory, _ id: UInt64) {
    history.insist(.cancelLotteryAdmin(id: id, reason: 3))
    let engine = (try? history.world.look { desk, _ in try desk.engine() }) ?? nil
    let sold = engine?.refundProgress(id).ticketsSold ?? 0
    guard sold > 0, canceledAt != .payout else { return }
    history.insist(
      .forceRefundBatchAdmin(id: id, round: 1, ticketsRefunded: 8, prizeRefund: 800, operationsRefund: 0))
    _ = history.world.settle()
    history.insist(
      .forceRefundBatchAdmin(
        id: id, round: 2, ticketsRefunded: sold - 8, prizeRefund: (sold - 8) * 90, operationsRefund: (sold - 8) * 10))
    _ = history.world.settle()
    history.insist(.archiveCanceledLotteryAdmin(id: id))
  }
}
