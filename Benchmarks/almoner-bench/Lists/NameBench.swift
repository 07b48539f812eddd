import Foundation
import Policy

/// `names --listed FILE --asked FILE --pairs FILE`: names against listed names on one thread, and how well the pairs of
/// Tests/Vectors/names are told apart at 0.95 recall and at the threshold that the program uses.
enum NameBench {
  static func run(_ options: Options) throws {
    let listed = try lines(options.text("listed")).map { try NameText($0) }
    let asked = try lines(options.text("asked"))
    let building = Measure()
    let index = NameIndex(listed)
    let built = building.seconds
    var scratch = NameIndex.Scratch()
    for name in asked.prefix(1_000) {
      _ = index.hits(NameQuery(try NameText(name)), threshold: NameQuery.threshold, &scratch)
    }
    var hits = 0
    var found = 0
    let measure = Measure()
    for name in asked {
      let matches = index.hits(NameQuery(try NameText(name)), threshold: NameQuery.threshold, &scratch)
      hits += matches.count
      if !matches.isEmpty { found += 1 }
    }
    let took = (seconds: measure.seconds, processor: measure.processorSeconds)
    var line = ResultLine()
    line.add(took, of: asked.count)
    line.add("index_seconds", String(format: "%.3f", built))
    line.add("names_with_hits", found)
    line.add("hits", hits)
    try addQuality(options.text("pairs"), &line)
    line.print()
  }

  private static func addQuality(_ path: String, _ line: inout ResultLine) throws {
    var same: [Int] = []
    var other: [Int] = []
    for row in try lines(path).dropFirst() {
      let parts = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 4 else { throw Options.Missing(description: "a row of the pairs has not four fields") }
      let listed = try NameText(parts[2])
      let query = NameQuery(try NameText(parts[3]))
      // Through the index, so that what it would not compare counts as missed.
      let score = NameIndex([listed]).hits(query, threshold: 0).first?.score ?? 0
      if parts[0] == "1" { same.append(score) } else { other.append(score) }
    }
    same.sort()
    for (name, threshold) in [("at_95", same[same.count / 20]), ("used", NameQuery.threshold)] {
      let right = same.count { $0 >= threshold }
      let wrong = other.count { $0 >= threshold }
      line.add("\(name)_threshold", threshold)
      line.add("\(name)_recall", String(format: "%.4f", Double(right) / Double(same.count)))
      line.add("\(name)_precision", String(format: "%.4f", Double(right) / Double(max(1, right + wrong))))
    }
  }

  private static func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }
}
