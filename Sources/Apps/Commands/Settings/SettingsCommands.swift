import Broker
import Codecs
import Store
import Terminal

/// `config check`: what is set, from where, and what is missing.
enum SettingsCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "config check", "Explain every setting: its value, where it comes from, and what is missing",
      example: "almoner config check", run: check)
  ]

  private static func check(_ app: App) throws -> ExitStatus {
    var table = TextTable([("setting", .left), ("value", .left), ("from", .left), ("what for", .left)])
    for spec in SettingSpec.all {
      let value = app.settings.value(spec.name)
      let text = value.map { shown(spec, $0.text) } ?? (spec.notYet == nil ? "(unset)" : "(not built yet)")
      if app.terminal.isJSON {
        let line: JSON = [
          "event": "setting", "name": .string(spec.name), "value": value == nil ? .null : .string(text),
          "source": value.map { .string($0.source.rawValue) } ?? .null, "summary": .string(spec.summary),
          "supported": .bool(spec.notYet == nil),
        ]
        app.terminal.line(line.text)
      } else {
        table.add([spec.name, text, value?.source.rawValue ?? "-", spec.summary])
      }
    }
    if !app.terminal.isJSON { app.terminal.line(table.text) }
    let problems = problems(app)
    for problem in problems {
      app.tell(
        ["event": "problem", "code": .string(problem.code), "message": .string(problem.message)],
        or:
          "\(app.terminal.colour("missing", .yellow)) \(problem.code): \(problem.message)\(problem.hint.map { "; \($0)" } ?? "")"
      )
    }
    for warning in app.keyWarnings(try? app.evmChain()) {
      app.tell(warning.event, or: "\(app.terminal.colour("warning", .yellow)) \(warning.sentence)")
    }
    if problems.isEmpty, !app.terminal.isJSON {
      app.terminal.line("Everything needed to run an EVM campaign is set.")
      app.terminal.line(
        app.hasBroker
          ? "Events go to the broker by: almoner outbox relay"
          : "No broker is set: events go to the file of AM_JSONL_PATH.")
    }
    return problems.isEmpty ? .success : .config
  }

  /// URLs may hold a key behind the host: only scheme and host are shown.
  private static func shown(_ spec: SettingSpec, _ text: String) -> String {
    // A store's name may hold a password.
    if spec.name == "AM_DB_DSN" { return (try? StoreDSN(text).description) ?? "(not a store)" }
    if spec.name == "AM_QUEUE_URL" { return (try? BrokerURL(text).shown) ?? "(not a broker's URL)" }
    guard ["AM_EVM_RPC", "AM_WATCHMAN_URL", "AM_YENTE_URL"].contains(spec.name) else { return text }
    return text.split(separator: ",").map { url in
      let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count >= 3 else { return "(not a URL)" }
      let host = parts[2].split(separator: "@").last.map(String.init) ?? ""
      return "\(parts[0])//\(host)" + (parts.count > 3 && !parts[3].isEmpty ? "/..." : "")
    }.joined(separator: ",")
  }

  private static func problems(_ app: App) -> [AnyFailure] {
    var found: [AnyFailure] = []
    func attempt(_ body: () throws -> Void) {
      do { try body() } catch { found.append(AnyFailure(error)) }
    }
    attempt { _ = try app.dsn }
    attempt { _ = try app.workerSettings() }
    attempt {
      let chain = try app.evmChain()
      _ = try app.codec(chain)
      _ = try app.rail(chain)
    }
    attempt { _ = try app.signingAccounts(try app.evmChain()) }
    attempt { if app.hasBroker { _ = try app.brokerURL() } }
    attempt { _ = try app.outboxTopic() }
    attempt { _ = try app.queueTimeout() }
    attempt { _ = try app.listsMaxAge() }
    return found
  }
}
