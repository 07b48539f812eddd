import Foundation
import Synchronization

/// The proxy of `Tests/Servers/postgresql_proxy.py` before a server, for as long as this object lives. It ends when its
/// standard input closes: also when the test process is killed.
package final class PostgreSQLProxy: Sendable {
  package enum Moment: String, CaseIterable, Sendable { case before, after }

  package let port: UInt16
  private let input: Pipe
  private let output: Pipe
  private let processIdentifier: Int32
  private let turn = Mutex(0)

  package init(before server: PostgreSQLServer) throws {
    let here = #filePath
    let tests = URL(filePath: here).deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", tests.appending(path: "Servers/postgresql_proxy.py").path, "\(server.port)"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = try PostgreSQLServer.line(output)
    guard let port = UInt16(line) else { throw PostgreSQLServer.Failure.notReady(line) }
    self.port = port
    (self.input, self.output) = (input, output)
    processIdentifier = process.processIdentifier
  }

  deinit {
    try? input.fileHandleForWriting.close()
    kill(processIdentifier, SIGTERM)
  }

  /// A name that leads through the proxy, without TLS.
  package func uri(_ name: String) -> String {
    "postgresql://almoner@127.0.0.1:\(port)/\(name)?sslmode=disable&gssencmode=disable"
  }

  /// Cuts the session whose client makes its `roundTrip`-th round trip from now on, before the server sees it or after
  /// it has answered.
  package func cut(_ roundTrip: Int, _ moment: Moment) throws { try tell("cut \(roundTrip) \(moment.rawValue)") }

  /// Nothing passes, and nothing is closed.
  package func freeze() throws { try tell("freeze") }

  package func thaw() throws { try tell("thaw") }

  private func tell(_ command: String) throws {
    try turn.withLock { _ in
      try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
      let answer = try PostgreSQLServer.line(output)
      guard answer == "ok" else { throw PostgreSQLServer.Failure.notReady(answer) }
    }
  }
}
