/// Where an export ended, as text for the next one.
///
/// Rows of several campaigns, or of several chains of records, grow side by side: one place alone would skip what is new
/// before it, so the cursor holds a place for each, as `1:12,2:40`. The empty cursor, `0`, is the beginning.
struct Cursor {
  private let parts: [[Int64]]

  init(_ parts: [[Int64]]) { self.parts = parts }

  /// Throws `command.usage` for anything but whole numbers with colons and commas between them.
  init(_ text: String?) throws(CommandError) {
    guard let text, text != "0" else {
      parts = []
      return
    }
    var parts: [[Int64]] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      var numbers: [Int64] = []
      for word in part.split(separator: ":", omittingEmptySubsequences: false) {
        guard let number = Int64(word), number >= 0, String(number) == word else { throw Cursor.refusal(text) }
        numbers.append(number)
      }
      parts.append(numbers)
    }
    self.parts = parts
  }

  var text: String {
    parts.isEmpty ? "0" : parts.map { $0.map(String.init).joined(separator: ":") }.joined(separator: ",")
  }

  /// One number per place, by what it belongs to.
  func places(_ owner: (Int64) -> Int64) throws(CommandError) -> [Int64: Int64] {
    var out: [Int64: Int64] = [:]
    for part in parts {
      guard part.count == 1, out.updateValue(part[0], forKey: owner(part[0])) == nil else { throw Cursor.refusal(text) }
    }
    return out
  }

  /// Two numbers per place: whose it is, and where.
  func pairs() throws(CommandError) -> [Int64: Int64] {
    var out: [Int64: Int64] = [:]
    for part in parts {
      guard part.count == 2, out.updateValue(part[1], forKey: part[0]) == nil else { throw Cursor.refusal(text) }
    }
    return out
  }

  private static func refusal(_ text: String) -> CommandError {
    CommandError(
      .usage, "--since \(text) is no cursor of this dataset", hint: "the one that the export before told at its end")
  }
}
