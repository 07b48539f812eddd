import Chains
import Codecs
import Engine
import Foundation
import Keys
import Lottery
import Money
import Randomness

extension App {
  static let lotteryDeskOptions: [CommandSpec.Option] = [
    .value("admin", "ADDRESS", "the desk's admin; needed once, when its journal begins"),
    .value("token", "ADDRESS", "the token that tickets cost; the native coin without it"),
  ]

  /// The desk of the store, with the settings that its journal was begun with; flags begin a new one.
  func lotteryDesk(create: Bool = false) throws -> LotteryDesk {
    let store = try store(create: create)
    let settings = try lotterySettings(try LotterySettings(standingIn: store))
    return try LotteryDesk(
      store: store, settings: settings,
      time: ClockTime(clock: clock, chainID: UInt8(truncatingIfNeeded: settings.chain.number)), clock: clock,
      actor: actor, randomness: try ProofVerifier(sha256: OpenSSLHashing()))
  }

  private func lotterySettings(_ known: LotterySettings?) throws -> LotterySettings {
    let chain = try known?.chain ?? evmChain()
    var asset = known?.asset ?? AssetID(chain: chain.description, token: nil)
    if let token = arguments["token"] {
      asset = AssetID(chain: chain.description, token: Hex.prefixed(try codec(chain).address(token).bytes))
    }
    guard let admin = try arguments["admin"].map({ try LotteryAddress(typed: $0) }) ?? known?.admin else {
      throw CommandError(.usage, "--admin is needed to begin a desk of lotteries", hint: "for example --admin 0xad")
    }
    return LotterySettings(admin: admin, chain: chain, asset: asset)
  }

  /// For whom an operation is done: `--as`, or the admin without it.
  ///
  /// A person of the desk is the admin, where their roles let them do the operation at all, or themselves (`--as me`);
  /// buyers do not log in, so whoever may sell names them. The emergency stop is cleared by two people as themselves.
  /// Throws `lottery_desk.not_allowed`, `lottery_desk.bad_argument`, `command.usage`.
  func lotteryActor(_ operation: String, admin: LotteryAddress) throws -> LotteryAddress {
    let person = actor.hasPrefix("person:") ? String(actor.dropFirst(7)) : nil
    if arguments["as"] == "me" {
      guard let person else { throw CommandError(.usage, "--as me is for people who are logged in") }
      return LotteryAddress(person: person)
    }
    let named = try arguments["as"].map { try LotteryAddress(typed: $0) }
    if operation.hasPrefix("purchase_tickets_") {
      guard let named else { throw CommandError(.usage, "--as is needed: the buyer's address") }
      return named
    }
    guard let person else { return named ?? admin }
    let own = LotteryAddress(person: person)
    if operation == "clear_emergency_stop" {
      guard named == nil || named == own else {
        throw LotteryDeskError(.notAllowed, "the stop is cleared by people as themselves", hint: "--as me")
      }
      return own
    }
    guard named == nil || named == admin || named == own else {
      throw LotteryDeskError(
        .notAllowed, "\(actor) may act as the admin and as itself alone", hint: "leave --as out, or say --as me")
    }
    return named ?? admin
  }

  /// Words of the command line that belong to an operation or a view. A configuration may be a file: `@config.json`.
  func lotteryWords(_ flags: Set<String>) throws -> [String: String] {
    var words = arguments.values.filter { flags.contains($0.key) }
    if let path = words["lottery_config"], path.hasPrefix("@") {
      let config = try Config(json: try JSON.parse(try lotteryFile(String(path.dropFirst()))))
      words["lottery_config"] = Hex.prefixed(config.bcs)
    }
    return words
  }

  private func lotteryFile(_ path: String) throws(CommandError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20 else {
      throw CommandError(.cannotRead, "\(path) cannot be read, or is larger than a megabyte")
    }
    return Array(data)
  }
}
