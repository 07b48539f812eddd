import Airdrop
import Audit
import Codecs
import Engine
import Payouts
import PostgreSQL
import SQLite
import TestSupport
import Testing

@testable import Store

@Suite("Copying a store")
struct StoreCopyTests {
  typealias Kind = CopyBench.Engine

  @Test(arguments: Kind.allCases, Kind.allCases)
  func `a copy holds what the store held, drains its lanes, and goes on after that`(from: Kind, to: Kind) throws {
    let bench = try CopyBench()
    let source = try bench.filled(from)
    let target = try bench.place(to, "target")
    let before = try bench.picture(source)
    let done = try bench.copy(source, target)
    #expect(try bench.picture(source) == before)
    let copied = try bench.bench(target)
    #expect(done.identity.epoch == 2)
    #expect(try copied.store.identity() == done.identity)
    #expect(try copied.store.lanes().allSatisfy { $0.mode == .draining && $0.holder == nil && $0.epoch == 2 })
    try copied.expectSound()
    #expect(try (copied.store as? any StoreUpkeep)?.integrityCheck() == [])
    // Only what the copy itself did differs: its lanes, and one record.
    let was = try bench.bench(source).store.auditRecords(after: nil, limit: 10_000)
    let records = try copied.store.auditRecords(after: nil, limit: 10_000)
    #expect(records.count == was.count + 1 && records.contains { $0.draft.action == "store.epoch_raised" })
    #expect(was.allSatisfy(records.contains))
    // Numbers that an engine gives by itself go on behind those that were copied.
    copied.now = 1_800_000_000_001
    let campaign = try copied.createCampaign("later")
    let load = try copied.load(campaign, 3)
    #expect(load.number > 3)
    try copied.expectSound()
  }

