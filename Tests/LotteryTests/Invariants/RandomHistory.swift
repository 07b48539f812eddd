import Lottery
import TestSupport

/// An engine under random operations of one module, and what was found wrong.
///
/// Every refused operation must leave the engine as it was.
struct RandomHistory {
  var random: SplitMix64
  var engine: LotteryEngine
  private(set) var violations: [String] = []
  var now: UInt64 = 1000

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    engine = LotteryEngine(admin: EngineBench.admin)
  }

  mutating func below(_ bound: UInt64) -> UInt64 { UInt64.random(in: 0..<bound, using: &random) }

  /// A small number, or one of the edges.
  mutating func amount() -> UInt64 {
    switch below(10) {
    case 0: 0
    case 1: .max
    default: below(60)
    }
  }

  mutating func chance(_ percent: UInt64) -> Bool { below(100) < percent }

  mutating func expect(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition { violations.append("at \(now): \(what())") }
  }

  func at(by actor: LotteryAddress = EngineBench.admin) -> Context { EngineBench.at(now, by: actor) }

  /// Performs an operation; nil and its code when it is refused, and then nothing may have changed.
  mutating func attempt<Result>(
    _ operation: (inout LotteryEngine) throws(LotteryError) -> Result
  ) -> (result: Result?, code: LotteryError.Code?) {
    let before = engine
    do throws(LotteryError) {
      return (try operation(&engine), nil)
    } catch {
      expect(engine == before, "a refusal (\(error.code.rawValue)) changed something")
      return (nil, error.code)
    }
  }
}
