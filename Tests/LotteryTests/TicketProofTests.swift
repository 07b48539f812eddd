import Codecs
@testable import Lottery
import Testing

@Suite("Ticket proofs")
struct TicketProofTests {
  static func register(_ purchases: Int) -> TicketRegister {
    var register = TicketRegister(schema: .v2)
    for i in 0..<purchases {
      let purchase = Self.purchase(i)
      register.append(quantity: purchase.quantity, buyer: register.buyers.admit(purchase.buyer))
    }
    return register
  }

  static func purchase(_ index: Int) -> (buyer: LotteryAddress, quantity: UInt64) {
    let number = UInt64(index)
    return (LotteryAddress(number % 11), 1 + number * 7 % 5)
  }

  /// The tree by its definition: the left side is the largest full tree.
  static func root(_ leaves: ArraySlice<PurchaseTree.Node>) -> PurchaseTree.Node? {
    guard leaves.count > 1 else { return leaves.first }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    guard let left = root(leaves[..<middle]), let right = root(leaves[middle...]) else { return nil }
    return PurchaseTree.join(left, right)
  }

  @Test(arguments: [1, 2, 3, 31, 32, 33, 63, 64, 65, 97, 128, 1023, 1024, 1025, 4_200])
  func `the commitment is the tree of RFC 6962 over all purchases, and each ticket has its proof`(
    purchases: Int
  ) throws {
    let register = Self.register(purchases)
    let leaves: [PurchaseTree.Node] = (0..<purchases).map { index in
      let purchase = Self.purchase(index)
      return PurchaseTree.leaf(purchase.buyer, purchase.quantity)
    }
    let root = try #require(register.tree.root)
    #expect(root == Self.root(leaves[...]))
    #expect(root.tickets == register.count)
    var prover = TicketProver(register)
    let stride = max(1, register.count / 300)
    for ticket in Swift.stride(from: UInt64(0), to: register.count, by: UInt64.Stride(stride)) {
      let proof = try prover.proof(of: ticket)
      #expect(proof.proves(ticket, under: root), "ticket \(ticket)")
      #expect(proof.buyer == (try register.owner(of: ticket)))
      #expect(!proof.proves(ticket + 5, under: root))
    }
    #expect(throws: LotteryError.self) { try prover.proof(of: register.count) }
  }

  @Test(arguments: [0, 1, 2, 16_383, 16_384, 16_385, 32_768, 49_152, 50_000, 65_536, 70_001])
  func `blocks made apart come to the root that purchases in order come to`(purchases: Int) {
    func leaf(_ index: Int) -> PurchaseTree.Node {
      let purchase = Self.purchase(index)
      return PurchaseTree.leaf(purchase.buyer, purchase.quantity)
    }
    var tree = PurchaseTree()
    for index in 0..<purchases { tree.append(leaf(index)) }
    let last = (purchases + 1 << PurchaseTree.blockHeight - 1) >> PurchaseTree.blockHeight
    let blocks = (0..<last).map { PurchaseTree.block($0, of: purchases, leaf: leaf) }
    #expect(PurchaseTree.root(of: purchases, blocks) == tree.root)
  }

  @Test func `another buyer, count or neighbour does not lead to the root`() throws {
    let register = Self.register(100)
    let root = try #require(register.tree.root)
    var prover = TicketProver(register)
    let proof = try prover.proof(of: 120)
    let forged = [
      TicketProof(buyer: LotteryAddress(99), tickets: proof.tickets, steps: proof.steps),
      TicketProof(buyer: proof.buyer, tickets: proof.tickets + 1, steps: proof.steps),
      TicketProof(buyer: proof.buyer, tickets: proof.tickets, steps: Array(proof.steps.dropLast())),
      TicketProof(buyer: proof.buyer, tickets: proof.tickets, steps: proof.steps.reversed()),
    ]
    #expect(proof.proves(120, under: root))
    for forgery in forged { #expect(!forgery.proves(120, under: root)) }
  }

  /// In schema 1 the last, open chunk is in no hash (GAP 10); schema 2 commits to every owner.
  @Test func `one other buyer gives another commitment in schema 2, and in schema 1 with 256 tickets`() throws {
    func hash(_ schema: Schema, _ tickets: UInt64, last: UInt64) throws -> Hash32 {
      var bench = try LotteryBench(schema)
      try bench.open(1, Samples.limit())
      for i in UInt64(0)..<tickets / 4 { try bench.buy(1, 1, 4, at: 20 + 10 * i, block: i) }
      try bench.buy(1, last, 4, at: 5_000, block: 9_000)
      return bench.engine.snapshotForDraw(1).hash
    }
    #expect(try hash(.v2, 8, last: 2) != hash(.v2, 8, last: 3))
    #expect(try hash(.v1, 8, last: 2) == hash(.v1, 8, last: 3))
    #expect(try hash(.v1, 252, last: 2) != hash(.v1, 252, last: 3))
  }
}
