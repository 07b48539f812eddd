/// Columns for people: left-aligned text, right-aligned numbers.
package struct TextTable {
  package enum Side: Sendable { case left, right }
  private let columns: [(title: String, side: Side)]
  private var rows: [[String]] = []

  package init(_ columns: [(title: String, side: Side)]) { self.columns = columns }

  package mutating func add(_ cells: [String]) { rows.append(cells.map { Printable.foreign($0) }) }

  package var text: String {
    var widths = columns.map(\.title.count)
    for row in rows {
      for (index, cell) in row.enumerated() where index < widths.count {
        widths[index] = max(widths[index], cell.count)
      }
    }
    let lines = ([columns.map(\.title)] + rows).map { row in
      zip(row.indices, row).map { index, cell in
        guard index < widths.count else { return cell }
        let pad = String(repeating: " ", count: max(0, widths[index] - cell.count))
        return columns[index].side == .left ? cell + pad : pad + cell
      }.joined(separator: "  ").trimmingTrailingSpaces
    }
    return lines.joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}
