import Codecs
import Foundation
import Testing

/// A SoftHSM token of one test, known to the program by SOFTHSM2_CONF.
struct SoftToken {
  static let modulePath = "/usr/lib/softhsm/libsofthsm2.so"
  static let isInstalled =
    FileManager.default.fileExists(atPath: modulePath)
    && FileManager.default.isExecutableFile(atPath: "/usr/bin/softhsm2-util")

  let slot: String
  let environment: [String: String]
  let pinFile: String

  init(_ scratch: Scratch) throws {
    try FileManager.default.createDirectory(atPath: scratch("tokens"), withIntermediateDirectories: false)
    let file = try scratch.write(
      "directories.tokendir = \(scratch("tokens"))\nobjectstore.backend = file\nlog.level = ERROR\n",
      to: "softhsm2.conf")
    environment = ["SOFTHSM2_CONF": file]
    pinFile = try scratch.write("4321-desk\n", to: "pin")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: pinFile)
    let made = try Program.run(
      ["--init-token", "--free", "--label", "desk", "--so-pin", "so-desk", "--pin", "4321-desk"],
      path: "/usr/bin/softhsm2-util", environment: environment)
    // The token has been initialized and is reassigned to slot 1234567
    slot = try #require(made.out.split { !$0.isNumber }.last.map(String.init))
  }

  var uri: String { "pkcs11:slot=\(slot);object=lane?module-path=\(Self.modulePath)" }
}
