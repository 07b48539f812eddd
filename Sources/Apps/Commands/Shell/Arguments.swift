/// Options and words of one command line, taken apart by what the command declares. Anything else is refused.
package struct Arguments: Sendable {
  package private(set) var values: [String: String] = [:]
  package private(set) var flags: Set<String> = []
  package private(set) var words: [String] = []
  /// Values of options that may stand several times.
  package private(set) var lists: [String: [String]] = [:]

  /// `options` take a value (`--name v` or `--name=v`), `optional` may take one with `=` only, `flags` take none; those of
  /// `lists` take a value each time they stand there.
  ///
  /// Throws `command.usage` naming the word that was not understood.
  package init(
    _ line: [String], options: Set<String>, optional: Set<String>, flags: Set<String>, lists: Set<String> = [],
    words most: Int
  ) throws(CommandError) {
    var index = 0
    var isOver = false
    while index < line.count {
      let word = line[index]
      index += 1
      if !isOver, word == "--" {
        isOver = true
        continue
      }
      guard !isOver, word.hasPrefix("--"), word.count > 2 else {
        if !isOver, word.hasPrefix("-"), word.count > 1 {
          throw Arguments.unknown(word, options.union(lists), optional, flags)
        }
        words.append(word)
        continue
      }
      let body = word.dropFirst(2)
      let split = body.firstIndex(of: "=")
      let name = String(split.map { body[..<$0] } ?? body)
      if lists.contains(name) {
        guard split != nil || index < line.count else { throw CommandError(.usage, "--\(name) needs a value") }
        self.lists[name, default: []].append(split.map { String(body[body.index(after: $0)...]) } ?? line[index])
        if split == nil { index += 1 }
      } else if let split, options.contains(name) || optional.contains(name) {
        try put(name, String(body[body.index(after: split)...]))
      } else if split == nil, options.contains(name) {
        guard index < line.count else { throw CommandError(.usage, "--\(name) needs a value") }
        try put(name, line[index])
        index += 1
      } else if split == nil, flags.contains(name) || optional.contains(name) {
        guard values[name] == nil, self.flags.insert(name).inserted || flags.contains(name) else {
          throw CommandError(.usage, "--\(name) is given twice")
        }
      } else {
        throw Arguments.unknown(word, options.union(lists), optional, flags)
      }
    }
    guard words.count <= most else {
      throw CommandError(.usage, "\"\(words[most])\" is one word too many", hint: "options start with --")
    }
  }

  package subscript(name: String) -> String? { values[name] }
  package func has(_ flag: String) -> Bool { flags.contains(flag) }

  /// The value, or `command.usage` saying that it is needed.
  package func required(_ name: String) throws(CommandError) -> String {
    guard let value = values[name], !value.isEmpty else { throw CommandError(.usage, "--\(name) is needed") }
    return value
  }

  /// A whole number in a range; nil when absent.
  package func number(_ name: String, in range: ClosedRange<Int64>) throws(CommandError) -> Int64? {
    guard let text = values[name] else { return nil }
    guard let number = Int64(text), range.contains(number), String(number) == text else {
      throw CommandError(.usage, "--\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private mutating func put(_ name: String, _ value: String) throws(CommandError) {
    guard !flags.contains(name), values.updateValue(value, forKey: name) == nil else {
      throw CommandError(.usage, "--\(name) is given twice")
    }
  }

  private static func unknown(
    _ word: String, _ options: Set<String>, _ optional: Set<String>, _ flags: Set<String>
  ) -> CommandError {
    let known = options.union(optional).union(flags).sorted()
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    let near = Nearest.of(name, in: known).map { "did you mean --\($0)?" }
    return CommandError(.usage, "\(word) is not an option of this command", hint: near ?? "see --help")
  }
}

/// The known word that a mistyped one is closest to.
package enum Nearest {
  package static func of(_ word: String, in known: [String]) -> String? {
    let ranked = known.map { ($0, distance(Array(word), Array($0))) }.min { $0.1 < $1.1 }
    return ranked.flatMap { $0.1 <= max(1, word.count / 3) ? $0.0 : nil }
  }

  /// Letters added, lost, changed, or swapped with their neighbour: how far two words are apart.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var before = [Int](repeating: 0, count: b.count + 1)
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var next = [i + 1]
      for (j, y) in b.enumerated() {
        var least = min(next[j] + 1, row[j + 1] + 1, row[j] + (x == y ? 0 : 1))
        if i > 0, j > 0, x == b[j - 1], y == a[i - 1] { least = min(least, before[j - 1] + 1) }
        next.append(least)
      }
      before = row
      row = next
    }
    return row[b.count]
  }
}
