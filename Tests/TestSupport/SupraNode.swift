package import Codecs
import Foundation

/// The Supra development node on a free port of this machine, for as long as this object lives.
///
/// Python is the one of `ALMONER_SUPRA_PYTHON`, or of `.venv-supra` in the repository (`tools/setup.sh chain` makes it).
package final class SupraNode: Sendable {
  package let port: UInt16
  private let input: Pipe
  private let processIdentifier: Int32

  package enum Failure: Error {
    /// The node said nothing, or something else than that it is ready.
    case notReady(String)
    case notSteered(String)
  }

  /// `script`: what its functions do, a file of `Tests/Samples/ops`.
  package init(script: String? = "supra_lottery.json", _ arguments: [String] = []) throws {
    let repository = VectorFolder.repositoryPath
    let python =
      ProcessInfo.processInfo.environment["ALMONER_SUPRA_PYTHON"] ?? "\(repository)/.venv-supra/bin/python"
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments =
      ["\(repository)/tools/devchain/supra_devchain.py", "--end-with-input"] + arguments
      + (script.map { ["--script", "\(repository)/Tests/Samples/ops/\($0)"] } ?? [])
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
    guard let said = try? JSON.parse(line), said["ready"]?.string == "supra",
      let port = said["port"]?.uint64.flatMap({ UInt16(exactly: $0) })
    else { throw Failure.notReady(String(decoding: line, as: UTF8.self)) }
    self.port = port
    self.input = input
    processIdentifier = process.processIdentifier
  }

  package var url: String { "http://127.0.0.1:\(port)" }

  /// Steers it: see `control` of tools/devchain/supra_devchain.py.
  @discardableResult
  package func control(_ wanted: JSON) throws -> JSON {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "curl", "-sS", "--noproxy", "*", "-X", "POST", "--data-binary", wanted.text, "\(url)/dev/control",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = Array(output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    guard let answer = try? JSON.parse(said), answer["message"] == nil else {
      throw Failure.notSteered(String(decoding: said, as: UTF8.self))
    }
    return answer
  }

  deinit {
    try? input.fileHandleForWriting.close()
    kill(processIdentifier, SIGTERM)
  }
}
