import Foundation
import Glibc
import Keys
import TestSupport

/// Real SoftHSM tokens in a temporary directory.
///
/// A module reads SOFTHSM2_CONF once, while it is initialised, so the variable is set here before anything loads it, once
/// for the process; tests share the module and have tokens of their own.
enum SoftHSM {
  static let pin = "4321-almoner"
  static let modulePath = "/usr/lib/softhsm/libsofthsm2.so"

  /// Nil when SoftHSM is not installed: then the suite is skipped, and says so.
  static let isInstalled =
    FileManager.default.fileExists(atPath: modulePath)
    && FileManager.default.isExecutableFile(atPath: "/usr/bin/softhsm2-util")

  /// Makes configuration, tokens and PIN files, once.
  private static let ready = Result {
    let folder = try TestFolder("softhsm")
    try FileManager.default.createDirectory(atPath: folder.file("tokens"), withIntermediateDirectories: false)
    let configuration = try folder.write(
      "directories.tokendir = \(folder.file("tokens"))\nobjectstore.backend = file\nlog.level = ERROR\n",
      to: "softhsm2.conf")
    unsafe setenv("SOFTHSM2_CONF", configuration, 1)
    for label in Token.allCases {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/softhsm2-util")
      process.arguments = [
        "--init-token", "--free", "--label", label.rawValue, "--so-pin", "so-almoner", "--pin", pin,
      ]
      process.environment = ["SOFTHSM2_CONF": configuration]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { throw CocoaError(.featureUnsupported) }
    }
    try folder.write(pin + "\n", to: "pin")
    try folder.write("1234\n", to: "wrong-pin")
    return folder
  }

  /// One for each use that leaves marks: a wrong PIN counts, a lost login concerns everybody on the token.
  enum Token: String, CaseIterable { case shared = "almoner shared", wrong = "almoner-wrong", lost = "almoner-lost" }

  /// A token's URI, with the PIN file in it.
  static func uri(_ token: Token, object: String? = nil, pinFile: String = "pin") throws -> HSMURI {
    let folder = try ready.get()
    let label = token.rawValue.replacingOccurrences(of: " ", with: "%20")
    let key = object.map { ";object=\($0)" } ?? ""
    return try HSMURI(
      parsing: "pkcs11:token=\(label)\(key)?module-path=\(modulePath)&pin-source=file:\(folder.file(pinFile))")
  }
}
