import Codecs
import Engine
import Money
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite("A writer that is killed")
struct KilledWriterTests {
  /// A disk that stops at one operation.
  private final class Script: Sendable {
    private let last = Atomic<Int>(.max)
    func stop(at number: Int) { last.store(number, ordering: .relaxed) }
    func decide(_ operation: DiskOperation) -> DiskVerdict {
      operation.kind.isDurable && operation.number == last.load(ordering: .relaxed) ? .crashBefore : .proceed
    }
  }

  private func note(_ store: SQLiteStore) throws {
    let note = Note(action: "test.noted", entity: "test", entityID: "1", details: ["n": .integer(1)], isPublic: false)
    try store.commit(
      Commit(guardedBy: nil, actor: "operator:test", at: Timestamp(milliseconds: 1), writes: [.note(note)]))
  }

  private func open(_ disk: FaultDisk) throws -> SQLiteStore {
    try SQLiteStore(path: "a.db", vfs: disk.name, exclusive: true, sha256: Hashing())
  }

  @Test(arguments: 1...12)
  func `what the next process reads outlives a power cut`(operation: Int) throws {
    let script = Script()
    let disk = try FaultDisk(seed: 1) { script.decide($0) }
    do {
      let store = try open(disk)
      try note(store)
      script.stop(at: disk.operations + operation)
      try? note(store)
    }
    // The process is dead and the machine lives: what was written and not synced can still be read.
    disk.stop()
    disk.restart(.all)
    let read: Int
    do {
      let store = try open(disk)
      read = try store.auditRecords(after: nil, limit: 100).count
    }
    disk.stop()
    disk.restart(.synced)
    #expect(try open(disk).auditRecords(after: nil, limit: 100).count >= read)
  }
}
