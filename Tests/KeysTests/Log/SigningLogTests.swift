import Chains
import Codecs
import Foundation
import Keys
import Money
import Signing
import SQLite
import TestSupport
import Testing

/// What every signing log must do, and what the file adds.
@Suite("Signing log")
struct SigningLogTests {
  enum LogKind: CaseIterable { case memory, file }

  let directory: TestFolder
  let account = TestChain.account(0x11)

  init() throws { directory = try TestFolder("keys") }

  private func log(_ kind: LogKind) throws -> any SigningLog {
    switch kind {
    case .memory: MemorySigningLog()
    case .file: try SigningLogFile(path: directory.file("log.sqlite"))
    }
  }

  private func record(
    _ slot: UInt64, kind: AttemptKind = .pay, digest: UInt8 = 1, hash: UInt8 = 1, fence: Int64 = 1,
    signed: SignedTransaction? = nil
  ) -> SlotRecord {
    SlotRecord(
      account: account, slot: slot, kind: kind, payloadDigest: bytes(digest), signingHash: bytes(hash), fence: fence,
      unsigned: [2, digest, hash], signed: signed)
  }

  private func bytes(_ value: UInt8) -> Hash32 {
    Hash32(words: (UInt64(value), UInt64(value), 3, UInt64(value)))
  }

  @Test(arguments: LogKind.allCases)
  func `fences start at zero, only rise, and belong to one chain and account`(kind: LogKind) throws {
    let log = try log(kind)
    #expect(try log.highestFence(TestChain.id, account) == 0)
    try log.raiseFence(TestChain.id, account, to: 4)
    try log.raiseFence(TestChain.id, account, to: 2)
    #expect(try log.highestFence(TestChain.id, account) == 4)
    #expect(try log.highestFence(ChainID(.evm, 1), account) == 0)
    #expect(try log.highestFence(TestChain.id, TestChain.account(2)) == 0)
  }

  @Test(arguments: LogKind.allCases)
  func `records come back by slot and in order, and a repeated permit changes nothing`(kind: LogKind) throws {
    let log = try log(kind)
    let records = [record(7), record(5), record(5, kind: .void, digest: 2, hash: 2), record(9)]
    try log.permit(TestChain.id, records)
    try log.permit(TestChain.id, records)
    #expect(try log.records(TestChain.id, account, slots: [5]).map(\.kind) == [.pay, .void])
    #expect(try log.records(TestChain.id, account, slots: [9, 6, 7]) == [records[3], records[0]])
    #expect(try log.records(TestChain.id, account, from: 6, limit: 10).map(\.slot) == [7, 9])
    #expect(try log.records(TestChain.id, account, from: 0, limit: 3).map(\.slot) == [5, 5, 7])
    #expect(try log.records(ChainID(.evm, 1), account, slots: [5]).isEmpty)
    #expect(try log.records(TestChain.id, account, slots: [.max]).isEmpty)
  }

