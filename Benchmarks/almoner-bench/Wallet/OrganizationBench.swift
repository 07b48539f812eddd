import Foundation
import Wallet

/// `organization --sponsors FILE [--count N] [--search literal]`: members placed below their sponsors, spillovers logged.
///
/// The file has the sponsor of member 1, 2, 3 ... a line each; member 0 is the root. The clock runs over placing alone.
enum OrganizationBench {
  private struct Spill {
    let sponsor: Int32
    let member: Int32
    let place: TreePlace
  }

  static func run(_ options: Options) throws {
    let all = try sponsors(try options.text("sponsors"))
    let chosen = all.prefix(try options.number("count", max(1, all.count)))
    let isLiteral = options.optional("search") == "literal"
    var (tree, spilled) = (BinaryTree(), [Spill]())
    let measure = Measure()
    tree.reserve(chosen.count + 1)
    spilled.reserveCapacity(chosen.count)
    for sponsor in chosen {
      let place: TreePlace
      if isLiteral {
        place = try tree.literalPlace(below: sponsor)
        _ = try tree.put(at: place)
      } else {
        place = try tree.add(below: sponsor)
      }
      if place.parent != sponsor {
        spilled.append(Spill(sponsor: sponsor, member: Int32(truncatingIfNeeded: tree.count - 1), place: place))
      }
    }
    let took = (seconds: measure.seconds, processor: measure.processorSeconds)
    var line = ResultLine()
    line.add(took, of: chosen.count)
    line.add("search", isLiteral ? "literal" : "levels")
    line.add("spilled", spilled.count)
    line.add("deepest", deepest(tree))
    line.add("checksum", checksum(tree))
    line.print()
  }

  /// FNV-1a, 64 bits, over `2 * parent + side` of members 1, 2, 3 ..., eight bytes each at once.
  private static func checksum(_ tree: BinaryTree) -> String {
    var out: UInt64 = 0xcbf2_9ce4_8422_2325
    for member in 1..<max(1, tree.count) {
      guard let place = tree.placement(of: Int32(truncatingIfNeeded: member)) else { continue }
      out = (out ^ UInt64(2 * Int(place.parent) + (place.side == .right ? 1 : 0))) &* 0x100_0000_01b3
    }
    return hex(out)
  }

  /// A member comes after their parent, so one pass is enough.
  private static func deepest(_ tree: BinaryTree) -> Int {
    var depths: [Int] = []
    for parent in tree.parents { depths.append(parent == BinaryTree.nobody ? 0 : depths[Int(parent)] + 1) }
    return depths.max() ?? 0
  }

  static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  static func sponsors(_ path: String) throws -> [Int32] {
    try numbers(path).map { line in
      guard line.count == 1, let sponsor = Int32(exactly: line[0]) else {
        throw Options.Missing(description: "\(path) has a line that is no member")
      }
      return sponsor
    }
  }

  /// Whole numbers of each line, with blanks between.
  static func numbers(_ path: String) throws -> [[Int64]] {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    return try bytes.split(separator: 0x0a).map { line in
      try line.split(separator: 0x20).map { word in
        guard let value = Int64(String(decoding: word, as: UTF8.self)) else {
          throw Options.Missing(description: "\(path) holds no numbers")
        }
        return value
      }
    }
  }
}
