import Foundation

/// The words of the command line.
struct Options: Sendable {
  enum Command: String, Sendable { case run, boundaries, mutants, lotteries, draws }

  let command: Command
  var from: UInt64 = 1
  var count: UInt64 = 100
  var seed: UInt64?
  var traces = false
  var lists = false
  var mutant: String?
  /// Folders of draw bundles: written to, read from.
  var out: String?
  var check: String?
  /// Of a lottery's history: fewer than its own.
  var actions: Int?
  /// One of the lotteries' lives alone, by its place, and where it dies: at a boundary, or before an operation of the disk.
  var life: Int?
  var boundary: Int?
  var operation: Int?
  /// Of the disk operations of a lottery's life, every how many'th is a death.
  var stride = 5
  /// Threads; their number changes nothing but the time.
  var jobs = max(1, min(64, ProcessInfo.processInfo.activeProcessorCount))

  /// Nil for words that it does not know.
  init?(_ words: [String]) {
    guard let command = words.first.flatMap(Command.init) else { return nil }
    self.command = command
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      switch word {
      case "--trace": traces = true
      case "--list": lists = true
      case "--mutant":
        guard let name = rest.popFirst() else { return nil }
        mutant = name
      case "--out", "--check":
        guard let folder = rest.popFirst() else { return nil }
        if word == "--out" { out = folder } else { check = folder }
      case "--seeds", "--histories", "--count", "--from", "--seed", "--jobs", "--actions", "--stride", "--life",
        "--boundary", "--operation":
        guard let value = rest.popFirst().flatMap({ UInt64($0) }), value < 1 << 62 else { return nil }
        switch word {
        case "--seeds", "--histories", "--count": count = value
        case "--actions": actions = Int(min(100_000, value))
        case "--life": life = Int(min(1_000, value))
        case "--boundary": boundary = Int(value)
        case "--operation": operation = Int(value)
        case "--stride": stride = Int(min(100_000, max(1, value)))
        case "--from": from = value
        case "--seed": seed = value
        default: jobs = Int(min(64, max(1, value)))
        }
      default: return nil
      }
    }
  }
}
