package import Codecs

/// A command line of this program and what it must end with. There is no shell: words go to the command as they are.
package struct RunbookCommand: Equatable, Sendable {
  package let words: [String]
  /// Exit codes with which the step goes on.
  package let exits: [Int32]
  package let expectations: [RunbookExpectation]

  /// The words with the inputs of a run in them.
  package func line(_ inputs: [String: String]) -> [String] { words.map { RunbookText.filled($0, inputs) } }

  /// Whether an ending is what the step asks for; else says what is not. `lines`: what it wrote under `--json`.
  package func refusal(exit: Int32, lines: [JSON]) -> String? {
    guard exits.contains(exit) else {
      let said = lines.last { $0["event"]?.string == "error" }
      let why = said?["code"]?.string.map { ": \($0), \(said?["message"]?.string ?? "")" } ?? ""
      return "it ended \(exit), not \(exits.map(String.init).joined(separator: " or "))\(why)"
    }
    return expectations.lazy.compactMap { $0.refusal(lines) }.first
  }
}

/// What one line of a command's output must be.
package struct RunbookExpectation: Equatable, Sendable {
  package enum Rule: Equatable, Sendable {
    case equals(JSON)
    case atMost(Int64)
    case atLeast(Int64)
    /// There is no such line.
    case none
  }
  /// Which lines are meant, by their `event`; the last one counts.
  package let event: String
  /// Members from the outside in, with dots between.
  package let path: String
  package let rule: Rule

  func refusal(_ lines: [JSON]) -> String? {
    let meant = lines.filter { $0["event"]?.string == event }
    if rule == .none {
      return meant.isEmpty ? nil : "it has \(meant.count) lines of \(event)"
    }
    guard let last = meant.last else { return "it has no line of \(event)" }
    var value: JSON? = last
    for name in path.split(separator: ".") { value = value?[String(name)] }
    guard let value else { return "\(event) has no \(path)" }
    let number = value.number.flatMap(Int64.init) ?? value.string.flatMap(Int64.init)
    let isGood: Bool =
      switch rule {
      case .equals(let wanted): value == wanted
      case .atMost(let most): number.map { $0 <= most } ?? false
      case .atLeast(let least): number.map { $0 >= least } ?? false
      case .none: true
      }
    return isGood ? nil : "\(path) is \(value.text), and must be \(rule.words)"
  }
}

extension RunbookExpectation.Rule {
  /// For people.
  package var words: String {
    switch self {
    case .equals(let wanted): wanted.text
    case .atMost(let most): "at most \(most)"
    case .atLeast(let least): "at least \(least)"
    case .none: "absent"
    }
  }
}

/// Places of inputs in texts: `{name}`.
package enum RunbookText {
  package static func filled(_ text: String, _ inputs: [String: String]) -> String {
    var out = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      out += rest[..<open]
      let name = String(rest[rest.index(after: open)..<close])
      out += inputs[name] ?? "{\(name)}"
      rest = rest[rest.index(after: close)...]
    }
    return out + rest
  }

  /// The names that a text asks for.
  static func names(_ text: String) -> [String] {
    text.split(separator: "{").dropFirst(text.hasPrefix("{") ? 0 : 1).compactMap { part in
      part.firstIndex(of: "}").map { String(part[..<$0]) }
    }
  }
}
