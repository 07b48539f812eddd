/// One command: where it stands, what it takes, and what it does.
package struct CommandSpec: Sendable {
  /// Who offers it: `airdrop` has its own commands plus the common ones; `almoner` has all.
  package enum Line: Sendable { case airdrop, common, desk }

  package struct Option: Sendable {
    package enum Kind: Sendable {
      case value(String)
      /// May be given alone, or with `=value`.
      case optional(String)
      case flag
      /// Takes a value, and may stand several times.
      case list(String)
    }
    package let name: String
    package let kind: Kind
    package let help: String
    static func value(_ name: String, _ what: String, _ help: String) -> Option {
      Option(name: name, kind: .value(what), help: help)
    }
    static func optional(_ name: String, _ what: String, _ help: String) -> Option {
      Option(name: name, kind: .optional(what), help: help)
    }
    static func flag(_ name: String, _ help: String) -> Option { Option(name: name, kind: .flag, help: help) }
    static func list(_ name: String, _ what: String, _ help: String) -> Option {
      Option(name: name, kind: .list(what), help: help)
    }
  }

  package let line: Line
  package let path: [String]
  package let summary: String
  package let example: String
  package let options: [Option]
  /// What words may follow the path; nil for none.
  package let words: String?
  /// How many of them.
  package let mostWords: Int
  package let run: @Sendable (App) throws -> ExitStatus

  init(
    _ line: Line, _ path: String, _ summary: String, example: String, _ options: [Option] = [], words: String? = nil,
    mostWords: Int = 1,
    run: @escaping @Sendable (App) throws -> ExitStatus
  ) {
    self.line = line
    self.path = path.split(separator: " ").map(String.init)
    self.summary = summary
    self.example = example
    self.options = options
    self.words = words
    self.mostWords = words == nil ? 0 : mostWords
    self.run = run
  }

  /// Options of every command.
  static let global: [Option] = [
    .value("dsn", "DSN", "the store, as AM_DB_DSN: sqlite:PATH or postgresql://USER@HOST/NAME"),
    .value("config", "FILE", "a file of NAME=VALUE settings"),
    .flag("json", "one JSON object per line on standard output, errors included"),
    .flag("help", "this text"),
  ]

  func parse(_ line: [String]) throws(CommandError) -> Arguments {
    // The system itself cannot hand such a word over; a caller in this process could.
    guard !line.contains(where: { $0.utf8.contains(0) }) else {
      throw CommandError(.usage, "a word holds a zero byte, which no command line can")
    }
    var values: Set<String> = []
    var optional: Set<String> = []
    var flags: Set<String> = []
    var lists: Set<String> = []
    for option in options + CommandSpec.global {
      switch option.kind {
      case .value: values.insert(option.name)
      case .optional: optional.insert(option.name)
      case .flag: flags.insert(option.name)
      case .list: lists.insert(option.name)
      }
    }
    return try Arguments(
      line, options: values, optional: optional, flags: flags, lists: lists, words: mostWords)
  }

  /// The help text: a real example first.
  func help(program: String) -> String {
    var out = ["\(summary).", "", "  \(example)", "", "Options:"]
    for option in options + CommandSpec.global {
      let form =
        switch option.kind {
        case .value(let what): "--\(option.name) \(what)"
        case .optional(let what): "--\(option.name)[=\(what)]"
        case .flag: "--\(option.name)"
        case .list(let what): "--\(option.name) \(what) ..."
        }
      out.append("  " + form.padded(to: 28) + option.help)
    }
    return out.joined(separator: "\n")
  }
}

extension String {
  func padded(to width: Int) -> String {
    count >= width ? self + " " : self + String(repeating: " ", count: width - count)
  }
}
