import Codecs
import Curves
import Foundation
import Keys
import Money
import OpenSSL
import POSIX
import SQLite
import Sodium
import Synchronization
import TestSupport
import Testing

@Suite("The keeper of a VRF key")
struct VRFKeeperTests {
  /// A key with its log and a keeper.
  final class Bench {
    let folder: TestFolder
    let file: VRFKeyFile
    let password: SecretBytes

    init() throws {
      folder = try TestFolder("vrf")
      password = try SecretBytes(copying: Array("correct horse".utf8))
      file = try VRFKeyFile.create(folder.file("vrf.key"), password: password)
      _ = try VRFLog.create(folder.file("vrf.log"), publicKey: file.publicKey)
    }

    func keeper() throws -> VRFKeeper {
      try VRFKeeper(
        try file.open(password: password), logPath: folder.file("vrf.log"), now: { Timestamp(milliseconds: 7) })
    }
  }

  /// The first fields of a commitment, and something behind them.
  static func closing(_ lottery: UInt64, _ rest: UInt8) -> [UInt8] {
    var bytes = Array(ClosingBytes.name.utf8) + [2, 0]
    for shift in 0..<8 as Range<UInt64> { bytes.append(UInt8(truncatingIfNeeded: lottery >> (8 * shift))) }
    return bytes + [UInt8](repeating: rest, count: 200)
  }

  private func refused(_ keeper: VRFKeeper, _ bytes: [UInt8]) -> RandomnessError.Code? {
    do throws(RandomnessError) {
      _ = try keeper.proof(for: bytes, peer: "uid:1")
      return nil
    } catch { return error.code }
  }

  @Test func `a lottery has one value, again the same, and no other closing gets one`() throws {
    let bench = try Bench()
    let keeper = try bench.keeper()
    let proof = try keeper.proof(for: Self.closing(7, 1), peer: "uid:1")
    let alpha = Keccak.sha3(Self.closing(7, 1)).bytes
    #expect(try ECVRF.verify(publicKey: keeper.publicKey, alpha: alpha, proof: proof).count == 64)
    #expect(try keeper.proof(for: Self.closing(7, 1), peer: "uid:2") == proof)
    for other in [2, 3, 255] as [UInt8] { #expect(refused(keeper, Self.closing(7, other)) == .alreadyAnswered) }
    #expect(refused(keeper, Self.closing(8, 2)) == nil)
    #expect(refused(keeper, Self.closing(.max, 2)) == nil)
    // A new process remembers.
    let next = try bench.keeper()
    #expect(refused(next, Self.closing(7, 2)) == .alreadyAnswered)
    #expect(try next.proof(for: Self.closing(7, 1), peer: "uid:1") == proof)
  }

  @Test func `bytes that are no closing commitment get no value`() throws {
    let keeper = try Bench().keeper()
    let good = Self.closing(7, 1)
    var forged: [[UInt8]] = [[], [0], Array(good.prefix(48)), good + [UInt8](repeating: 0, count: 4_096)]
    for place in 0..<ClosingBytes.name.utf8.count {
      var other = good
      other[place] ^= 1
      forged.append(other)
    }
    for bytes in forged { #expect(refused(keeper, bytes) == .wrongSource) }
    // None of them has used the lottery up.
    #expect(refused(keeper, good) == nil)
  }

  @Test func `without its log a key answers nothing, and an empty log is not made in its place`() throws {
    let bench = try Bench()
    do { _ = try bench.keeper().proof(for: Self.closing(7, 1), peer: "uid:1") }
    try FileManager.default.removeItem(atPath: bench.folder.file("vrf.log"))
    let missing = #expect(throws: RandomnessError.self) { try bench.keeper() }
    #expect(missing?.code == .logFailed)
    #expect(!FileManager.default.fileExists(atPath: bench.folder.file("vrf.log")))
    // A log of another key, and a file that is none.
    _ = try VRFLog.create(bench.folder.file("vrf.log"), publicKey: [UInt8](repeating: 9, count: 32))
    #expect(#expect(throws: RandomnessError.self) { try bench.keeper() }?.code == .logFailed)
    try FileManager.default.removeItem(atPath: bench.folder.file("vrf.log"))
    _ = FileManager.default.createFile(atPath: bench.folder.file("vrf.log"), contents: Data())
    #expect(#expect(throws: RandomnessError.self) { try bench.keeper() }?.code == .logFailed)
    #expect(throws: RandomnessError.self) {
      try VRFLog.create(bench.folder.file("vrf.log"), publicKey: bench.file.publicKey)
    }
  }

  @Test func `the log only grows`() throws {
    let bench = try Bench()
    do { _ = try bench.keeper().proof(for: Self.closing(7, 1), peer: "uid:1") }
    let connection = try Connection(path: bench.folder.file("vrf.log"))
    for sql in ["DELETE FROM answer", "UPDATE answer SET alpha = zeroblob(32)", "DELETE FROM key"] as [StaticString] {
      #expect(throws: SQLiteError.self) { try connection.execute(sql) }
    }
    // A log that cannot be written answers nothing new.
    try connection.execute("BEGIN IMMEDIATE")
    #expect(refused(try bench.keeper(), Self.closing(8, 1)) == .logFailed)
    try connection.execute("ROLLBACK")
    #expect(refused(try bench.keeper(), Self.closing(8, 1)) == nil)
  }

  @Test func `a wrong password, and a file that was changed, open no key`() throws {
    let bench = try Bench()
    let wrong = try SecretBytes(copying: Array("battery staple".utf8))
    #expect(throws: (any Error).self) { try bench.file.open(password: wrong) }
    #expect(throws: (any Error).self) { try VRFKeyFile.create(bench.folder.file("vrf.key"), password: wrong) }
    #expect(
      try VRFKeyFile(path: bench.folder.file("vrf.key")).open(password: bench.password).publicKey
        == bench.file.publicKey)
  }

