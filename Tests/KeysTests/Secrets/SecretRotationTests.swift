import Foundation
import Keys
import Money
import OpenSSL
import Policy
import TestSupport
import Testing

/// A secret in a file, and a service that takes some secrets and not others.
@Suite("Replacing a secret")
struct SecretRotationTests {
  private struct Crash: Error {}

  private let folder: TestFolder
  private var path: String { folder.file("key") }
  private var files: SecretFiles { SecretFiles(path: path) }

  init() throws {
    folder = try TestFolder("secret")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
    try folder.write("old\n", to: "key")
  }

  private func secret(_ text: String) throws -> SecretBytes { try SecretBytes(copying: Array(text.utf8)) }

  /// Steps that were recorded, until the one at which everything ends.
  private final class Log {
    var steps: [SecretRotation.Step] = []
    var calls: [String] = []
  }

  /// `taken`: what the service takes at its nth call. `dies`: after recording this step nothing more happens.
  @discardableResult
  private func rotate(
    to new: String, dies: SecretRotation.Step? = nil, log: Log = Log(),
    taken: @escaping (Int, String) -> Bool = { _, text in text == "new\n" }
  ) throws -> SecretRotation.End {
    try SecretRotation(
      files, calls: 3,
      test: { path in
        let text = try String(contentsOfFile: path, encoding: .utf8)
        log.calls.append(text)
        guard taken(log.calls.count, text) else { throw Crash() }
      },
      record: { step in
        log.steps.append(step)
        if step == dies { throw Crash() }
      }
    ).run(secret(new))
  }

  private func refusal(_ body: () throws -> Void) -> SecretError.Code? {
    do { try body() } catch { return (error as? SecretError)?.code }
    return nil
  }

  @Test func `the new one is tried beside the old one, then in its place, and then the old one goes`() throws {
    let log = Log()
    #expect(try rotate(to: "new", log: log) == .revoked)
    #expect(log.steps == [.staged, .tested, .switching, .switched, .confirmed, .revoked])
    #expect(log.calls == ["new\n", "new\n", "new\n", "new\n"])
    #expect(try folder.names == ["key"] && folder.read("key") == "new\n")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
    #expect(refusal { try rotate(to: "new") } == .unchanged)
  }

  @Test func `a service that refuses the new one leaves the old one in force, and nothing beside it`() throws {
    let log = Log()
    #expect(refusal { try rotate(to: "bad", log: log) } == .testFailed)
    #expect(log.steps == [.staged, .wentBack] && log.calls == ["bad\n"])
    #expect(try folder.names == ["key"] && folder.read("key") == "old\n")
    // Taken once and refused when it was in force.
    for place in 2...4 {
      let log = Log()
      #expect(refusal { try rotate(to: "new", log: log) { count, _ in count < place } } == .testFailed)
      #expect(log.steps == [.staged, .tested, .switching, .switched, .wentBack])
      #expect(try folder.names == ["key"] && folder.read("key") == "old\n")
    }
  }

  @Test(arguments: SecretRotation.Step.allCases.filter { $0 != .wentBack && $0 != .revoked })
  func `cut off at any step, the same again ends it and at no time is there no secret`(step: SecretRotation.Step) throws
  {
    #expect(throws: Crash.self) { try rotate(to: "new", dies: step) }
    let isSwitched = [.switched, .confirmed].contains(step)
    #expect(try folder.read("key") == (isSwitched ? "new\n" : "old\n"))
    // Another secret is not mixed into it.
    #expect(refusal { try rotate(to: "third") { _, _ in true } } == .rotationOpen)
    #expect(try rotate(to: "new") == (isSwitched ? .resumedAndRevoked : .revoked))
    #expect(try folder.names == ["key"] && folder.read("key") == "new\n")
  }

  @Test(arguments: SecretRotation.Step.allCases.filter { $0 != .wentBack && $0 != .revoked })
  func `cut off at any step, it can be taken back`(step: SecretRotation.Step) throws {
    #expect(throws: Crash.self) { try rotate(to: "new", dies: step) }
    var steps: [SecretRotation.Step] = []
    let rotation = SecretRotation(files, calls: 1, test: { _ in throw Crash() }, record: { steps.append($0) })
    try rotation.back()
    #expect(steps == [.wentBack])
    #expect(try folder.names == ["key"] && folder.read("key") == "old\n")
    #expect(refusal { try rotation.back() } == .noRotation)
    // A resumed rotation whose service says no goes back as well.
    #expect(throws: Crash.self) { try rotate(to: "new", dies: step) }
    #expect(refusal { try rotate(to: "new") { _, _ in false } } == .testFailed)
    #expect(try folder.names == ["key"] && folder.read("key") == "old\n")
  }

  @Test func `what a crash left half written is written anew`() throws {
    try folder.write("ne", to: "key.draft", mode: 0o644)
    try rotate(to: "new")
    #expect(try folder.names == ["key"] && folder.read("key") == "new\n")
  }

  @Test func `links, open folders and open files are not used`() throws {
    try folder.write("new\n", to: "open", mode: 0o640)
    #expect(refusal { _ = try SecretRotation.new(from: folder.file("open")) } == .unsafeFile)
    #expect(refusal { _ = try SecretRotation.new(from: folder.file("missing")) } == .unsafeFile)
    try folder.write("new\n", to: "closed")
    #expect(try SecretRotation.new(from: folder.file("closed")) == secret("new"))
    let link = SecretFiles(path: folder.file("link"))
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: path)
    #expect(refusal { try link.check() } == .unsafeFile)
    try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: folder.path)
    #expect(refusal { try files.check() } == .unsafeFile)
    #expect(refusal { try rotate(to: "new") } == .unsafeFile)
    #expect(SecretLook(path: path).warnings == [.replaceable])
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
    #expect(throws: Never.self) { try files.check() }
  }

  @Test func `what is wrong with a file is told without reading it`() throws {
    #expect(SecretLook(path: path).warnings.isEmpty)
    #expect(SecretLook(path: folder.file("none")).warnings == [.missing])
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
    #expect(SecretLook(path: path).warnings == [.exposed, .replaceable])
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    try folder.write("new\n", to: "key.next")
    #expect(SecretLook(path: path).warnings == [.rotationLeftOpen])
    let then = Date(timeIntervalSince1970: 1_700_000_000)
    try FileManager.default.setAttributes([.modificationDate: then], ofItemAtPath: path)
    #expect(SecretLook(path: path).writtenAt?.milliseconds == 1_700_000_000_000)
  }
}
