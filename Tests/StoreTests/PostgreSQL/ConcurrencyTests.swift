import Chains
import Engine
import Foundation
import Money
import Payouts
import TestSupport
import Testing

@testable import Store

@Suite("Many writers on one PostgreSQL")
struct ConcurrencyTests {
  /// Each worker has a lane, all pay one campaign, and one reads events as they come.
  @Test func `lanes that commit at once leave one ledger, and no event that a reader has passed`() throws {
    let bench = try PostgreSQLBench()
    let (lanes, rounds, size) = (4, 12, 5)
    let operatorsBench = try bench.bench(bench.open())
    let campaign = try operatorsBench.createCampaign()
    try operatorsBench.load(campaign, lanes * rounds * size)
    try operatorsBench.change(campaign, .running)
    let reader = try bench.open(seed: 99)
    let uri = bench.database.uri
    let database = bench.database
    let workers = (0..<lanes).map { number in
      Aside { () -> Int in
        let store = try PostgreSQLBench.store(uri, seed: UInt64(number))
        let worker = Bench(OpenStore(store: store, directory: nil, database: database))
        let lane = try store.acquireLane(
          Bench.chain, Bench.address(1000 + number), holder: "h", session: "w\(number)", leaseMilliseconds: 1_000_000,
          signerHighest: 0, at: worker.time())
        worker.held = LaneGuard(lane: lane.id, fence: lane.fence, session: "w\(number)", epoch: lane.epoch)
        for round in 0..<rounds {
          let first = (round * lanes + number) * size
          let intent = worker.intent(campaign, Array(first..<first + size))
          try worker.commit(.intend(intent))
          try worker.sign(intent)
          let outcome = worker.outcome(.confirmed, campaign, Array(first..<first + size))
          try worker.commit(.endBatch(worker.end(intent, .paid, [outcome])))
        }
        return rounds
      }
    }
    let watching = Aside { () -> [Int64] in
      var seen: [Int64] = []
      let end = Date().addingTimeInterval(120)
      while seen.count < 3 + lanes * rounds * 2, Date() < end {
        seen += try reader.outbox(after: seen.last ?? 0, limit: 7).map(\.id)
      }
      return seen
    }
    for worker in workers { #expect(try worker.wait() == rounds) }
    let seen = try watching.wait()
    #expect(seen == Array(1...Int64(3 + lanes * rounds * 2)))
    #expect(try reader.ledgerEntries(after: 0, limit: 10_000).map(\.id) == Array(1...Int64(1 + lanes * rounds * 2)))
    #expect(try reader.tally(campaign.id)[.confirmed].count == Int64(lanes * rounds * size))
    #expect(try reader.checkInvariants() == [])
  }

  /// Two lanes want the same payouts: one has them, the other is refused whole.
  @Test func `a payout that two lanes want is promised by one`() throws {
    let bench = try PostgreSQLBench()
    let (first, second, campaign) = try bench.two(40)
    let other = try second.store.acquireLane(
      Bench.chain, Bench.address(5), holder: "h", session: "s9", leaseMilliseconds: 1_000_000, signerHighest: 0,
      at: second.time())
    second.held = LaneGuard(lane: other.id, fence: other.fence, session: "s9", epoch: other.epoch)
    for round in 0..<10 {
      let wanted = Array(round * 4..<round * 4 + 4)
      let commits = [first, second].map { worker in
        (
          worker.store,
          Commit(
            guardedBy: worker.held, actor: "w", at: worker.time(), writes: [.intend(worker.intent(campaign, wanted))])
        )
      }
      let racers = commits.map { store, commit in
        Aside { () -> StoreError.Code? in
          do { try store.commit(commit) } catch let error as StoreError { return error.code }
          return nil
        }
      }
      let codes = try racers.map { try $0.wait() }
      #expect(codes.count { $0 == nil } == 1 && codes.contains(.staleState), "\(codes)")
    }
    try first.expectSound()
  }

  /// A pause that has returned is the last word: nothing is intended after it.
  @Test func `an intent and a pause that meet are one before the other`() throws {
    let bench = try PostgreSQLBench()
    let (first, second, campaign) = try bench.two(60)
    for round in 0..<15 {
      let intent = first.intent(campaign, [round])
      let (store, commit) = (
        first.store,
        Commit(guardedBy: first.held, actor: "w", at: first.time(), writes: [.intend(intent)])
      )
      let racer = Aside { () -> Bool in
        do { try store.commit(commit) } catch let error as StoreError {
          #expect(error.code == .staleState, "\(error.message)")
          return false
        }
        return true
      }
      try second.change(campaign, .paused)
      let isIntended = try second.status(campaign, round) == .submitted
      #expect(try racer.wait() == isIntended)
      try second.change(campaign, .running)
    }
  }
}

extension PostgreSQLBench {
  /// A store for a thread of its own.
  static func store(_ uri: String, seed: UInt64) throws -> PostgreSQLStore {
    var settings = PostgreSQLSettings()
    settings.leaseClock = .caller
    settings.readers = 1
    return try PostgreSQLStore(
      PostgreSQLDSN(uri), settings: settings, sha256: Hashing(), random: SeededRandom(seed: seed))
  }
}