  // MARK: Over the socket

  private func serving(_ bench: Bench, users: Set<UInt32>, _ body: (String) throws -> Void) throws {
    let path = bench.folder.file("vrf.sock")
    let socket = try ListeningSocket(.unix(path))
    let server = VRFServer(try bench.keeper(), frameMilliseconds: 500, tell: { _ in })
    let isOver = Mutex(false)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      try? server.serve(socket, users: users, until: { isOver.withLock { $0 } })
      done.signal()
    }
    thread.start()
    defer {
      isOver.withLock { $0 = true }
      done.wait()
    }
    try body(path)
  }

  @Test func `over the socket the proof is verified, and a second process with another closing is refused`() throws {
    let bench = try Bench()
    try serving(bench, users: [getuid()]) { path in
      let (one, two) = (SealedVRF(path: path), SealedVRF(path: path))
      let key = try one.publicKey()
      #expect(key == bench.file.publicKey)
      let value = try one.value(closing: Self.closing(7, 1), publicKey: key)
      #expect(value.value.count == 64)
      #expect(try two.value(closing: Self.closing(7, 1), publicKey: key) == value)
      let other = #expect(throws: RandomnessError.self) { try two.value(closing: Self.closing(7, 2), publicKey: key) }
      #expect(other?.code == .alreadyAnswered)
      // Whoever expects another key believes nothing.
      let stranger = try VRFKeyFile.create(bench.folder.file("other.key"), password: bench.password).publicKey
      let unproven = #expect(throws: RandomnessError.self) {
        try one.value(closing: Self.closing(7, 1), publicKey: stranger)
      }
      #expect(unproven?.code == .unproven)
    }
  }

  @Test func `other users get no answer, and rubbish ends a connection and nothing else`() throws {
    let bench = try Bench()
    try serving(bench, users: [getuid() &+ 1]) { path in
      let error = #expect(throws: RandomnessError.self) { try SealedVRF(path: path).publicKey() }
      #expect(error?.code == .unreachable)
    }
    try serving(bench, users: [getuid()]) { path in
      let deadline = Deadline(inMilliseconds: 5_000)
      for rubbish in [[0xff, 0xff, 0xff, 0xff], [0, 0, 0, 3, 1, 2, 3], [0, 0], []] as [[UInt8]] {
        let socket = try StreamSocket.connect(.unix(path), deadline)
        if !rubbish.isEmpty { try socket.write(rubbish, deadline) }
      }
      #expect(try SealedVRF(path: path).publicKey() == bench.file.publicKey)
    }
  }
}
