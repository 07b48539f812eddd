import Foundation

/// The table of models/transitions.tsv, which `models/transitions.sh` compares with what the models execute.
struct ModelTable {
  struct Row {
    let move: Move
    /// `all`, or the kind of rail that alone has the move.
    let rails: String
  }
  let rows: [Row]

  enum Malformed: Error { case line(String) }

  static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "models")

  init() throws {
    let text = try String(contentsOf: Self.models.appending(path: "transitions.tsv"), encoding: .utf8)
    rows = try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
      guard fields.count == 7 else { throw Malformed.line(String(line)) }
      return Row(move: Move(machine: fields[0], from: fields[1], event: fields[2], to: fields[3]), rails: fields[5])
    }
  }

  /// Moves that begin a life: the machines have no word for "none", so their first state is asked for instead.
  var births: Set<Move> { Set(rows.map(\.move).filter { $0.from == "none" }) }

  /// Moves of every rail.
  var common: Set<Move> { Set(rows.filter { $0.rails == "all" }.map(\.move)).subtracting(births) }

  /// Moves of rails that have no driver here yet.
  var ofOtherRails: Set<Move> { Set(rows.filter { $0.rails != "all" }.map(\.move)) }
}
