import Codecs
import Engine
import Money

/// What one commit of the desk will hold.
struct LotteryDraft {
  /// Purchases of one lottery in this commit, told in one note.
  private struct Sold {
    var purchases: UInt64 = 0
    var tickets: UInt64 = 0
    var units = UInt256.zero
    var ticketsSold: UInt64 = 0
  }

  let after: Int64
  private let asset: AssetID
  private(set) var entries: [JournalEntry] = []
  private(set) var moves = LotteryMoves()
  private(set) var batch: LotteryBatch?
  private var told: [Note] = []
  private var sold: [UInt64: Sold] = [:]

  init(after: Int64, asset: AssetID) {
    self.after = after
    self.asset = asset
  }

  var isEmpty: Bool { entries.isEmpty && told.isEmpty }

  /// Takes an accepted operation. Throws `money.overflow`.
  mutating func accept(
    _ entry: LotteryEntry, _ events: [LotteryEvent], _ step: LotteryMoneyStep, key: String
  ) throws(MoneyError) {
    entries.append(entry.journalEntry(key: key))
    try moves.merge(step.moves)
    if let made = step.batch { batch = made }
    for event in events {
      if case .ticketPurchase(let purchase) = event {
        var sum = sold[purchase.lotteryId] ?? Sold()
        sum.purchases += 1
        sum.tickets = purchase.quantity &+ sum.tickets
        sum.units = try sum.units.adding(UInt256(purchase.saleAmount))
        sum.ticketsSold = purchase.ticketsSold
        sold[purchase.lotteryId] = sum
      } else {
        told.append(
          Note(
            action: "lottery.\(event.word)", entity: "lottery", entityID: key,
            details: [
              "operation": .string(entry.command.operation.name), "event": .string(Hex.prefixed(event.wireBytes)),
            ],
            isPublic: true))
      }
    }
  }

  /// Tells of a closing commitment: its hash is the record's root, which a checkpoint then covers before the round comes.
  mutating func commit(_ commitment: ClosingCommitment) {
    let schedule = commitment.schedule
    told.append(
      Note(
        action: "lottery.committed", entity: "lottery", entityID: String(commitment.lotteryId),
        details: [
          "commitment": .string(commitment.hash.description), "attempt": .integer(commitment.attempt),
          "closed_at": .integer(commitment.closedAt), "committed_at": .integer(commitment.committedAt),
          "primary_round": .integer(schedule.primaryRound), "fallback_round": .integer(schedule.fallbackRound),
          "deadline": .integer(schedule.deadline),
        ], isPublic: true, root: commitment.hash))
  }

  /// Puts a refused purchase on record, where the schema asks for it.
  mutating func reject(_ event: LotteryEvent, _ request: LotteryRequest, _ error: LotteryError) {
    told.append(
      Note(
        action: "lottery.\(event.word)", entity: "lottery", entityID: request.key,
        details: [
          "operation": .string(request.operation.name), "error": .string(error.code.rawValue),
          "event": .string(Hex.prefixed(event.wireBytes)),
        ], isPublic: false))
  }

  /// One note per lottery for all purchases, and one for each other event.
  var notes: [Note] {
    sold.sorted { $0.key < $1.key }.map { lottery, sum in
      Note(
        action: "lottery.tickets_sold", entity: "lottery", entityID: String(lottery),
        details: [
          "purchases": .integer(sum.purchases), "tickets": .integer(sum.tickets), "asset": .string(asset.description),
          "units": .string(sum.units.description), "tickets_sold": .integer(sum.ticketsSold),
        ], isPublic: true)
    } + told
  }
}
