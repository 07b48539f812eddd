import Chains
import Codecs
import Foundation
import Keys
import Money
import OpenSSL
import POSIX
import Policy
import Signing
import Synchronization
import Terminal

/// `signer`: the signer as a process of its own, under a user of its own.
enum SignerCommand {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "signer", "Sign what people approved, for an engine that is not trusted; until stopped",
      example: "almoner signer --socket /run/almoner/signer.sock",
      [
        .value("socket", "PATH", "the unix socket to listen on"),
        .value("listen", "HOST:PORT", "listen with mutual TLS instead (AM_SIGNER_TLS_*)"),
        .flag("beyond-this-machine", "let --listen name an address that other machines reach"),
        .value("peers", "UIDS", "users that may ask, as a comma list of numbers; one's own unless given"),
        .flag("may-deploy", "sign the deployment of contracts too"),
      ], run: run),
    CommandSpec(
      .common, "keys uses", "Show how keys were used: the newest entries of the signer's own log",
      example: "almoner keys uses --limit 50", [.value("limit", "N", "how many, 1 to 10000 (50)")], run: uses),
  ]

  private static func run(_ app: App) throws -> ExitStatus {
    StopSignal.install()
    guard app.settings["AM_SIGNER"] == nil else {
      throw CommandError(
        .conflictingSetting, "AM_SIGNER is the engine's setting, and this is the signer", hint: "unset it here")
    }
    let chain = try app.evmChain()
    app.warnOfKeys(chain)
    let log = try ownLog(app)
    let signer = try app.gatedSigner(chain, log: log)
    guard !signer.accounts.isEmpty else {
      throw CommandError(.noSender, "no key is configured", hint: "set AM_KEYSTORE or AM_HSM_URI")
    }
    let door = try SignerDoor(app)
    defer { door.remove() }
    let lines = EventLines(app.terminal)
    let clock = app.clock
    var limits = SignerServer.Limits()
    limits.frameMilliseconds =
      try app.settings.number("AM_SIGNER_TIMEOUT_MS", in: 100...600_000) ?? limits.frameMilliseconds
    let server = SignerServer(signer, log: log, limits: limits, now: { clock.now() }, tell: { lines.tell($0) })
    lines.tell([
      "event": "signer_listening", "at": .string(door.text), "chain": .string(chain.description),
      "accounts": .array(signer.accounts.map { .string(signer.codec.text($0)) }),
      "peers": .array(door.peers.map { .string($0) }),
      "approvers_needed": .integer(try app.approvalGate()?.rule.needed ?? 1),
    ])
    let admit = door.admit
    try server.serve(door.socket, until: { StopSignal.isRaised }) { connection, deadline throws(SigningError) in
      try admit(connection, deadline)
    }
    lines.tell(["event": "stopped"])
    return .success
  }

  private static func uses(_ app: App) throws -> ExitStatus {
    let limit = try app.arguments.number("limit", in: 1...10_000) ?? 50
    for use in try ownLog(app).uses(limit: Int(limit)) {
      let account = Hex.prefixed(use.account.bytes)
      app.tell(
        [
          "event": "key_use", "at": .integer(use.at.milliseconds), "peer": .string(use.peer),
          "chain": .string(use.chain.description), "account": .string(account), "count": .integer(use.count),
          "first_slot": .string(String(use.firstSlot)), "last_slot": .string(String(use.lastSlot)),
          "campaigns": .array(use.campaigns.map { .string($0) }), "refusal": use.refusal.map { .string($0) } ?? .null,
        ],
        or:
          "\(use.at.milliseconds)  \(use.peer)  \(account)  \(use.count) from slot \(use.firstSlot) to \(use.lastSlot)  "
          + (use.refusal ?? "signed"))
    }
    return .success
  }

  /// There is no store beside which it could lie.
  private static func ownLog(_ app: App) throws -> SigningLogFile {
    try SigningLogFile(path: try app.settings.required("AM_SIGNING_LOG", for: "the signer"))
  }
}

/// What the signer listens on, and who may come in.
struct SignerDoor {
  typealias Admit = @Sendable (StreamSocket, Deadline) throws(SigningError) -> (peer: String, any ByteChannel)
  let socket: ListeningSocket
  let text: String
  let peers: [String]
  let admit: Admit
  private let path: String?

  init(_ app: App) throws {
    switch (app.arguments["socket"], app.arguments["listen"]) {
    case (let path?, nil):
      let users = try SignerDoor.users(app)
      socket = try SignerDoor.listen(.unix(path), path)
      text = "unix:\(path)"
      peers = users.sorted().map { "uid:\($0)" }
      self.path = path
      admit = { connection, _ throws(SigningError) in
        guard let user = connection.peerUser, users.contains(user) else {
          throw SigningError(
            .wrongPeer, "user \(connection.peerUser.map { String($0) } ?? "unknown") may not ask this signer",
            hint: "name the engine's user with --peers")
        }
        return ("uid:\(user)", connection)
      }
    case (nil, let place?):
      guard case .tls(let host, let port) = try SignerPlace(listening: place, setting: "--listen") else {
        throw CommandError(.usage, "--listen is HOST:PORT")
      }
      guard app.arguments.has("beyond-this-machine") || SignerDoor.loopback.contains(host) else {
        throw CommandError(
          .usage, "\(host) can be reached from other machines",
          hint: "listen on 127.0.0.1, or add --beyond-this-machine")
      }
      let context = try app.tlsContext(.server)
      let names = try app.settings.required("AM_SIGNER_TLS_PEER", for: "TLS: the names of engines that may ask")
        .split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      socket = try SignerDoor.listen(.tcp(host: host, port: port), place)
      text = "tls://\(host):\(socket.port)"
      peers = names
      path = nil
      admit = { connection, deadline throws(SigningError) in
        let channel = try TLSChannel(connection, context, names: names, deadline)
        return ("tls:\(names.count == 1 ? names[0] : "one of \(names.joined(separator: " "))")", channel)
      }
    default:
      throw CommandError(
        .usage, "the signer listens on --socket PATH or on --listen HOST:PORT",
        hint: "almoner signer --socket /run/almoner/signer.sock")
    }
  }

  /// The name of the socket goes with the process.
  func remove() { if let path { try? FileName.remove(path) } }

  private static let loopback: Set<String> = ["127.0.0.1", "::1", "localhost"]

  static func listen(_ address: SocketAddress, _ text: String) throws -> ListeningSocket {
    do throws(SocketError) { return try ListeningSocket(address) } catch {
      throw CommandError(.cannotWrite, "the signer cannot listen on \(text): \(error.message)")
    }
  }

  static func users(_ app: App) throws -> Set<UInt32> {
    guard let text = app.arguments["peers"] else { return [getuid()] }
    let users = text.split(separator: ",", omittingEmptySubsequences: false).map { UInt32($0) }
    guard !users.isEmpty, !users.contains(nil) else {
      throw CommandError(.usage, "--peers is a comma list of user numbers", hint: "id -u almoner")
    }
    return Set(users.compactMap { $0 })
  }
}

/// One JSON object a line, whole lines from any thread.
final class EventLines: Sendable {
  private let terminal: Terminal
  private let turn = Mutex(())

  init(_ terminal: Terminal) { self.terminal = terminal }

  func tell(_ event: JSON) { turn.withLock { _ in terminal.line(event.text) } }
}
