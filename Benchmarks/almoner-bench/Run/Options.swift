/// `--name value` pairs of one call.
struct Options {
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }
  private var values: [String: String] = [:]

  init(_ words: [String]) throws {
    var rest = words[...]
    while let name = rest.popFirst() {
      guard name.hasPrefix("--"), let value = rest.popFirst() else {
        throw Missing(description: "\(name) needs a value")
      }
      values[String(name.dropFirst(2))] = value
    }
  }

  func text(_ name: String) throws -> String {
    guard let value = values[name] else { throw Missing(description: "--\(name) is missing") }
    return value
  }

  func optional(_ name: String) -> String? { values[name] }

  func number(_ name: String, _ usual: Int, from least: Int = 1) throws -> Int {
    guard let text = values[name] else { return usual }
    guard let value = Int(text), value >= least else {
      throw Missing(description: "--\(name) is a number from \(least)")
    }
    return value
  }
}
