import Foundation
import Synchronization

/// A real broker on a free port of this machine, with a folder of its own, for as long as this object lives.
///
/// It can be killed and started again over the same folder. It also ends when the test process does: a second process
/// waits for that.
package final class BrokerServer: Sendable {
  package enum Kind: Sendable { case redis, nats }
  package enum Failure: Error { case didNotStart(String) }

  package let port: UInt16
  private let kind: Kind
  private let folder: String
  private let arguments: [String]
  private let running = Mutex<(server: Int32, watcher: Pipe)?>(nil)

  /// Redis writes every command to the disk before it answers; NATS keeps streams in files. `arguments` come last.
  package init(_ kind: Kind, _ arguments: [String] = []) throws {
    self.kind = kind
    self.arguments = arguments
    folder = FileManager.default.temporaryDirectory.appending(path: "almoner-broker-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    port = try LoopbackSocket.freePort()
    try start()
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(atPath: folder)
  }

  package var url: String { "\(kind == .redis ? "redis" : "nats")://127.0.0.1:\(port)" }

  /// Returns when it answers.
  package func start() throws {
    let line: [String] =
      switch kind {
      case .redis:
        [
          "/usr/bin/redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes",
          "--appendfsync", "always", "--save", "", "--logfile", folder + "/log", "--unixsocket", folder + "/socket",
        ]
      case .nats:
        ["/usr/sbin/nats-server", "-a", "127.0.0.1", "-p", "\(port)", "-js", "-sd", folder, "-l", folder + "/log"]
      }
    let process = Process()
    process.executableURL = URL(filePath: line[0])
    process.arguments = line.dropFirst() + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try Signals.unblocked { try process.run() }
    let server = process.processIdentifier
    let watcher = Process()
    let pipe = Pipe()
    watcher.executableURL = URL(filePath: "/bin/sh")
    watcher.arguments = ["-c", "cat >/dev/null; kill -9 \(server) 2>/dev/null"]
    watcher.standardInput = pipe
    try watcher.run()
    running.withLock { $0 = (server, pipe) }
    for _ in 0..<400 {
      if isReady { return }
      guard process.isRunning else { break }
      Thread.sleep(forTimeInterval: 0.025)
    }
    let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "no log"
    throw Failure.didNotStart(log)
  }

  package var socket: String { folder + "/socket" }

  private var isReady: Bool {
    switch kind {
    case .redis:
      // With a password, that one is asked for; while the file is read, it says LOADING.
      LoopbackSocket.answers(port, asked: "PING\r\n", with: "+PONG")
        || LoopbackSocket.answers(port, asked: "PING\r\n", with: "-NOAUTH")
    case .nats: LoopbackSocket.answers(port, asked: "", with: "INFO ")
    }
  }

  /// Ends at once, as by a power cut of this process.
  package func kill() {
    running.withLock { running in
      guard let (server, watcher) = running else { return }
      Foundation.kill(server, SIGKILL)
      for _ in 0..<1_000 where !BrokerServer.isGone(server) { usleep(2_000) }
      try? watcher.fileHandleForWriting.close()
      running = nil
    }
  }

  /// Ended, whether or not somebody has asked how.
  private static func isGone(_ process: Int32) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
    return text.split(separator: ")").last?.dropFirst().first == "Z"
  }

  /// Stops or goes on answering, with connections open.
  package func pause(_ isPaused: Bool) {
    running.withLock { running in
      if let running { Foundation.kill(running.server, isPaused ? SIGSTOP : SIGCONT) }
    }
  }
}

/// A program inherits which signals are blocked, and the threads that run tests block most of them.
package enum Signals {
  package static func unblocked<Value>(_ body: () throws -> Value) rethrows -> Value {
    var (none, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
  }
}