  @Test func `there and back again every digest is the same`() throws {
    let bench = try CopyBench()
    let source = try bench.filled(.sqlite)
    let there = try bench.place(.postgresql, "there")
    let back = try bench.place(.sqlite, "back")
    let first = try bench.copy(source, there).proofs
    let second = try bench.copy(there, back).proofs
    // The copy raises the epoch: the identity, its lanes, the record and the event of that are other ones.
    let changed: Set = ["store_identity", "lanes", "audit_log", "outbox"]
    let others = [first, second].map { proofs in
      proofs.filter { !changed.contains($0.table) }.sorted { $0.table < $1.table }
    }
    #expect(others[0] == others[1] && others[0].count == first.count - changed.count)
    let (old, new) = (try bench.bench(source).store, try bench.bench(back).store)
    for id in try old.campaigns(after: nil, limit: 10).map(\.id) {
      #expect(
        try new.payouts(id, status: nil, after: nil, limit: 1_000)
          == old.payouts(id, status: nil, after: nil, limit: 1_000))
      #expect(try new.batches(id, after: nil, limit: 100) == old.batches(id, after: nil, limit: 100))
    }
    #expect(try new.ledgerEntries(after: 0, limit: 1_000) == old.ledgerEntries(after: 0, limit: 1_000))
  }

  @Test(arguments: Kind.allCases)
  func `every table of the schema is copied or left out for a reason`(_ kind: Kind) throws {
    let bench = try CopyBench()
    let source = try bench.filled(kind)
    let all: Set<String>
    switch source {
    case .sqlite(let path):
      let raw = try SQLite.Connection(path: path)
      var rows = try raw.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'")
      var names: Set<String> = []
      while try rows.step() { names.insert(try rows.text(0)) }
      all = names
    case .postgresql(let dsn):
      let rows = try PostgreSQL.Connection(dsn.place).run(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
      )
      all = try Set((0..<rows.count).map { try rows.text($0, 0) })
    }
    let proofs = try bench.copy(source, bench.place(kind == .sqlite ? .postgresql : .sqlite, "target")).proofs
    let copied = Set(proofs.map(\.table))
    #expect(copied.isDisjoint(with: CopyTable.leftOut.keys))
    #expect(all.subtracting(copied).subtracting(CopyTable.leftOut.keys) == [], "neither copied nor left out")
    // What is empty here is not tested by the copies above: whoever adds a table gives it a row in `CopyBench`.
    #expect(proofs.filter { $0.rows == 0 }.map(\.table) == [])
  }

  @Test(arguments: Kind.allCases)
  func `a changed byte in the copy is found, and the copy is no store`(_ kind: Kind) throws {
    let bench = try CopyBench()
    let source = try bench.filled(.sqlite)
    let target = try bench.place(kind, "target")
    let error = #expect(throws: StoreError.self) {
      try bench.copy(source, target) { stage throws(StoreError) in
        guard case .verifying = stage else { return }
        do { try bench.sql(target, "UPDATE accounts SET owner = owner || ' ' WHERE no = 1") } catch {
          throw StoreError(.io, "\(error)")
        }
      }
    }
    #expect(error?.code == .copyDiffers && error?.message.contains("accounts") == true)
    #expect(throws: StoreError.self) { try bench.bench(target) }
  }

  @Test(arguments: Kind.allCases)
  func `a lost row in the copy is found`(_ kind: Kind) throws {
    let bench = try CopyBench()
    let target = try bench.place(kind, "target")
    let error = #expect(throws: StoreError.self) {
      try bench.copy(bench.filled(.sqlite), target) { stage throws(StoreError) in
        guard case .verifying = stage else { return }
        do { try bench.sql(target, "DELETE FROM payout_keys WHERE id = (SELECT max(id) FROM payout_keys)") } catch {
          throw StoreError(.io, "\(error)")
        }
      }
    }
    #expect(error?.code == .copyDiffers && error?.message.contains("payout_keys") == true)
  }

  @Test(arguments: Kind.allCases)
  func `a copy that ended early is refused by everything, and says how to start over`(_ kind: Kind) throws {
    let bench = try CopyBench()
    let source = try bench.filled(.sqlite)
    let stages = try stages(bench, source)
    for last in stride(from: 0, to: stages, by: 7) {
      let target = try bench.place(kind, "target \(last)")
      var left = last
      let ended = #expect(throws: StoreError.self) {
        try bench.copy(source, target) { _ throws(StoreError) in
          if left == 0 { throw StoreError(.unavailable, "killed") }
          left -= 1
        }
      }
      #expect(ended?.message == "killed")
      for attempt in [{ try bench.copy(source, target) as Any }, { try bench.bench(target) as Any }] {
        let error = #expect(throws: StoreError.self) { try attempt() }
        #expect(error?.code == .unfinishedCopy && error?.hint?.contains("delete") == true)
      }
      // Nor is half a store copied on.
      #expect(throws: StoreError.self) { try bench.copy(target, bench.place(.sqlite, "next \(last)")) }
    }
  }

  private func stages(_ bench: CopyBench, _ source: StoreDSN) throws -> Int {
    var count = 0
    try bench.copy(source, bench.place(.sqlite, "whole")) { _ throws(StoreError) in count += 1 }
    return count
  }

  @Test(arguments: Kind.allCases)
  func `a place that holds anything is refused and not touched`(_ kind: Kind) throws {
    let bench = try CopyBench()
    let source = try bench.filled(.sqlite)
    let used = try bench.filled(kind, "used")
    let before = try bench.picture(used)
    let error = #expect(throws: StoreError.self) { try bench.copy(source, used) }
    #expect(error?.code == .notEmpty)
    #expect(try bench.picture(used) == before)
    let foreign = try bench.place(kind, "foreign")
    try bench.sql(foreign, "CREATE TABLE recipes(name text)")
    #expect(#expect(throws: StoreError.self) { try bench.copy(source, foreign) }?.code == .notEmpty)
  }

  @Test func `tables stand behind those that they refer to, and a circle is refused`() throws {
    let tables = [("c", ["b"]), ("b", ["a", "b"]), ("a", []), ("d", ["a", "c"])].map {
      CopyTable(name: $0.0, parents: Set($0.1))
    }
    #expect(try CopyTable.parentsFirst(tables).map(\.name) == ["a", "b", "c", "d"])
    #expect(throws: StoreError.self) {
      try CopyTable.parentsFirst([CopyTable(name: "a", parents: ["b"]), CopyTable(name: "b", parents: ["a"])])
    }
  }

  @Test func `a name that is no name of ours never becomes SQL`() throws {
    let raw = try SQLite.Connection(path: ":memory:")
    #expect(throws: SQLiteError.self) { try raw.deleteRows(of: "a\"; DROP TABLE b") }
    #expect(throws: SQLiteError.self) { try raw.deleteRows(of: "") }
    let server = try PostgreSQL.Connection(ConnectionSettings(uri: PostgreSQLDatabase().uri))
    #expect(throws: PostgreSQLError.self) { try server.deleteRows(of: "a\"; DROP TABLE b") }
  }
}
