import Codecs
import Curves
@testable import Lottery
import Money
import Testing

@Suite("Draw course")
struct DrawCourseTests {
  @Test func `the basis of a commitment has the engine's snapshot hash`() throws {
    for schema in Schema.allCases {
      let bench = try DrawBench(schema)
      let commitment = try #require(bench.course.attempts.last).commitment
      #expect(commitment.snapshotHash == bench.bench.engine.snapshotForDraw(1).hash)
    }
  }

  @Test func `the deadline hands over to the fallback, whose value does not count before`() throws {
    var bench = try DrawBench()
    let deadline = try #require(bench.course.attempts.last).commitment.schedule.deadline
    #expect(try !bench.course.question(at: deadline - 1).isFallback)
    #expect(try bench.course.question(at: deadline).isFallback)
    let early = try bench.proven(at: deadline)
    #expect(throws: DrawProofError.self) { try bench.course.accept(early, at: deadline - 1) }
    try bench.draw(at: deadline)
    #expect(bench.course.attempts.last?.value?.isFallback == true)
  }

  @Test func `a late value is kept, and voids nothing`() throws {
    var bench = try DrawBench()
    let deadline = try #require(bench.course.attempts.last).commitment.schedule.deadline
    let primary = try bench.proven(at: deadline - 1)
    try bench.draw(at: deadline)
    let drawn = bench.course.attempts.last?.value
    for _ in 0..<2 {
      do throws(DrawProofError) {
        _ = try bench.course.accept(primary, at: deadline + 1)
        Issue.record("a late value was taken")
      } catch { #expect(error.code == .valueStands) }
    }
    #expect(bench.course.attempts.last?.value == drawn)
    #expect(bench.course.attempts.last?.late == [primary])
  }

  @Test func `the same value again gives the same numbers, and another round's is refused`() throws {
    var bench = try DrawBench()
    let now = DrawBench.closedAt + 90
    let proven = try bench.proven(at: now)
    let first = try bench.course.accept(proven, at: now)
    #expect(first.count == 2 && first[0] != first[1])
    #expect(try bench.course.accept(proven, at: now + 1) == first)
    let other = ProvenRandomness(
      .beacon(chain: DrandChain.quicknet.hash, round: 1), proof: .beacon(Beacon(round: 1, signature: [])), value: [])
    #expect(throws: DrawProofError.self) { try bench.course.accept(other, at: now) }
  }

  @Test func `an attempt is committed to once`() throws {
    var bench = try DrawBench()
    #expect(throws: DrawProofError.self) { try bench.commit() }
  }
}
