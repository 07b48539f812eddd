import Codecs
import Foundation
import Testing

/// The real binary, which the build leaves beside the tests.
enum Program {
  static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "almoner").path

  enum Failure: Error {
    case tookTooLong([String], out: String, error: String)
    case ended([String], Int32, out: String, error: String)
  }

  /// How a run ended, and what it said.
  struct Ended {
    let line: [String]
    /// The exit code, or the negative number of the signal that ended it.
    let status: Int32
    let out: String
    let error: String

    /// The objects of `--json`; a line that is none is an issue.
    var events: [JSON] {
      get throws {
        try out.split(separator: "\n").map { line in
          try #require((try? JSON.parse(String(line))).flatMap { $0.object == nil ? nil : $0 }, "no object: \(line)")
        }
      }
    }

    func events(named name: String) throws -> [JSON] { try events.filter { $0["event"]?.string == name } }

    /// The code of the error it ended with, from the text or from the JSON line.
    var code: String? {
      let objects = out.split(separator: "\n").compactMap { try? JSON.parse(String($0)) }
      if let event = objects.last(where: { $0["event"]?.string == "error" }) { return event["code"]?.string }
      return error.split(separator: "\n").last { $0.hasPrefix("error ") }?.dropFirst(6).prefix { $0 != ":" }.description
    }

    /// Throws unless the program ended well: everything after it would fail for that reason.
    @discardableResult
    func succeeded() throws -> Ended {
      guard status == 0 else { throw Failure.ended(line, status, out: out, error: error) }
      return self
    }
  }

  /// A program on its way.
  final class Running {
    let process = Process()
    private let line: [String]
    private let scratch: Scratch
    private let files: (out: FileHandle, error: FileHandle)

    /// `path`: the binary, or a link to it. Output goes to files, so that no reader is needed and a test may look at
    /// it while the program runs.
    init(
      _ line: [String], path: String = Program.path, environment: [String: String], input: String = "", folder: String?
    ) throws {
      self.line = line
      scratch = try Scratch()
      for name in ["out", "error"] { try scratch.write("", to: name) }
      try scratch.write(input, to: "input")
      files = (
        try FileHandle(forWritingTo: URL(filePath: scratch("out"))),
        try FileHandle(forWritingTo: URL(filePath: scratch("error")))
      )
      process.executableURL = URL(filePath: path)
      process.arguments = line
      process.environment = environment.merging(["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]) { own, _ in own }
      if let folder { process.currentDirectoryURL = URL(filePath: folder) }
      process.standardInput = try FileHandle(forReadingFrom: URL(filePath: scratch("input")))
      process.standardOutput = files.out
      process.standardError = files.error
      try Running.withSignalsUnblocked { try process.run() }
    }

    /// A program inherits which signals are blocked, and the threads that run tests block most of them.
    private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
      var (none, before) = (sigset_t(), sigset_t())
      unsafe sigemptyset(&none)
      unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
      defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
      try body()
    }

    var out: String { (try? scratch.read("out")) ?? "" }
    var error: String { (try? scratch.read("error")) ?? "" }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until what it said holds for `condition`; bounded.
    func wait(seconds: Double = 60, until condition: (Running) throws -> Bool) throws {
      let deadline = Date().addingTimeInterval(seconds)
      while try !condition(self) {
        guard Date() < deadline, process.isRunning else {
          let isLate = process.isRunning
          let ended = try finish(seconds: 0.1, killing: true)
          throw isLate
            ? Failure.tookTooLong(line, out: ended.out, error: ended.error)
            : Failure.ended(line, ended.status, out: ended.out, error: ended.error)
        }
        Thread.sleep(forTimeInterval: 0.01)
      }
    }

    /// Waits for its end; a program that hangs is killed and is a failure.
    func finish(seconds: Double = 90, killing: Bool = false) throws -> Ended {
      let deadline = Date().addingTimeInterval(seconds)
      while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if !killing { throw Failure.tookTooLong(line, out: out, error: error) }
      }
      let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
      return Ended(line: line, status: status, out: out, error: error)
    }

    deinit {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      try? files.out.close()
      try? files.error.close()
    }
  }

  static func run(
    _ line: [String], path: String = Program.path, environment: [String: String] = [:], input: String = "",
    folder: String? = nil, seconds: Double = 90
  ) throws -> Ended {
    try Running(line, path: path, environment: environment, input: input, folder: folder).finish(seconds: seconds)
  }
}
