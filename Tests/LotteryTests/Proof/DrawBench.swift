import Audit
import Codecs
import Curves
@testable import Lottery
import Money
import OpenSSL
import Testing

/// Takes any proof: for draws whose value is not what is tested.
struct AnyProof: RandomnessVerifying {
  let value: [UInt8]

  func value(of proof: RandomnessProof, for question: RandomnessQuestion) throws(RandomnessError) -> [UInt8] { value }
}

struct SampleSHA256: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
}

struct AnySignature: CheckpointVerifying {
  func isSigned(_ checkpoint: Checkpoint) -> Bool { checkpoint.signature == [1] }
}

/// A lottery from its plan to its winners.
struct DrawBench {
  var bench: LotteryBench
  var course: DrawCourse
  let value: [UInt8]
  static let closedAt: UInt64 = 1_700_000_000

  static func plan(fallback: Bool = true) throws -> RandomnessPlan {
    try RandomnessPlan(
      source: .beacon(chain: DrandChain.quicknet.hash),
      fallback: fallback ? .beacon(chain: DrandChain.defaultChain.hash) : nil, marginSecs: 60, deadlineSecs: 3_600)
  }

  /// Sold by `purchases` of one to five tickets, closed, and requested.
  init(_ schema: Schema = .v2, purchases: UInt64 = 40, byte: UInt8 = 7) throws {
    bench = try LotteryBench(schema)
    value = [UInt8](repeating: byte, count: 32)
    try bench.draft(1, Samples.multi())
    course = try DrawCourse(planning: try bench.engine.lottery(1), try DrawBench.plan())
    _ = try bench.engine.advanceStatus(1, to: .active, bench.at(0))
    try course.open(try bench.engine.lottery(1))
    for i in 0..<purchases { try bench.buy(1, i % 7 + 1, 1 + i % 5, at: 20 + 30 * i, block: i) }
    try bench.close(1)
    try bench.request(1, nonce: 9, at: DrawBench.closedAt)
    try commit()
  }

  @discardableResult
  mutating func commit(at now: UInt64 = DrawBench.closedAt + 5) throws -> ClosingCommitment {
    let sales = try #require(bench.engine.sales?.states[1])
    let draw = try #require(bench.engine.draws?.states[1])
    return try course.commit(
      try bench.engine.lottery(1), sales: sales, draw: draw, closedAt: DrawBench.closedAt, committedAt: now)
  }

  /// Takes the value of the question as it stands at `now`, and computes all winners.
  mutating func draw(at now: UInt64 = DrawBench.closedAt + 90) throws {
    let numbers = try course.accept(try proven(at: now), at: now)
    try bench.answer(1, nonce: 9, numbers: numbers, at: now)
    _ = try bench.engine.computeWinnersAdmin(1, batchLimit: 100, bench.at(now))
  }

  func proven(at now: UInt64) throws -> ProvenRandomness {
    let question = try course.question(at: now).question
    guard case .beacon(_, let round) = question else { throw RandomnessError(.wrongSource, "no beacon") }
    return ProvenRandomness(question, proof: .beacon(Beacon(round: round, signature: [1, 2])), value: value)
  }

  func bundle(wholeList: Bool = false) throws -> DrawBundle {
    try bench.engine.drawBundle(of: course, prizes: [5, nil, 10], wholeList: wholeList)
  }

  func verifier() -> DrawVerifier<SampleSHA256> {
    DrawVerifier(randomness: AnyProof(value: value), checkpoints: AnySignature(), sha256: SampleSHA256())
  }
}
