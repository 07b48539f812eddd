import Foundation

/// The server of `Tests/Servers/misbehaving.py`, on a free port of this machine, for as long as this object lives.
///
/// It ends when its standard input closes: also when the test process is killed.
package final class LocalServer: Sendable {
  /// Such as `http://127.0.0.1:40123`, without a slash at the end; `https://localhost:...` with TLS.
  package let base: String
  /// With TLS: the PEM file to trust.
  package let certificateFile: String?
  private let folder: TestFolder?
  private let input: Pipe
  private let processIdentifier: Int32

  package enum Failure: Error { case noPort }

  package init(tls: Bool = false) throws {
    let here = #filePath
    let tests = URL(filePath: here).deletingLastPathComponent().deletingLastPathComponent()
    let folder = tls ? try TestFolder("server") : nil
    let certificate = folder?.file("certificate.pem")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["python3", tests.appending(path: "Servers/misbehaving.py").path] + (certificate.map { ["--tls", $0] } ?? [])
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n"), let byte = try output.fileHandleForReading.read(upToCount: 1)?.first {
      line.append(byte)
    }
    guard let port = UInt16(String(decoding: line.dropLast(), as: UTF8.self)) else { throw Failure.noPort }
    base = tls ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)"
    certificateFile = certificate
    self.folder = folder
    self.input = input
    processIdentifier = process.processIdentifier
  }

  deinit {
    try? input.fileHandleForWriting.close()
    kill(processIdentifier, SIGTERM)
  }
}
