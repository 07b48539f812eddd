import Engine
import Money
import Testing

@Suite("Shares of a queue")
struct QueueShareTests {
  @Test(arguments: [2, 3, 5], [1, 7, 200])
  func `every payout belongs to exactly one lane, a stripe to the same one`(count: Int, stripe: Int) throws {
    let lanes = (1...count).map { LaneID(Int64($0 * 3)) }
    let shares = try lanes.map { try #require(QueueShare(of: $0, among: lanes.shuffled(), stripe: stripe)) }
    var owned = [Int](repeating: 0, count: count)
    for ordinal in UInt32(0)..<UInt32(stripe * count * 4) {
      let owners = shares.indices.filter { shares[$0].owns(ordinal) }
      #expect(owners.count == 1)
      #expect(owners == shares.indices.filter { shares[$0].owns(shares[0].end(of: ordinal)) })
      owned[owners[0]] += 1
    }
    #expect(Set(owned).count == 1)
  }

  @Test(arguments: [2, 3, 5], [1, 7, 200])
  func `the next stripe of a lane is the nearest one it owns`(count: Int, stripe: Int) throws {
    let lanes = (1...count).map { LaneID(Int64($0)) }
    for lane in lanes {
      let share = try #require(QueueShare(of: lane, among: lanes, stripe: stripe))
      for ordinal in UInt32(0)..<UInt32(stripe * count * 3) {
        let nearest = (share.end(of: ordinal) + 1...ordinal + UInt32(stripe * (count + 1))).first { share.owns($0) }
        #expect(share.next(after: ordinal) == nearest)
      }
    }
  }

  @Test func `there is nothing to share for one lane, or for one that is not among them`() {
    #expect(QueueShare(of: LaneID(1), among: [LaneID(1)], stripe: 200) == nil)
    #expect(QueueShare(of: LaneID(9), among: [LaneID(1), LaneID(2)], stripe: 200) == nil)
  }

  @Test func `the end of all numbers is no trap`() throws {
    for stripe in [1, 200, Int(UInt32.max), Int.max, 0, -4] {
      let share = try #require(QueueShare(of: LaneID(1), among: [LaneID(1), LaneID(2)], stripe: stripe))
      #expect(share.end(of: .max) == .max)
      #expect(share.next(after: .max) == nil)
    }
  }
}
