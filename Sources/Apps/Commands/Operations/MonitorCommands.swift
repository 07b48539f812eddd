import Chains
import Codecs
import Operations
import SupraDriver
import Terminal
import Transport

/// `ops monitor-...` and `ops calc-min-balance`: what a deposit must hold, and how it and the lotteries stand.
enum MonitorCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "ops calc-min-balance", "Calculate the deposit that requests for randomness need, without a network",
      example: "almoner ops calc-min-balance --max-gas-price 1000 --max-gas-limit 500000 --verification-gas 25000",
      OperationsOptions.calculation + [OperationsOptions.pretty], run: calculate),
    CommandSpec(
      .desk, "ops monitor-json", "Report deposit, hub and lotteries as one JSON object",
      example: "almoner ops monitor-json --fail-on-low",
      OperationsOptions.report + [OperationsOptions.failOnLow, OperationsOptions.pretty], run: report),
    CommandSpec(
      .desk, "ops monitor-slack", "Post the report to a chat: Slack, Teams or any webhook",
      example: "almoner ops monitor-slack --dry-run",
      OperationsOptions.report + [
        OperationsOptions.failOnLow, .value("webhook-url", "URL", "where to post, instead of MONITOR_WEBHOOK_URL"),
        .value("webhook-type", "TYPE", "slack, generic or teams"), .value("title", "TEXT", "first line of the post"),
        .flag("dry-run", "print the message, and post nothing"),
        .flag("include-json", "the whole report below the message"),
      ], run: post),
    CommandSpec(
      .desk, "ops monitor-prometheus", "Print the report as metrics, and push them",
      example: "almoner ops monitor-prometheus --label env=test",
      OperationsOptions.report + [
        OperationsOptions.failOnLow, .value("metric-prefix", "NAME", "prefix of every metric"),
        .list("label", "NAME=VALUE", "a label beside the built-in ones"),
        .value("push-url", "URL", "push gateway, instead of MONITOR_PUSH_URL"),
        .value("push-method", "METHOD", "POST or PUT"), .value("push-timeout", "SECONDS", "wait for the push gateway"),
        .flag("dry-run", "print the metrics, and push nothing"),
      ], run: metrics),
    CommandSpec(
      .desk, "ops monitor-check", "Check the deposit alone: balance, minimum, flag",
      example: "almoner ops monitor-check", OperationsOptions.report + [OperationsOptions.pretty], run: check),
  ]

  private static func calculate(_ app: App) throws -> ExitStatus {
    let calculation = try app.calculation()
    if app.terminal.isJSON || app.arguments.has("pretty") {
      app.print(calculation.json)
    } else {
      for line in calculation.lines { app.terminal.line(line) }
    }
    return .success
  }

  private static func report(_ app: App) throws -> ExitStatus {
    let report = try app.monitorReport()
    app.print(report.json)
    return app.verdict(report)
  }

  // MARK: Chat

  private static func post(_ app: App) throws -> ExitStatus {
    let word = app.settings["MONITOR_WEBHOOK_TYPE"] ?? "slack"
    guard let kind = ChatMessage.Kind(rawValue: word) else {
      throw OperationsError(.badSetting, "\(word) is no type of webhook", hint: "slack, generic or teams")
    }
    let isDry = app.arguments.has("dry-run")
    let url = isDry ? nil : try URLText(parsing: try app.needed("MONITOR_WEBHOOK_URL"))
    let report = try app.monitorReport()
    let isLow = app.arguments.has("fail-on-low") && report.shortfall != nil
    let message = ChatMessage(
      report, title: app.settings["MONITOR_TITLE"] ?? ChatMessage.standardTitle, isFailing: isLow,
      includesReport: app.arguments.has("include-json"))
    if app.terminal.isJSON {
      app.print(message.payload(kind))
    } else {
      app.terminal.line(message.text)
    }
    if let url { try deliver(message.payload(kind).utf8, to: url, app) }
    return app.verdict(report)
  }

  private static func deliver(_ body: [UInt8], to url: URLText, _ app: App) throws {
    let header = try HTTPHeader("Content-Type", "application/json; charset=utf-8")
    try send(
      HTTPRequest(.post(body), url, headers: [header], limits: HTTPLimits(totalTimeoutMilliseconds: 15_000)), app)
  }

  private static func send(_ request: HTTPRequest, _ app: App) throws {
    let response: HTTPResponse
    let http = try app.http()
    do throws(TransportError) { response = try http.perform(request) } catch {
      throw OperationsError(.notDelivered, "\(request.url) was not reached: \(error.message)", hint: error.hint)
    }
    guard response.status < 300 else {
      throw OperationsError(.notDelivered, "\(request.url) answered \(response.status)")
    }
  }

  // MARK: Metrics

  private static func metrics(_ app: App) throws -> ExitStatus {
    var labels: [String: String] = [:]
    for text in app.arguments.lists["label"] ?? [] {
      let label = try PrometheusText.label(text)
      labels[label.name] = label.value
    }
    let push = try pushRequest(app)
    let report = try app.monitorReport()
    let isLow = app.arguments.has("fail-on-low") && report.shortfall != nil
    let text = PrometheusText(prefix: app.settings["METRIC_PREFIX"] ?? "", labels: labels)
      .text(report, exitCode: isLow ? OperationsExit.conditionNotMet : 0)
    if app.terminal.isJSON {
      app.print(["event": "metrics", "text": .string(text)])
    } else {
      app.terminal.line(String(text.dropLast()))
    }
    if let push { try send(push(Array(text.utf8)), app) }
    return app.verdict(report)
  }

  /// How the metrics are pushed; nil when they are not.
  private static func pushRequest(_ app: App) throws -> (([UInt8]) -> HTTPRequest)? {
    guard !app.arguments.has("dry-run"), let text = app.settings["MONITOR_PUSH_URL"] else { return nil }
    let url = try URLText(parsing: text)
    let method = app.settings["MONITOR_PUSH_METHOD"] ?? "POST"
    guard ["POST", "PUT"].contains(method) else {
      throw OperationsError(.badSetting, "\(method) is no way to push", hint: "POST or PUT")
    }
    let wait = app.settings["MONITOR_PUSH_TIMEOUT"] ?? "10"
    guard let seconds = Int(wait), (1...600).contains(seconds) else {
      throw OperationsError(.badSetting, "\(wait) is no wait of 1 to 600 seconds")
    }
    let header = try HTTPHeader("Content-Type", "text/plain; charset=utf-8")
    let limits = HTTPLimits(totalTimeoutMilliseconds: seconds * 1000)
    return { body in
      HTTPRequest(method == "PUT" ? .put(body) : .post(body), url, headers: [header], limits: limits)
    }
  }

  // MARK: Check

  private static func check(_ app: App) throws -> ExitStatus {
    var app = app
    // The scripts had other names for these two.
    for (older, name) in [("MONITOR_MARGIN", "MIN_BALANCE_MARGIN"), ("REQUEST_WINDOW", "MIN_BALANCE_WINDOW")] {
      if let text = app.settings[older], app.settings.value(name)?.source == .standard {
        app = app.setting(name, to: text)
      }
    }
    let settings = try app.monitorSettings()
    let calculation = try app.calculation()
    let answers = try app.supraChain().views(MonitorCheck.calls(settings)).map { try $0.get() }
    let check = MonitorCheck(
      settings, calculation: calculation, answers: answers, limit: app.settings["MIN_BALANCE_LIMIT"])
    app.print(check.json)
    return check.isGood ? .success : .findings
  }
}
