import Codecs

/// Members of one object of a runbook, each checked as it is taken.
struct RunbookReader {
  private let json: JSON
  private let what: String

  init(_ json: JSON, _ what: String, _ known: [String]) throws(RunbookError) {
    guard let object = json.object else { throw RunbookError(.badFile, "\(what) is no object") }
    for key in object.keys where !known.contains(key) {
      throw RunbookError(.badFile, "\(what) has \(key), which the format does not know")
    }
    self.json = json
    self.what = what
  }

  func text(_ name: String) throws(RunbookError) -> String {
    guard let text = json[name]?.string, (try? IncidentBook.checked(text)) != nil else { throw refusal(name) }
    return text
  }

  func optional(_ name: String) throws(RunbookError) -> String? { json[name] == nil ? nil : try text(name) }

  func word(_ name: String) throws(RunbookError) -> String { try word(json[name] ?? .null, name) }

  func word(_ value: JSON, _ name: String) throws(RunbookError) -> String {
    guard let text = value.string, (1...60).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x5f })
    else { throw refusal(name) }
    return text
  }

  func choice<Choice: RawRepresentable<String>>(_ name: String) throws(RunbookError) -> Choice {
    guard let choice = json[name]?.string.flatMap(Choice.init) else { throw refusal(name) }
    return choice
  }

  func list(_ name: String) throws(RunbookError) -> [JSON] {
    guard let value = json[name] else { return [] }
    guard let list = value.array, list.count <= 500 else { throw refusal(name) }
    return list
  }

  func flag(_ name: String) throws(RunbookError) -> Bool {
    guard let value = json[name] else { return false }
    guard let flag = value.bool else { throw refusal(name) }
    return flag
  }

  func pause(_ name: String) throws(RunbookError) -> RunbookPause? {
    guard let value = json[name] else { return nil }
    let reader = try RunbookReader(value, name, ["minutes", "since"])
    guard let minutes = value["minutes"]?.number.flatMap(Int64.init), (1...100_000).contains(minutes) else {
      throw refusal(name)
    }
    return RunbookPause(minutes: minutes, since: try reader.word("since"))
  }

  func command(_ name: String) throws(RunbookError) -> RunbookCommand? {
    guard let value = json[name] else { return nil }
    let reader = try RunbookReader(value, name, ["run", "exit", "json"])
    let words = try reader.list("run").map { word throws(RunbookError) in
      guard let text = word.string, !text.isEmpty else { throw reader.refusal("run") }
      return text
    }
    guard let first = words.first, !first.hasPrefix("-") else { throw reader.refusal("run") }
    let exits = try reader.list("exit").map { exit throws(RunbookError) in
      guard let number = exit.number.flatMap(Int32.init) else { throw reader.refusal("exit") }
      return number
    }
    let rules = try reader.list("json").map { rule throws(RunbookError) in try RunbookReader.expectation(rule) }
    return RunbookCommand(words: words, exits: exits.isEmpty ? [0] : exits, expectations: rules)
  }

  private static func expectation(_ value: JSON) throws(RunbookError) -> RunbookExpectation {
    let reader = try RunbookReader(value, "json", ["event", "path", "equals", "at_most", "at_least", "none"])
    let event = try reader.text("event")
    var rules: [RunbookExpectation.Rule] = []
    if let wanted = value["equals"] { rules.append(.equals(wanted)) }
    if let most = value["at_most"]?.number.flatMap(Int64.init) { rules.append(.atMost(most)) }
    if let least = value["at_least"]?.number.flatMap(Int64.init) { rules.append(.atLeast(least)) }
    if value["none"]?.bool == true { rules.append(.none) }
    guard rules.count == 1, let rule = rules.first, (rule == .none) == (value["path"] == nil) else {
      throw reader.refusal("a rule")
    }
    return RunbookExpectation(event: event, path: try reader.optional("path") ?? "", rule: rule)
  }

  private func refusal(_ name: String) -> RunbookError {
    RunbookError(.badFile, "\(what): \(name) is missing or not what the format says")
  }
}
