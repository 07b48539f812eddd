import Codecs
import Curves
import Engine
import Foundation
import Keys
import OpenSSL
import POSIX
import Signing
import Sodium
import Terminal

/// `vrf ...`: the key of the verifiable random function, in a process of its own.
enum VRFCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "vrf new-key", "Make a VRF key and the log that belongs to it (AM_VRF_*)",
      example: "almoner vrf new-key", run: newKey),
    CommandSpec(
      .common, "vrf serve", "Answer for closing commitments of lotteries, one for each lottery; until stopped",
      example: "almoner vrf serve --socket /run/almoner/vrf.sock --peers 998",
      [
        .value("socket", "PATH", "the unix socket to listen on"),
        .value("peers", "UIDS", "users that may ask, as a comma list of numbers; one's own unless given"),
      ], run: serve),
    CommandSpec(
      .common, "vrf prove", "Ask the keeper for the value of a closing commitment, and verify it",
      example: "almoner vrf prove --socket /run/almoner/vrf.sock --commitment 0x6c6f7474657279…",
      [
        .value("socket", "PATH", "the keeper's socket"), .value("commitment", "HEX", "the closing commitment's bytes"),
        .value("public-key", "HEX", "the key that the plan names; the keeper's own unless given"),
      ], run: prove),
  ]

  private static func password(_ app: App) throws -> SecretBytes {
    let path = try app.settings.required("AM_VRF_PASSWORD_FILE", for: "the VRF key's password")
    if let warning = SecretFile.warning(path) { app.terminal.note(warning.sentence) }
    return try SecretFile.read(path)
  }

  private static func newKey(_ app: App) throws -> ExitStatus {
    let path = try app.settings.required("AM_VRF_KEY", for: "the VRF key")
    let log = try app.settings.required("AM_VRF_LOG", for: "the VRF key's log")
    let file = try VRFKeyFile.create(path, password: try password(app))
    _ = try VRFLog.create(log, publicKey: file.publicKey)
    let key = Hex.prefixed(file.publicKey)
    app.tell(["event": "vrf_key", "public_key": .string(key)], or: "public key \(key)")
    return .success
  }

  private static func serve(_ app: App) throws -> ExitStatus {
    StopSignal.install()
    let file = try VRFKeyFile(path: try app.settings.required("AM_VRF_KEY", for: "the VRF key"))
    let clock = app.clock
    let keeper = try VRFKeeper(
      try file.open(password: try password(app)),
      logPath: try app.settings.required("AM_VRF_LOG", for: "the VRF key's log"), now: { clock.now() })
    let path = try app.arguments.required("socket")
    let users = try SignerDoor.users(app)
    let socket = try SignerDoor.listen(.unix(path), path)
    defer { try? FileName.remove(path) }
    let lines = EventLines(app.terminal)
    lines.tell([
      "event": "vrf_listening", "at": .string("unix:\(path)"), "public_key": .string(Hex.prefixed(keeper.publicKey)),
      "peers": .array(users.sorted().map { .string("uid:\($0)") }),
    ])
    try VRFServer(keeper, tell: { lines.tell($0) }).serve(socket, users: users, until: { StopSignal.isRaised })
    lines.tell(["event": "stopped"])
    return .success
  }

  private static func prove(_ app: App) throws -> ExitStatus {
    let sealed = SealedVRF(path: try app.arguments.required("socket"))
    guard let commitment = Hex.bytes(try app.arguments.required("commitment")) else {
      throw CommandError(.usage, "--commitment is hex")
    }
    let key: [UInt8]
    if let text = app.arguments["public-key"] {
      guard let given = Hex.bytes(text), given.count == 32 else {
        throw CommandError(.usage, "--public-key is 32 bytes of hex")
      }
      key = given
    } else {
      key = try sealed.publicKey()
    }
    let proven = try sealed.value(closing: commitment, publicKey: key)
    guard case .vrf(let proof) = proven.proof else { return .software }
    app.tell(
      [
        "event": "vrf_proof", "public_key": .string(Hex.prefixed(key)), "proof": .string(Hex.prefixed(proof)),
        "value": .string(Hex.prefixed(proven.value)),
      ], or: "proof \(Hex.prefixed(proof))\nvalue \(Hex.prefixed(proven.value))")
    return .success
  }
}
