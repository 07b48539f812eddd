import SimulatedChain
import Testing

@testable import Simulation

@Suite("Simulator: seeds and reports")
struct ReplayTests {
  private func output(_ words: String...) -> (code: Int32, lines: [String]) {
    var said: [String] = []
    let code = Simulator.main(words) { said.append($0) }
    return (code, said.flatMap { $0.split(separator: "\n").map(String.init) })
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `the same seed gives the same trace twice`(seed: UInt64) throws {
    let first = try Run.outcome(seed: seed, traces: true)
    let second = try Run.outcome(seed: seed, traces: true)
    #expect(first.lines == second.lines)
    #expect(first.lines.count > first.steps && first.steps > 10, "a trace says something about every step")
    #expect(first.faults == second.faults && first.violations.isEmpty)
  }

  @Test func `tracing changes nothing, and another seed is another world`() throws {
    let traced = try Run.outcome(seed: 3, traces: true)
    let untraced = try Run.outcome(seed: 3, traces: false)
    #expect(untraced.lines.isEmpty)
    #expect((traced.steps, traced.commits, traced.restarts) == (untraced.steps, untraced.commits, untraced.restarts))
    #expect(try Run.outcome(seed: 4, traces: true).lines != traced.lines)
  }

  @Test func `the number of threads changes nothing`() throws {
    let one = output("run", "--seeds", "8", "--jobs", "1")
    let two = output("run", "--seeds", "8", "--jobs", "2")
    #expect(one.lines == two.lines && one.code == 0 && two.code == 0)
  }

  @Test func `a run prints seeds, steps, faults by kind and violations`() throws {
    let (code, lines) = output("run", "--seeds", "6", "--from", "2")
    #expect(code == 0)
    #expect(lines.first == "seeds      6")
    func number(_ name: String) -> Int? {
      lines.first { $0.hasPrefix(name) }?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
    #expect(number("steps") ?? 0 > 100)
    #expect(number("violations") == 0)
    let start = try #require(lines.firstIndex(of: "faults that changed what the engine saw:"))
    let faults = lines[(start + 1)...].prefix { $0.hasPrefix("  ") }.map { $0.split(separator: " ") }
    let names = Set(Fault.allCases.map(\.rawValue) + ChainFault.allCases.map(\.rawValue))
    #expect(!faults.isEmpty)
    for fault in faults {
      #expect(fault.count == 2 && names.contains(String(fault[0])) && (Int(fault[1]) ?? 0) > 0, "\(fault)")
    }
  }

  @Test func `a violation is counted, named with its seed, and ends with 1`() throws {
    var summary = Summary()
    var outcome = Run.Outcome(seed: 77)
    outcome.violations = [Violation(3, "a stale fence changed something")]
    summary.add(outcome)
    summary.add(try Run.outcome(seed: 1, traces: false))
    let lines = summary.text.split(separator: "\n")
    #expect(lines.contains("violations 1"))
    #expect(lines.last == "  seed 77: invariant 3: a stale fence changed something")
  }

  @Test func `one seed is traced step by step`() throws {
    let (code, lines) = output("run", "--seed", "5", "--trace")
    #expect(code == 0 && lines.contains("seeds      1"))
    #expect(lines.contains { $0.hasPrefix("#1 t=") })
    #expect(output("run", "--seed", "5").lines.count < lines.count)
  }

  @Test func `words that it does not know are refused, and so are switches that this build has not`() {
    for words in [[], ["walk"], ["run", "--seeds"], ["run", "--seeds", "many"], ["run", "--sed", "1"]] {
      #expect(Simulator.main(words) { _ in } == 64, "\(words)")
    }
    #if !ALMONER_MUTANTS
      #expect(output("mutants", "--seeds", "1").code == 64)
      #expect(output("run", "--seed", "1", "--mutant", "M_NO_QUORUM").code == 64)
    #endif
  }

  @Test func `the boundaries can be listed`() throws {
    let (code, lines) = output("boundaries", "--list")
    #expect(try Boundaries.names() == lines)
    #expect(code == 0)
  }
}
