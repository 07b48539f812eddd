import Foundation

/// The EVM development chain on a free port of this machine, for as long as this object lives.
///
/// Python is the one of `ALMONER_PYTHON`, or of `.venv` in the repository (`tools/setup.sh chain` makes it). The chain
/// ends when its standard input closes: also when the test process is killed.
package final class DevChain: Sendable {
  package let port: UInt16
  private let input: Pipe
  private let processIdentifier: Int32

  package enum Failure: Error {
    /// The chain said nothing, or something else than that it is ready.
    case notReady(String)
  }

  /// `arguments` are those of `tools/devchain/evm_devchain.py`, without `--port`.
  package init(_ arguments: [String] = []) throws {
    let here = #filePath
    let repository = URL(filePath: here).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let python =
      ProcessInfo.processInfo.environment["ALMONER_PYTHON"] ?? repository.appending(path: ".venv/bin/python").path
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [repository.appending(path: "Tests/Servers/devchain.py").path, "--port", "0"] + arguments
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line: [UInt8] = []
    while line.count < 1_000, let byte = try output.fileHandleForReading.read(upToCount: 1)?.first,
      byte != UInt8(ascii: "\n")
    {
      line.append(byte)
    }
    let text = String(decoding: line, as: UTF8.self)
    // {"ready": "evm", "port": 8545}
    guard text.contains("\"ready\""), let port = UInt16(text.filter(\.isNumber)) else { throw Failure.notReady(text) }
    self.port = port
    self.input = input
    processIdentifier = process.processIdentifier
  }

  package var url: String { "http://127.0.0.1:\(port)" }

  deinit {
    try? input.fileHandleForWriting.close()
    kill(processIdentifier, SIGTERM)
  }
}
