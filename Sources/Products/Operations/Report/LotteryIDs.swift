import Codecs

/// The list of `--lottery-ids`.
package enum LotteryIDs {
  /// `4, 2,4` or `[4,2]`: each id once, where it stands first. Throws `operations.bad_setting`.
  package static func parse(_ text: String) throws(OperationsError) -> [UInt64] {
    let blank: Set<Character> = [" ", "\t"]
    var seen: [UInt64] = []
    let inner = text.drop { blank.contains($0) }
    let words: [String]
    if inner.hasPrefix("[") {
      guard let list = (try? JSON.parse(text))?.array else { throw refusal(text) }
      words = list.map { $0.number ?? $0.string ?? "" }
    } else {
      words = text.split(separator: ",", omittingEmptySubsequences: true).map(String.init)
    }
    for word in words {
      var trimmed = word.drop { blank.contains($0) }
      while let last = trimmed.last, blank.contains(last) { trimmed.removeLast() }
      if trimmed.isEmpty, !inner.hasPrefix("[") { continue }
      guard trimmed.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let id = UInt64(trimmed) else {
        throw refusal(text)
      }
      if !seen.contains(id) { seen.append(id) }
    }
    return seen
  }

  private static func refusal(_ text: String) -> OperationsError {
    OperationsError(.badSetting, "\(text) is no list of lottery ids", hint: "such as 4,2 or [4,2]")
  }
}
