import Audit
import Codecs
import Curves
import Keys
import Lottery
import OpenSSL
import Randomness
import Terminal

/// `lottery verify` and `lottery ticket ...`: what a player does with a file, without a store, an account or a network.
enum LotteryProofCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "lottery verify", "Look at a draw again, from its bundle alone",
      example: "almoner lottery verify --bundle draw.json",
      [
        .value("bundle", "FILE", "the draw's bundle: docs/reference/draw-bundle.md"),
        .value("beacon-key", "HEX", "the public key that the beacon's chain, or the VRF, must have"),
        .value("witness-key", "HEX", "the public key whose checkpoints you believe"),
      ], run: verify),
    CommandSpec(
      .desk, "lottery ticket prove", "Take the proof of one ticket out of a bundle with the whole list",
      example: "almoner lottery ticket prove --bundle draw.json --ticket 17",
      [
        .value("bundle", "FILE", "a bundle with all purchases"), .value("ticket", "N", "the ticket, counted from 0"),
      ], run: prove),
    CommandSpec(
      .desk, "lottery ticket verify", "Look at the proof of one ticket",
      example: "almoner lottery ticket verify --proof ticket.json --root 0x… --sold 120",
      [
        .value("proof", "FILE", "what `lottery ticket prove` printed"),
        .value("root", "HEX", "the root of the lottery's purchases, from a source that you believe"),
        .value("sold", "N", "how many tickets were sold, from the same source"),
      ], run: verifyTicket),
  ]

  private static func verify(_ app: App) throws -> ExitStatus {
    let bundle = try DrawBundle(
      json: try app.bytes(ofFile: try app.arguments.required("bundle"), most: DrawBundle.mostBytes))
    if let key = try key("beacon-key", app, counts: [32, 48, 96]), key != declaredKey(bundle) {
      throw DrawProofError(.refuted, "the draw's plan names another key than the one given")
    }
    let hashing = OpenSSLHashing()
    let verifier = DrawVerifier(
      randomness: try ProofVerifier(sha256: hashing), checkpoints: CheckpointSignatures(), sha256: hashing,
      witnessKey: try key("witness-key", app, counts: [32]))
    show(try verifier.verify(bundle), app)
    return .success
  }

  /// The key of the source that gave the value.
  private static func declaredKey(_ bundle: DrawBundle) -> [UInt8]? {
    switch bundle.isFallback ? bundle.plan.fallback : bundle.plan.source {
    case .beacon(let chain): DrandChain.known.first { $0.hash == chain }?.publicKey
    case .vrf(let key): key
    case .callback, nil: nil
    }
  }

  private static func key(_ name: String, _ app: App, counts: Set<Int>) throws -> [UInt8]? {
    guard let text = app.arguments[name] else { return nil }
    guard let bytes = Hex.bytes(text), counts.contains(bytes.count) else {
      throw CommandError(.usage, "--\(name) is no public key in hexadecimal")
    }
    return bytes
  }

  private static func show(_ verdict: DrawVerdict, _ app: App) {
    if app.terminal.isJSON {
      func list(_ findings: [DrawVerdict.Finding]) -> JSON {
        .array(findings.map { ["statement": .string($0.statement.rawValue), "detail": .string($0.detail)] })
      }
      let line: JSON = [
        "event": "verified", "commitment": .string(verdict.commitment.description),
        "snapshot": .string(verdict.snapshotHash.description), "proved": list(verdict.proved),
        "taken_on_trust": list(verdict.takenOnTrust),
      ]
      app.terminal.jsonLine(line.text)
      return
    }
    app.terminal.line("Commitment \(verdict.commitment)")
    app.terminal.line("Proved:")
    for finding in verdict.proved { app.terminal.line("  \(finding.statement.rawValue): \(finding.detail)") }
    app.terminal.line("Taken on trust:")
    for finding in verdict.takenOnTrust { app.terminal.line("  \(finding.statement.rawValue): \(finding.detail)") }
  }

  private static func prove(_ app: App) throws -> ExitStatus {
    let bundle = try DrawBundle(
      json: try app.bytes(ofFile: try app.arguments.required("bundle"), most: DrawBundle.mostBytes))
    guard let ticket = try app.arguments.number("ticket", in: 0...Int64.max) else {
      throw CommandError(.usage, "--ticket is needed")
    }
    app.terminal.jsonLine(try TicketFile(bundle, ticket: UInt64(ticket)).json.text)
    return .success
  }

  private static func verifyTicket(_ app: App) throws -> ExitStatus {
    let file = try TicketFile(json: try app.bytes(ofFile: try app.arguments.required("proof"), most: 1 << 20))
    guard let bytes = Hex.bytes(try app.arguments.required("root")), let root = Hash32(bytes),
      let sold = try app.arguments.number("sold", in: 1...Int64.max)
    else { throw CommandError(.usage, "--root and --sold are needed: 32 bytes in hexadecimal, and a number") }
    try file.verify(root: root, sold: UInt64(sold))
    app.terminal.line("Ticket \(file.ticket) is \(file.proof.buyer)'s.")
    return .success
  }
}

/// Ed25519 by OpenSSL, over the bytes of a checkpoint.
struct CheckpointSignatures: CheckpointVerifying {
  func isSigned(_ checkpoint: Checkpoint) -> Bool {
    (try? Ed25519.isValid(
      signature: checkpoint.signature, message: checkpoint.signedBytes, publicKey: checkpoint.publicKey)) == true
  }
}
