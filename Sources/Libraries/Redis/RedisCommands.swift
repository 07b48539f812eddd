/// Commands in the form they travel in, to be sent in one go. Any byte may stand in a word.
package struct RedisCommands: Sendable {
  package private(set) var bytes: [UInt8] = []
  /// How many commands, which is how many answers come back.
  package private(set) var count = 0

  package init() {}

  package init<each Word: RedisWord>(_ word: repeat each Word) {
    append(repeat each word)
  }

  package mutating func reserve(_ bytes: Int) { self.bytes.reserveCapacity(bytes) }

  /// Adds one command; the first word is its name.
  package mutating func append<each Word: RedisWord>(_ word: repeat each Word) {
    var words = 0
    for _ in repeat each word { words += 1 }
    begin(words: words)
    for word in repeat each word { word.append(to: &self) }
  }

  /// Adds one command whose number of words is known only when it runs.
  package mutating func append(_ words: [String]) {
    guard !words.isEmpty else { return }
    begin(words: words.count)
    for word in words { word.append(to: &self) }
  }

  /// Begins a command of so many words, which the caller adds: the way for those that are many.
  package mutating func begin(words: Int) {
    count += 1
    header(UInt8(ascii: "*"), words)
  }

  package mutating func add(_ word: String) { end(word.utf8) }
  package mutating func add(_ word: [UInt8]) { end(word) }

  fileprivate mutating func header(_ kind: UInt8, _ number: Int) {
    bytes.append(kind)
    if number < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
    } else {
      bytes += String(number).utf8
    }
    bytes += [0x0d, 0x0a]
  }

  fileprivate mutating func end(_ word: some Collection<UInt8>) {
    header(UInt8(ascii: "$"), word.count)
    bytes += word
    bytes += [0x0d, 0x0a]
  }
}

/// What may stand in a command: text, bytes, whole numbers.
package protocol RedisWord {
  func append(to commands: inout RedisCommands)
}

extension String: RedisWord {
  package func append(to commands: inout RedisCommands) { commands.end(utf8) }
}

extension [UInt8]: RedisWord {
  package func append(to commands: inout RedisCommands) { commands.end(self) }
}

extension Int64: RedisWord {
  package func append(to commands: inout RedisCommands) { commands.end(String(self).utf8) }
}

extension Int: RedisWord {
  package func append(to commands: inout RedisCommands) { commands.end(String(self).utf8) }
}
