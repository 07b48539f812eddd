import Foundation

/// The server of `tools/partners/screening.py`, on a free port of this machine, for as long as this object lives.
package final class ScreeningPartner: Sendable {
  /// Such as `http://127.0.0.1:40123`, without a slash at the end.
  package let base: String
  private let input: Pipe
  private let processIdentifier: Int32

  package enum Failure: Error { case noPort }

  /// `script`: which stand-in of `tools/partners`.
  package init(_ script: String = "screening") throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "\(VectorFolder.repositoryPath)/tools/partners/\(script).py"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line: [UInt8] = []
    while line.count < 100, let byte = try output.fileHandleForReading.read(upToCount: 1)?.first,
      byte != UInt8(ascii: "\n")
    {
      line.append(byte)
    }
    guard let port = UInt16(String(decoding: line, as: UTF8.self)) else { throw Failure.noPort }
    base = "http://127.0.0.1:\(port)"
    self.input = input
    processIdentifier = process.processIdentifier
  }

  deinit {
    try? input.fileHandleForWriting.close()
    kill(processIdentifier, SIGTERM)
  }
}
