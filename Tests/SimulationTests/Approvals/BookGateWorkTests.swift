import Chains
import Engine
import Money
import Payouts
import Policy
import Testing

/// An account that pays only to the address book, where it counts: in front of the worker that plans and signs.
@Suite("A worker that pays only to the address book")
struct BookGateWorkTests {
  static let delay: Int64 = 360_000_000
  let world: PaidWorld

  init() throws {
    var settings = WorkerSettings()
    settings.paysOnlyBook = true
    world = try PaidWorld(7, workerSettings: settings)
  }

  func write(_ changes: [BookChange]) throws {
    try world.store.commit(
      Commit(guardedBy: nil, actor: "person:anna", at: world.clock.now, writes: changes.map { .people(.book($0)) }))
  }

  func entry(_ n: Int, delay: Int64 = 0) throws -> BookChange {
    try AddressBook.entry(
      world.campaign.chain, PaidWorld.address(n), label: "\(n)", delay: delay, by: "person:anna", now: world.clock.now,
      newest: nil)
  }

  /// A minute of work, whether or not anything can be done.
  func work() {
    for _ in 0..<300 {
      switch world.worker.step() {
      case .progress: continue
      case .done: return
      case .idle(let until), .failed(_, let until):
        world.clock.move(max(1, until.milliseconds - world.clock.now.milliseconds))
      }
    }
  }

  func count(_ status: PayoutStatus) throws -> Int64 { try world.store.tally(world.campaign.id)[status].count }
  var refusal: String? { world.worker.waiting[world.campaign.id]?.code }

  func payout(_ n: UInt32) throws -> PayoutView? {
    try world.store.payout(PayoutID(campaign: world.campaign.id, ordinal: n))
  }

  @Test func `nobody is paid before the delay is over, and nobody who is in no book`() throws {
    work()
    #expect(try count(.queued) == 7)
    #expect(refusal == "policy.not_in_address_book")
    try write((0..<6).map { try entry($0) } + [entry(6, delay: Self.delay)])
    let usable = world.clock.now.advanced(byMilliseconds: Self.delay)
    work()
    #expect(world.clock.now < usable)
    #expect(try payout(6)?.status == .queued)
    world.clock.move(usable.milliseconds - world.clock.now.milliseconds)
    try world.pay()
    #expect(try count(.confirmed) == 7)
  }

  @Test func `who is removed between the plan and the signature is not signed for`() throws {
    try write((0..<7).map { try entry($0) })
    func attempts() throws -> [Attempt] {
      let lane = try #require(try world.store.lanes().first)
      let batch = try payout(3)?.batch
      return try world.store.liveBatches(lane.id).filter { $0.id == batch }.flatMap(\.attempts)
    }
    // Until the intent is durable and no key was asked.
    try world.pay(until: { _ in try payout(3)?.status == .submitted })
    try #require(try attempts().map(\.state) == [.intended])
    try write([
      AddressBook.removal(
        world.campaign.chain, PaidWorld.address(3), by: "person:anna", now: world.clock.now, newest: nil)
    ])
    work()
    #expect(try attempts().map(\.state) == [.intended])
    try write([entry(3)])
    try world.pay()
    #expect(try count(.confirmed) == 7)
  }
}
