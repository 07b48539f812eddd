import Foundation
import Synchronization

/// A PostgreSQL server of `Tests/Servers/postgresql.py`, on a free port of this machine, for as long as this object
/// lives. Every commit is synced, as in service.
///
/// It ends when its standard input closes: also when the test process is killed.
package final class PostgreSQLServer: Sendable {
  /// One for all tests of a process; whoever stops or restarts a server makes one of its own.
  package static let shared = Result { try PostgreSQLServer() }

  package let port: UInt16
  /// Of the Unix socket.
  package let directory: String
  /// The PEM file to trust for TLS to `localhost`.
  package let certificateFile: String
  private let input: Pipe
  private let output: Pipe
  private let processIdentifier: Int32
  private let turn = Mutex(0)

  package enum Failure: Error {
    /// It said nothing, or something else than that it is ready.
    case notReady(String)
    /// One of PostgreSQL's own programs failed.
    case failed(String)
  }

  private struct Ready: Decodable {
    let port: UInt16
    let directory: String
    let certificate: String
  }

  package init() throws {
    let here = #filePath
    let tests = URL(filePath: here).deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", tests.appending(path: "Servers/postgresql.py").path]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = try PostgreSQLServer.line(output)
    guard let ready = try? JSONDecoder().decode(Ready.self, from: Data(line.utf8)) else {
      throw Failure.notReady(line)
    }
    (port, directory, certificateFile) = (ready.port, ready.directory, ready.certificate)
    (self.input, self.output) = (input, output)
    processIdentifier = process.processIdentifier
  }

  deinit {
    try? input.fileHandleForWriting.close()
    kill(processIdentifier, SIGTERM)
  }

  static func line(_ output: Pipe) throws -> String {
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  // MARK: Commands

  /// Ends the server as a crash would.
  package func stop() throws { try tell("stop") }

  package func start() throws { try tell("start") }

  /// Crash and recovery.
  package func restart() throws { try tell("restart") }

  private func tell(_ command: String) throws {
    try turn.withLock { _ in
      try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
      let answer = try PostgreSQLServer.line(output)
      guard answer == "ok" else { throw Failure.notReady(answer) }
    }
  }

  /// `postgresql://almoner@127.0.0.1:PORT/NAME`.
  package func uri(_ name: String) -> String { "postgresql://almoner@127.0.0.1:\(port)/\(name)" }

  /// Runs one of PostgreSQL's own programs against this server.
  package func run(_ program: String, _ arguments: [String]) throws {
    let output = Pipe()
    let process = try begin(program, arguments, output)
    let text = try output.fileHandleForReading.readToEnd()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure.failed("\(program): \(String(decoding: text ?? Data(), as: UTF8.self))")
    }
  }

  /// Starts one of them; whoever does not look at the output gives none.
  fileprivate func begin(_ program: String, _ arguments: [String], _ output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ["PGHOST": directory, "PGPORT": "\(port)", "PGUSER": "almoner", "PATH": "/usr/bin:/bin"]
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = output ?? FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }
}

/// A new database of a server, dropped when the test lets go of it.
package final class PostgreSQLDatabase: Sendable {
  package let server: PostgreSQLServer
  package let name: String

  /// A copy of `template`, or an empty one.
  package init(on server: PostgreSQLServer? = nil, template: String? = nil) throws {
    let server = try server ?? PostgreSQLServer.shared.get()
    self.server = server
    name = "test_\(UUID().uuidString.lowercased().filter { $0 != "-" })"
    try server.run("createdb", (template.map { ["-T", $0] } ?? []) + [name])
  }

  // Nobody waits for it: what is left goes with the server.
  deinit { _ = try? server.begin("dropdb", ["--force", "--if-exists", name]) }

  package var uri: String { server.uri(name) }
}
