import Foundation
import SQLite
import Testing

@testable import Simulation

@Suite("Boundaries of one batch's life")
struct BoundaryTests {
  /// `bin/almoner-sim boundaries --list` prints the list anew.
  static func listed() throws -> [String] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "boundaries.txt")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test func `the list of boundaries is the one that lives pass`() throws {
    let (listed, passed) = (try Self.listed(), try Boundaries.names())
    for name in Set(passed).subtracting(listed).sorted() { Issue.record("not in boundaries.txt: \(name)") }
    for name in Set(listed).subtracting(passed).sorted() {
      Issue.record("in boundaries.txt, and never passed: \(name)")
    }
    #expect(listed.count == Set(listed).count)
  }

  /// Operations of before any batch.
  static let elsewhere: Set<String> = ["commit createCampaign", "commit order", "commit approve"]

  @Test func `no world passes an operation that no life is cut off at`() throws {
    let covered = Set(try Self.listed().map { $0.split(separator: " ").dropFirst().joined(separator: " ") })
    let known = Set(covered.flatMap(Boundaries.operations))
    var missing: [String: UInt64] = [:]
    for seed in 1...40 as ClosedRange<UInt64> {
      for boundary in try Run.outcome(seed: seed, traces: false).boundaries {
        for operation in Boundaries.operations(at: boundary) where !known.contains(operation) {
          missing[operation] = seed
        }
      }
    }
    for (operation, seed) in missing where !Self.elsewhere.contains(operation) {
      Issue.record("seed \(seed) passes \"\(operation)\", which no life of Boundaries/Life.swift does")
    }
  }

  @Test(arguments: Life.allCases)
  func `a life cut off at any boundary ends well`(life: Life) throws {
    let count = try Boundaries.cutEverywhere(life, survivals: [.synced], cutsDisk: false, jobs: 2)
    for (cut, violations) in count.broken { Issue.record("\(cut): \(violations.map(\.sentence))") }
    let own = try Self.listed().filter { $0.hasPrefix("\(life.rawValue): ") }
    #expect(count.covered == Set(own))
    #expect(count.cuts == count.boundaries && !own.isEmpty)
  }

  @Test func `a life cut off at any operation of the disk ends well`() throws {
    let count = try Boundaries.cutEverywhere(.bumped, survivals: [.torn], jobs: 2)
    for (cut, violations) in count.broken { Issue.record("\(cut): \(violations.map(\.sentence))") }
    #expect(count.diskOperations > 50 && count.cuts == count.boundaries + count.diskOperations)
  }

  @Test func `a cut that is never reached is a failure, not a pass`() throws {
    #expect(try Life.paid.course(.boundary(100_000, .all)).wasCut == false)
    #expect(try Life.paid.course(.boundary(1, .all)).wasCut)
    #expect(try Life.paid.course(.disk(1, .torn)).wasCut)
  }

  @Test func `every write of a commit is an operation of its own`() {
    #expect(
      Boundaries.operations(at: "before commit recordSent+intend(pay)") == ["commit recordSent", "commit intend(pay)"])
    #expect(Boundaries.operations(at: "after key.sign") == ["key.sign"])
  }
}
