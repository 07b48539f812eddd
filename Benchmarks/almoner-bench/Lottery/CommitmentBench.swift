import Codecs
import Dispatch
import Lottery
import Synchronization

/// `commitment --purchases N --threads N`: the tree over as many purchases of one ticket each, from scratch. Buyer `i` has
/// the address `i`, as in Benchmarks/peers/commitment.py.
enum CommitmentBench {
  static func run(_ options: Options) throws {
    let count = try options.number("purchases", 10_000_000)
    let threads = try options.number("threads", 1)
    let buyers = (0..<count).map { LotteryAddress(UInt64($0)) }
    let measure = Measure()
    let made = threads == 1 ? inOrder(buyers) : inBlocks(buyers, threads)
    guard let root = made else { return }
    let took = (seconds: measure.seconds, processor: measure.processorSeconds)
    var line = ResultLine()
    line.add("threads", threads)
    line.add(took, of: count)
    line.add("checksum", root.hash)
    line.print()
  }

  private static func inOrder(_ buyers: [LotteryAddress]) -> PurchaseTree.Node? {
    var tree = PurchaseTree()
    for buyer in buyers { tree.append(PurchaseTree.leaf(buyer, 1)) }
    return tree.root
  }

  private static func inBlocks(_ buyers: [LotteryAddress], _ threads: Int) -> PurchaseTree.Node? {
    let blocks = (buyers.count + 1 << PurchaseTree.blockHeight - 1) >> PurchaseTree.blockHeight
    let next = Atomic<Int>(0)
    let made = Mutex([[PurchaseTree.Node]](repeating: [], count: blocks))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let block = next.add(1, ordering: .relaxed).oldValue
        guard block < blocks else { return }
        let nodes = PurchaseTree.block(block, of: buyers.count) { PurchaseTree.leaf(buyers[$0], 1) }
        made.withLock { $0[block] = nodes }
      }
    }
    return PurchaseTree.root(of: buyers.count, made.withLock { $0 })
  }
}
