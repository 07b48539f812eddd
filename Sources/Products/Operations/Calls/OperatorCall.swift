package import Codecs

/// A call that an operator's word stands for: a transaction, or views.
package struct OperatorCall: Equatable, Sendable {
  package enum Kind: String, Sendable { case run, view }
  package let kind: Kind
  package let call: MoveCall

  init(_ kind: Kind, _ function: String, _ arguments: [MoveValue] = []) {
    self.kind = kind
    call = MoveCall(function, arguments)
  }
}

/// The operator tools whose words stand for calls. Source: specification of the operator tools, 1.14.
package enum OperatorTool: String, CaseIterable, Sendable {
  case refundControl = "refund-control"
  case accountingCheck = "accounting-check"
  case historyBackfill = "history-backfill"
  case automationStatus = "automation-status"
  case dualWriteControl = "dual-write-control"

  /// The calls of one command line, without the program's own options. `package`: where the engine lives.
  ///
  /// Throws `operations.bad_setting` for a word that is not known, or for too few or too many words behind it.
  package func calls(_ words: [String], package address: String = "lottery_multi") throws -> [OperatorCall] {
    guard let command = commands.first(where: { $0.word == words.first }) else {
      throw refusal("\(words.first ?? "nothing") is not known")
    }
    var values = Array(words.dropFirst())
    while values.count < command.types.count, values.count >= command.types.count - command.standards.count {
      values.append(command.standards[command.standards.count - (command.types.count - values.count)])
    }
    guard values.count == command.types.count else {
      throw refusal("\(command.word) takes \(command.types.count) values")
    }
    var arguments: [MoveValue] = []
    for (type, text) in zip(command.types, values) { arguments.append(try value(type, text)) }
    return command.functions.map { OperatorCall(command.kind, "\(address)::\($0)", arguments) }
  }

  package var words: [String] { commands.map(\.word) }

  private struct Command {
    let word: String
    let kind: OperatorCall.Kind
    let functions: [String]
    let types: [String]
    /// Values of the last types when they are left out.
    var standards: [String] = []

    init(
      _ word: String, _ kind: OperatorCall.Kind, _ functions: String..., types: [String] = [], standards: [String] = []
    ) {
      self.word = word
      self.kind = kind
      self.functions = functions
      self.types = types
      self.standards = standards
    }
  }

  private func value(_ type: String, _ text: String) throws -> MoveValue {
    switch type {
    case "bool":
      guard let flag = ["true": true, "1": true, "false": false, "0": false][text] else {
        throw refusal("\(text) is neither true nor false")
      }
      return .bool(flag)
    case "hex":
      let small = text.lowercased()
      return try MoveValue(parsing: "hex:" + (small.hasPrefix("0x") ? small : "0x" + small))
    default: return try MoveValue(parsing: "\(type):\(text)")
    }
  }

  private func refusal(_ why: String) -> OperationsError {
    OperationsError(.badSetting, "\(rawValue): \(why)", hint: "one of: \(words.joined(separator: ", "))")
  }

  private var commands: [Command] {
    switch self {
    case .refundControl:
      [
        Command("cancel", .run, "lottery_registry::cancel_lottery_admin", types: ["u64", "u8", "u64"]),
        Command(
          "batch", .run, "payouts::force_refund_batch_admin", types: ["u64", "u64", "u64", "u64", "u64", "u64"]),
        Command("progress", .view, "views::get_refund_progress", types: ["u64"]),
        Command("cancellation", .view, "views::get_cancellation", types: ["u64"]),
        Command("status", .view, "views::get_lottery_status", types: ["u64"]),
        Command("summary", .view, "views::get_lottery_summary", types: ["u64"]),
        Command("archive", .run, "payouts::archive_canceled_lottery_admin", types: ["u64", "u64"]),
      ]
    case .accountingCheck:
      [
        Command("snapshot", .view, "views::accounting_snapshot", types: ["u64"]),
        Command("summary", .view, "views::get_lottery_summary", types: ["u64"]),
        Command("compare", .view, "views::accounting_snapshot", "views::get_lottery_summary", types: ["u64"]),
      ]
    case .historyBackfill:
      [
        Command("import", .run, "history::import_legacy_summary_admin", types: ["u64", "hex", "hex"]),
        Command("rollback", .run, "history::rollback_legacy_summary_admin", types: ["u64"]),
        Command("classify", .run, "history::update_legacy_classification_admin", types: ["u64", "u8", "u64"]),
        Command("status", .view, "history::is_legacy_summary", types: ["u64"]),
        Command("list", .view, "history::list_finalized", types: ["u64", "u64"], standards: ["0", "10"]),
      ]
    case .automationStatus:
      [
        Command("list", .view, "views::list_automation_bots"),
        Command("get", .view, "views::get_automation_bot", types: ["address"]),
      ]
    case .dualWriteControl:
      [
        Command("init", .run, "legacy_bridge::init_dual_write", types: ["bool", "bool"]),
        Command("update-flags", .run, "legacy_bridge::update_flags", types: ["bool", "bool", "bool"]),
        Command("set", .run, "legacy_bridge::set_expected_hash", types: ["u64", "hex"]),
        Command("clear", .run, "legacy_bridge::clear_expected_hash", types: ["u64"]),
        Command("enable-mirror", .run, "legacy_bridge::enable_legacy_mirror"),
        Command("disable-mirror", .run, "legacy_bridge::disable_legacy_mirror"),
        Command("mirror", .run, "history::mirror_summary_admin", types: ["u64"]),
        Command("status", .view, "legacy_bridge::dual_write_status", types: ["u64"]),
        Command("flags", .view, "legacy_bridge::dual_write_flags"),
        Command("pending", .view, "legacy_bridge::pending_expected_hashes"),
      ]
    }
  }
}
