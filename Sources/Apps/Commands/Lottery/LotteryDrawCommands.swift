import Audit
import Codecs
import Curves
import Engine
import Foundation
import Keys
import Lottery
import Money
import OpenSSL
import Policy
import Randomness
import Terminal
import Transport

/// `lottery question`, `draw`, `bundle`: from a plan of randomness to the file that anyone can check.
enum LotteryDrawCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "lottery question", "Show which value a planned draw waits for, and its commitments",
      example: "almoner lottery question --id 7", [.value("id", "N", "the lottery")], run: question),
    CommandSpec(
      .desk, "lottery draw", "Fetch the value that a planned draw waits for, and bring it to the desk",
      example: "almoner lottery draw --key draw-7 --id 7",
      [
        .value("id", "N", "the lottery"), .value("key", "TEXT", "the request's own key: asked twice, it is done once"),
        .value("beacon", "FILE", "a round as drand servers write it, instead of asking AM_DRAND_URL"),
        .value("vrf-socket", "PATH", "the socket of almoner vrf serve, which keeps the VRF's key"),
      ], run: draw),
    CommandSpec(
      .desk, "lottery bundle", "Write the file by which anyone can check a draw",
      example: "almoner lottery bundle --id 7 --out draw.json",
      [
        .value("id", "N", "the lottery"), .value("out", "FILE", "where to"),
        .flag("whole-list", "with all purchases instead of the winners' proofs"),
      ], run: bundle),
  ]

  static let access: [String: CommandAccess] = [
    "lottery question": .needs(.view), "lottery draw": .needs(.campaignRun), "lottery bundle": .needs(.view),
  ]

  static func id(_ app: App) throws -> UInt64 {
    guard let id = try app.arguments.number("id", in: 0...Int64.max) else {
      throw CommandError(.usage, "--id is needed: the lottery's number")
    }
    return UInt64(id)
  }

  private static func now(_ app: App) -> UInt64 { UInt64(clamping: max(0, app.clock.now().milliseconds) / 1000) }

  /// What a lottery's draw waits for at this moment. Throws `draw.out_of_order`.
  private static func waiting(
    _ id: UInt64, _ app: App
  ) throws -> (course: DrawCourse, question: RandomnessQuestion, isFallback: Bool) {
    guard let course = try app.lotteryDesk().courses().courses[id] else {
      throw DrawProofError(.outOfOrder, "lottery \(id) has no plan of randomness")
    }
    let (question, isFallback) = try course.question(at: now(app))
    return (course, question, isFallback)
  }

  // MARK: Showing

  private static func question(_ app: App) throws -> ExitStatus {
    let (course, question, isFallback) = try waiting(try id(app), app)
    let commitments: [JSON] = course.attempts.map { attempt in
      [
        "attempt": .integer(attempt.commitment.attempt), "commitment": .string(attempt.commitment.hash.description),
        "committed_at": .integer(attempt.commitment.committedAt),
        "deadline": .integer(attempt.commitment.schedule.deadline),
      ]
    }
    var line: [(String, JSON)] = [
      ("event", "lottery_question"), ("lottery", .string("\(course.lotteryId)")), ("fallback", .bool(isFallback)),
    ]
    switch question {
    case .beacon(let chain, let round):
      line += [("kind", "beacon"), ("chain", .string(chain.description)), ("round", .string("\(round)"))]
      if let known = DrandChain.known.first(where: { $0.hash == chain }) {
        line.append(("comes_at", .integer(try known.seconds(ofRound: round))))
      }
    case .vrf(let key, let alpha):
      line += [
        ("kind", "vrf"), ("public_key", .string(Hex.prefixed(key))), ("input", .string(Hex.prefixed(alpha))),
      ]
    case .callback(_, let message): line += [("kind", "callback"), ("message", .string(Hex.prefixed(message)))]
    }
    line.append(("commitments", .array(commitments)))
    var object = JSONObject()
    for (key, value) in line { _ = object.append(key, value) }
    app.terminal.jsonLine(JSON.object(object).text)
    return .success
  }

  // MARK: Drawing

  private static func draw(_ app: App) throws -> ExitStatus {
    let (id, key) = (try id(app), try app.arguments.required("key"))
    let (course, question, _) = try waiting(id, app)
    let proven = try value(for: question, of: course, app)
    let desk = try app.lotteryDesk()
    let request = LotteryRequest(
      key: key, actor: try app.lotteryActor("accept_randomness", admin: desk.settings.admin),
      operation: .acceptRandomness(id: id, brought: BroughtValue(proof: proven.proof, value: proven.value)))
    switch try desk.perform(request) {
    case .done(_, let entry, let isNew):
      app.tell(
        [
          "event": "lottery_drawn", "lottery": .string("\(id)"), "entry": .integer(entry), "new": .bool(isNew),
          "value": .string(Hex.prefixed(proven.value)),
        ], or: "Lottery \(id) has its value: entry \(entry). Next: almoner lottery compute_winners_admin")
      return .success
    case .refused(let error): throw error
    case .denied(let error): throw error
    }
  }

  private static func value(
    for question: RandomnessQuestion, of course: DrawCourse, _ app: App
  ) throws -> ProvenRandomness {
    switch question {
    case .beacon(let hash, _):
      guard let chain = DrandChain.known.first(where: { $0.hash == hash }) else {
        throw RandomnessError(.wrongSource, "nobody here knows the chain \(hash)")
      }
      if let path = app.arguments["beacon"] {
        let read = try Beacon(json: try app.bytes(ofFile: path, most: 4096))
        let proof = RandomnessProof.beacon(
          Beacon(round: read.round, signature: read.signature, previousSignature: read.previousSignature))
        let value = try ProofVerifier(sha256: OpenSSLHashing()).value(of: proof, for: question)
        return ProvenRandomness(question, proof: proof, value: value)
      }
      var servers: [URLText] = []
      for text in (app.settings["AM_DRAND_URL"] ?? "").split(separator: ",") {
        servers.append(try URLText(parsing: text.trimmingCharacters(in: .whitespaces)))
      }
      let found = try DrandServers(chain, servers: servers, http: try app.http(), sha256: OpenSSLHashing())
        .value(for: question)
      guard case .beacon(let beacon) = found.proof else { return found }
      let proof = RandomnessProof.beacon(
        Beacon(round: beacon.round, signature: beacon.signature, previousSignature: beacon.previousSignature))
      return ProvenRandomness(question, proof: proof, value: found.value)
    case .vrf(let key, _):
      guard let closing = course.attempts.last?.commitment else {
        throw DrawProofError(.outOfOrder, "lottery \(course.lotteryId) has no closing commitment")
      }
      let sealed = SealedVRF(path: try app.arguments.required("vrf-socket"))
      return try sealed.value(closing: closing.bytes, publicKey: key)
    case .callback:
      throw RandomnessError(
        .wrongSource, "a network calls back by itself",
        hint: "bring what it sent with: almoner lottery accept_randomness --kind callback")
    }
  }

  // MARK: The file

  private static func bundle(_ app: App) throws -> ExitStatus {
    let (id, path) = (try id(app), try app.arguments.required("out"))
    let bundle = try app.lotteryDesk().bundle(
      id, checkpoints: try app.store().checkpoints(), wholeList: app.arguments.has("whole-list"))
    try write(bundle.json.utf8, to: path)
    app.tell(
      [
        "event": "lottery_bundle", "lottery": .string("\(id)"), "file": .string(path),
        "witness": .bool(bundle.witness != nil),
      ], or: "\(path): check it with almoner lottery verify --bundle \(path)")
    return .success
  }

  static func write(_ bytes: [UInt8], to path: String) throws(CommandError) {
    do { try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw CommandError(.cannotWrite, "\(path) cannot be written")
    }
  }
}