  @Test(arguments: LogKind.allCases)
  func `a call that is refused in its middle leaves nothing behind`(kind: LogKind) throws {
    let log = try log(kind)
    try log.permit(TestChain.id, [record(1)])
    let refused = [record(2), record(1, digest: 2, hash: 2), record(3)]
    #expect(refusal { try log.permit(TestChain.id, refused) } == .slotTaken)
    let signed = SignedTransaction(bytes: [1], hash: bytes(9))
    #expect(
      refusal { try log.complete(TestChain.id, [record(1, signed: signed), record(2, signed: signed)]) } == .logFailed)
    #expect(try log.records(TestChain.id, account, from: 0, limit: 10) == [record(1)])
  }

  @Test(arguments: LogKind.allCases)
  func `signed bytes are added to their permit, and bytes that were never permitted are refused`(kind: LogKind) throws {
    let log = try log(kind)
    try log.permit(TestChain.id, [record(1), record(1, hash: 2)])
    let signed = SignedTransaction(bytes: [1, 2], hash: bytes(9))
    try log.complete(TestChain.id, [record(1, hash: 2, signed: signed)])
    #expect(try log.records(TestChain.id, account, slots: [1]).map(\.signed) == [nil, signed])
    #expect(refusal { try log.complete(TestChain.id, [record(1, hash: 3, signed: signed)]) } == .logFailed)
    #expect(refusal { try log.complete(TestChain.id, [record(1)]) } == .logFailed)
    // A device with random nonces signs the same bytes in another way: the newest is handed out.
    let again = SignedTransaction(bytes: [1, 3], hash: bytes(8))
    try log.complete(TestChain.id, [record(1, hash: 2, signed: again)])
    #expect(try log.records(TestChain.id, account, slots: [1]).map(\.signed) == [nil, again])
  }

  @Test func `the file is append-only, keeps every signature, and is readable by its owner only`() throws {
    let path = directory.file("log.sqlite")
    let log = try SigningLogFile(path: path)
    try log.permit(TestChain.id, [record(1)])
    for value: UInt8 in [8, 9] {
      let signed = SignedTransaction(bytes: [value], hash: bytes(value))
      try log.complete(TestChain.id, [record(1, signed: signed)])
    }
    let raw = try Connection(path: path)
    for sql: StaticString in [
      "DELETE FROM permit", "DELETE FROM signature", "DELETE FROM lane", "UPDATE permit SET slot = 2",
      "UPDATE signature SET signed = x'00'", "UPDATE lane SET fence = 0",
    ] {
      #expect(throws: SQLiteError.self, "\(sql)") { try raw.execute(sql) }
    }
    var count = try raw.prepare("SELECT count(*) FROM signature")
    #expect(try count.step())
    #expect(try count.int(0) == 2)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
  }

  @Test func `a foreign database, a newer log and a file that is no database are refused`() throws {
    let foreign = directory.file("foreign.sqlite")
    try Connection(path: foreign).execute("CREATE TABLE other (id INTEGER PRIMARY KEY)")
    #expect(refusal { try SigningLogFile(path: foreign) } == .logFailed)
    let newer = directory.file("newer.sqlite")
    _ = try SigningLogFile(path: newer)
    try Connection(path: newer).execute("PRAGMA user_version = 3")
    let error = refusedError { try SigningLogFile(path: newer) }
    #expect(error?.code == .logFailed && error?.message.contains("newer") == true)
    let text = try directory.write(String(repeating: "no database ", count: 200), to: "text")
    #expect(refusal { try SigningLogFile(path: text) } == .logFailed)
    #expect(refusal { try SigningLogFile(path: directory.file("missing/log.sqlite")) } == .logFailed)
  }

  @Test func `the log lies beside a keystore file and inside a directory of them`() throws {
    let file = try directory.write("{}", to: "key.json")
    #expect(SigningLogFile.defaultPath(besideKeystore: file) == directory.file("signing-log.sqlite"))
    #expect(SigningLogFile.defaultPath(besideKeystore: directory.path) == directory.file("signing-log.sqlite"))
  }

  @Test func `five thousand slots go through one permit and one completion in little time`() throws {
    let log = try SigningLogFile(path: directory.file("log.sqlite"))
    let clock = ContinuousClock()
    let started = clock.now
    let records = (0..<5000).map { record(UInt64($0)) }
    try log.permit(TestChain.id, records)
    try log.complete(
      TestChain.id, records.map { self.record($0.slot, signed: SignedTransaction(bytes: $0.unsigned, hash: bytes(4))) })
    #expect(try log.records(TestChain.id, account, slots: Array(0..<5000)).count == 5000)
    let took = clock.now - started
    print("signing log: 5000 slots permitted, completed and read in \(took)")
    // Far above what it takes; a commit for each record would be past it.
    #expect(took < .seconds(10))
  }
}
