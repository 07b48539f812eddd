import Codecs
import Lottery
import TestSupport

/// The operator tools' vectors that are about lotteries.
extension LotteryVectorTests {
  static func backfills(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      _ = try node("name").note()
      let expected = try node("json")
      let run = try BackfillDryRun(
        file: try node("file_bytes_hex").bytes(), summaryPath: try expected("summary_path").text(),
        target: BackfillDryRun.Target(
          lotteryId: try node("lottery_id").uint64(), config: try node("config").text(),
          script: try expected("script").text()), force: true)
      check.equal(try node("exit_code").count(), 0, "exit_code")
      var wanted = expected.whole().object?.members.map { ($0.key, $0.value) } ?? []
      let tail = try node("quiet_command_tail").text()
      // The file has a placeholder where the script stands.
      for place in wanted.indices where wanted[place].0 == "suggested_command" {
        check.equal(wanted[place].1, .string("<script> \(tail)"), "suggested_command of the file")
        wanted[place].1 = .string("./hb.sh \(tail)")
      }
      check.equal(run.json.object?.members.map(\.key) ?? [], wanted.map(\.0), "keys")
      check.equal(run.json.object?.members.map(\.value) ?? [], wanted.map(\.1), "values")
      check.equal(Array(run.lines.prefix(3)), try node("plain_lines").list().map { try $0.text() }, "plain_lines")
      check.equal(Array(run.lines.dropFirst(3)), ["Suggested import command:", "  ./hb.sh \(tail)"], "the command")
    }
  }

  static func viewCases(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      let name = try node("name").note()
      let problems = ViewSchema.current.problems(in: try node("document").whole())
      check.equal(problems.isEmpty, try node("valid").bool(), "\(name): \(problems)")
    }
  }

  static func viewFields(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.one("envelope") { node, check in check.holds(node.whole().object != nil, "an envelope") }
    file.one("views") { node, check in
      var views: [String: ViewSchema.Kind] = [:]
      for (name, kind) in try node.entries() { views[name] = try kind.viewKind() }
      check.equal(views, ViewSchema.current.views, "views")
    }
    file.one("types") { node, check in
      var records: [String: [ViewSchema.Field]] = [:]
      for (name, type) in try node.entries() {
        guard let fields = type.optional("fields") else {
          // HexBytes, U64, U8 and the list of ids are kinds of ours, not records.
          check.holds(["HexBytes", "U64", "U8", "LotteryIdList"].contains(name), "\(name) is no record")
          _ = type.whole()
          continue
        }
        records[name] = try fields.entries().map { ViewSchema.Field($0.key, try $0.node.viewKind()) }
        check.equal(try type("required").list().map { try $0.text() }, records[name]?.map(\.name) ?? [], "\(name)")
        check.equal(try type("additional_fields").bool(), false, "\(name): additional_fields")
      }
      check.equal(records, ViewSchema.current.records, "records")
    }
  }
}

extension VectorNode {
  /// The kind that a field table names: `U64`, `array<PrizeSlot>`, `null | AutomationBotView`, `integer[0..10000]`.
  fileprivate func viewKind() throws -> ViewSchema.Kind { try VectorNode.kind(try text()) }

  private static func kind(_ name: String) throws -> ViewSchema.Kind {
    switch name {
    case "HexBytes": return .hexBytes
    case "U64": return .u64
    case "U8": return .integer(max: 255)
    case "string": return .text
    case "boolean": return .boolean
    case "LotteryIdList": return .list(.u64)
    case _ where name.hasPrefix("null | "): return .orNull(try kind(String(name.dropFirst(7))))
    case _ where name.hasPrefix("array<"): return .list(try kind(String(name.dropFirst(6).dropLast())))
    case _ where name.hasPrefix("integer[0.."):
      guard let max = UInt64(name.dropFirst(11).dropLast()) else { throw VectorFailure("\(name) is no range") }
      return .integer(max: max)
    default: return .record(name)
    }
  }
}
