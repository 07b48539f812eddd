import SimulatedChain

/// Numbers from a seed, by name: each use has a stream of its own, so that one more draw here changes nothing there.
struct Dice: Sendable {
  private var source: SplitMix

  init(_ seed: UInt64, _ stream: Stream) {
    var first = SplitMix(seed: seed)
    var second = SplitMix(seed: first.next() &+ stream.rawValue &* 0xd1b5_4a32_d192_ed03)
    source = SplitMix(seed: second.next())
  }

  enum Stream: UInt64 { case plan = 1, schedule, chain, disk, ports, engine, others, screening, lotteries }

  mutating func next() -> UInt64 { source.next() }

  /// From 0 to `bound - 1`.
  mutating func below(_ bound: Int) -> Int { source.below(bound) }

  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + source.below(range.count) }

  mutating func chance(_ percent: Int) -> Bool { source.below(100) < percent }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[source.below(values.count)] }
}
