import Codecs
import Lottery

/// `draw --tickets N --buyers N --a-purchase N --winners N`: sells the tickets, then draws, with a proof for each winner.
///
/// Three result lines: the sale in memory, with the memory that it holds; the draw; what looking at every proof costs.
enum DrawBench {
  static func run(_ options: Options) throws {
    let tickets = try options.number("tickets", 10_000_000)
    let each = try options.number("a-purchase", 1)
    let buyers = try options.number("buyers", tickets / each)
    let winners = try options.number("winners", 10_000)
    var lottery = try BenchLottery(winners: winners)
    let sale = Measure()
    for purchase in 0..<tickets / each { try lottery.sell(UInt64(each), to: UInt64(purchase % buyers)) }
    report("sale", sale, of: tickets / each) { $0.add("peak_kib", Measure.peakKibibytes()) }
    try lottery.close()
    let draw = Measure()
    let proofs = try lottery.draw(winners: winners)
    report("draw", draw, of: proofs.count) { $0.add("peak_kib", Measure.peakKibibytes()) }
    try check(lottery, proofs, winners)
  }

  /// Every winner differs, and every proof leads to the root and to the winner's owner.
  private static func check(_ lottery: BenchLottery, _ proofs: [TicketProof], _ winners: Int) throws {
    let records = lottery.engine.winners(BenchLottery.id, from: 0, limit: winners)
    guard let root = lottery.engine.sales?.states[BenchLottery.id]?.tickets.tree.root,
      let chain = lottery.engine.payouts?.states[BenchLottery.id]?.winnersBatchHash,
      Set(records.map(\.ticketIndex)).count == winners, proofs.count == winners
    else { throw Options.Missing(description: "the winners are not \(winners) different tickets") }
    let measure = Measure()
    for (record, proof) in zip(records, proofs) {
      guard proof.proves(record.ticketIndex, under: root), proof.buyer == record.winner else {
        throw Options.Missing(description: "ticket \(record.ticketIndex) is not proven")
      }
    }
    report("proven", measure, of: winners) {
      $0.add("checksum", chain)
      $0.add("root", root.hash)
    }
  }

  private static func report(_ what: String, _ measure: Measure, of count: Int, _ more: (inout ResultLine) -> Void) {
    var line = ResultLine()
    line.add("what", what)
    line.add((seconds: measure.seconds, processor: measure.processorSeconds), of: count)
    more(&line)
    line.print()
  }
}
