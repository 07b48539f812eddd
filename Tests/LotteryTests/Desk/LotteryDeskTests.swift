import Audit
import Codecs
import Engine
@testable import Lottery
import MemoryStore
import Money
import Testing

@Suite("The desk of lotteries")
struct LotteryDeskTests {
  @Test(arguments: DeskStore.allCases)
  func `a purchase moves its split, and ledger, engine and trail agree`(kind: DeskStore) throws {
    let bench = try DeskBench(kind)
    try bench.open()
    guard case .done(_, _, let isNew) = try bench.desk.perform(DeskBench.buy("a", 1, 2)) else {
      Issue.record("the purchase was refused")
      return
    }
    #expect(isNew)
    // 200 units: 70 and 5 per cent, 15, 10.
    #expect(try bench.holds(.prize) == UInt256(150))
    #expect(try bench.holds(.jackpot) == UInt256(30))
    #expect(try bench.holds(.operations) == UInt256(20))
    #expect(try bench.desk.check() == [])
    #expect(try bench.store.checkInvariants() == [])
  }

  @Test(arguments: DeskStore.allCases)
  func `the same request again is answered from the journal, another under its key is refused`(kind: DeskStore) throws {
    let bench = try DeskBench(kind)
    try bench.open()
    let first = try bench.desk.perform(DeskBench.buy("a", 1))
    bench.time.set(30)
    guard case .done(let answer, let entry, true) = first else {
      Issue.record("the purchase was refused")
      return
    }
    #expect(try bench.desk.perform(DeskBench.buy("a", 1)) == .done(answer, entry: entry, isNew: false))
    #expect(try bench.another().perform(DeskBench.buy("a", 1)) == .done(answer, entry: entry, isNew: false))
    for other in [DeskBench.buy("a", 1, 2), DeskBench.buy("a", 2)] {
      guard case .denied(let error) = try bench.desk.perform(other) else {
        Issue.record("the key was taken twice")
        return
      }
      #expect(error.code == .keyReused)
    }
    #expect(try bench.desk.engine().sales?.states[7]?.ticketsSold == 1)
  }

  @Test(arguments: DeskStore.allCases)
  func `many purchases make one commit, and what is refused leaves no row`(kind: DeskStore) throws {
    let bench = try DeskBench(kind)
    try bench.open()
    let before = try bench.store.lastEntry("lottery")
    let outcomes = try bench.desk.perform(many: [
      DeskBench.buy("a", 1), DeskBench.buy("b", 2, 0), DeskBench.buy("a", 1), DeskBench.buy("c", 3, 2),
    ])
    #expect(outcomes.count == 4)
    #expect(outcomes[0] == outcomes[2])
    guard case .refused(let error) = outcomes[1] else {
      Issue.record("a purchase of nothing was accepted")
      return
    }
    #expect(error.code == .purchaseQtyZero)
    #expect(try bench.store.lastEntry("lottery") == before + 2)
    let appended = try bench.store.auditRecords(after: nil, limit: 1_000).filter {
      $0.draft.action == "journal.appended"
    }
    #expect(appended.last?.draft.details == "{\"first\":\(before + 1),\"last\":\(before + 2)}")
    #expect(try bench.desk.check() == [])
  }

  @Test(arguments: DeskStore.allCases)
  func `a new process has the same state as the one that decided`(kind: DeskStore) throws {
    let bench = try DeskBench(kind)
    try bench.open()
    for buyer: UInt64 in 1...5 { _ = try bench.desk.perform(DeskBench.buy("b\(buyer)", buyer)) }
    let other = try bench.another()
    #expect(try other.engine() == bench.desk.engine())
    #expect(try other.books() == bench.desk.books())
  }

  @Test(arguments: DeskStore.allCases)
  func `two desks that take turns see each other's entries`(kind: DeskStore) throws {
    let bench = try DeskBench(kind)
    try bench.open()
    let other = try bench.another()
    for buyer: UInt64 in 1...6 {
      let desk = buyer.isMultiple(of: 2) ? other : bench.desk
      guard case .done = try desk.perform(DeskBench.buy("b\(buyer)", buyer)) else {
        Issue.record("purchase \(buyer) was refused")
        return
      }
    }
    #expect(try other.engine().sales?.states[7]?.ticketsSold == 6)
    #expect(try other.engine() == bench.desk.engine())
    #expect(try other.check() == [])
  }

  @Test(arguments: DeskStore.allCases)
  func `what others wrote between reading and writing is not lost, and ours is decided anew`(kind: DeskStore) throws {
    let bench = try DeskBench(kind)
    try bench.open()
    let other = try bench.another()
    try bench.desk.catchUp()
    _ = try other.perform(DeskBench.buy("theirs", 1))
    // As if the desk had read just before the other wrote.
    guard case .failure(let error) = try bench.desk.decided([DeskBench.buy("ours", 2)]) else {
      Issue.record("the commit stood on an old state")
      return
    }
    #expect(error.code == .staleState)
    #expect(bench.desk.standing?.engine.sales?.states[7] == nil)
    _ = try bench.desk.perform(DeskBench.buy("ours", 2))
    #expect(try bench.desk.engine().sales?.states[7]?.ticketsSold == 2)
  }

  @Test(arguments: DeskStore.allCases)
  func `an entry that ends otherwise than it did stops the desk, and so does one that is none`(kind: DeskStore) throws {
    for (body, code) in try [
      (nil, LotteryDeskError.Code.badBytes),
      (
        LotteryEntry(
          command: LotteryCommand(
            .purchaseTicketsPublic(id: 7, quantity: 1), Context(actor: LotteryAddress(1), now: 20, block: 11)),
          answer: LotteryAnswer(events: [])
        ).body, .replayDiffers
      ),
      (
        LotteryEntry(
          command: LotteryCommand(
            .purchaseTicketsPublic(id: 9, quantity: 1), Context(actor: LotteryAddress(1), now: 20, block: 11)),
          answer: LotteryAnswer(events: [])
        ).body, .replayDiffers
      ),
    ] as [([UInt8]?, LotteryDeskError.Code)] {
      let bench = try DeskBench(kind)
      try bench.open()
      let last = try bench.store.lastEntry("lottery")
      let entry = JournalEntry(key: "forged", kind: "purchase_tickets_public", body: body ?? [1, 2, 3])
      try bench.store.commit(
        Commit(
          guardedBy: nil, actor: "operator:eve", at: bench.time.now(),
          writes: [.journal(JournalPart(journal: "lottery", after: last, entries: [entry]))]))
      let error = #expect(throws: LotteryDeskError.self) { try bench.another() }
      #expect(error?.code == code)
      #expect(throws: LotteryDeskError.self) { try bench.desk.perform(DeskBench.buy("next", 2)) }
    }
  }

  @Test(arguments: DeskStore.allCases)
  func `a buyer whom the paying chain does not know cannot buy`(kind: DeskStore) throws {
    let bench = try DeskBench(kind)
    try bench.open()
    let stranger = LotteryAddress(Hash32(words: (1, 0, 0, 1)))
    let request = LotteryRequest(key: "a", actor: stranger, operation: .purchaseTicketsPublic(id: 7, quantity: 1))
    guard case .denied(let error) = try bench.desk.perform(request) else {
      Issue.record("the stranger has a ticket")
      return
    }
    #expect(error.code == .notPayable)
  }
}
