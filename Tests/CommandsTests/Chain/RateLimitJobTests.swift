import Foundation
import Testing

/// AM_RATE_LIMIT_GLOBAL on the development chain, with the real binary.
@Suite("A limit of the desk", .serialized)
struct RateLimitJobTests {
  static let world = Result { try ChainWorld(seed: "rate-limit") }

  @Test func `what is over the limit waits, whoever asks and however often`() throws {
    let world = try Self.world.get()
    let desk = try world.desk(2)
    let limit = ["AM_RATE_LIMIT_GLOBAL": "3:3600"]
    let people = Array(5200..<5205)
    try desk.campaign("Slow", token: nil, people)
    for round in 0..<2 {
      let run = try desk.begin("run", "--campaign", "Slow", "--yes", "--max-batch", "2", environment: limit)
      try run.wait { _ in try desk.counts("Slow")["confirmed"] == 3 }
      Thread.sleep(forTimeInterval: round == 0 ? 1.5 : 0.5)
      #expect(try desk.counts("Slow") == ["confirmed": 3, "queued": 2])
      run.send(SIGINT)
      _ = try run.finish(seconds: 20)
    }
    try desk("run", "--campaign", "Slow", "--yes").succeeded()
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
  }
}
