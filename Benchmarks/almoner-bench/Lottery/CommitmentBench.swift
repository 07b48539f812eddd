import Codecs
import Lottery

/// `commitment --purchases N`: the tree over as many purchases of one ticket each, from scratch. Buyer `i` has the
/// address `i`, as in Benchmarks/peers/commitment.py.
enum CommitmentBench {
  static func run(_ options: Options) throws {
    let count = try options.number("purchases", 10_000_000)
    let buyers = (0..<count).map { LotteryAddress(UInt64($0)) }
    let measure = Measure()
    var tree = PurchaseTree()
    for buyer in buyers { tree.append(PurchaseTree.leaf(buyer, 1)) }
    guard let root = tree.root else { return }
    let took = (seconds: measure.seconds, processor: measure.processorSeconds)
    var line = ResultLine()
    line.add(took, of: count)
    line.add("checksum", root.hash)
    line.print()
  }
}
