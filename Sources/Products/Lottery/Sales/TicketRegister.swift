package import Codecs

/// Who owns which ticket of one lottery, and the commitment to it, kept as tickets are sold.
///
/// A purchase is a run of tickets of one buyer: one byte, four more for a buyer who is known, and 1.3 for the
/// commitment; a buyer's row is written once and takes about 46. So ten million tickets bought ten at a time by a
/// million people take 50 MB, and ten million tickets of as many people less than 512. All but the index of buyers lies
/// in pages, so that a copy of the value shares what is not written next.
package struct TicketRegister: Equatable, Sendable {
  package let schema: Schema
  /// Tickets sold; they are numbered from 0 in the order of purchase.
  package var count: UInt64 { purchases.tickets }
  package private(set) var purchases = PurchaseRuns()
  package internal(set) var buyers = BuyerTable()
  private var chain = SnapshotChain()
  package private(set) var tree = PurchaseTree()

  package init(schema: Schema) { self.schema = schema }

  /// Adds a purchase of `quantity` tickets, 1 to 128, by the buyer in `place`. The caller has checked the sum.
  mutating func append(quantity: UInt64, buyer place: Int) {
    purchases.append(quantity: quantity, buyer: UInt32(place))
    switch schema {
    case .v1:
      while chain.chunks < count / Limits.ticketChunk {
        chain.append(owners(from: chain.chunks * Limits.ticketChunk, count: Limits.ticketChunk))
      }
    case .v2: tree.append(PurchaseTree.leaf(buyers.address(at: place), quantity))
    }
  }

  /// Adds a purchase without asking any rule.
  package mutating func append(quantity: UInt64, by buyer: LotteryAddress) {
    append(quantity: quantity, buyer: buyers.admit(buyer))
  }

  /// Purchase `run` as the tree has it.
  func leaf(at run: Int) -> PurchaseTree.Node {
    PurchaseTree.leaf(buyers.address(at: purchases.buyer(at: run)), purchases.quantity(at: run))
  }

  /// Who owns a ticket. Throws `winnerIndexOutOfRange`.
  package func owner(of ticket: UInt64) throws(LotteryError) -> LotteryAddress {
    guard ticket < count else {
      throw LotteryError(.winnerIndexOutOfRange, "ticket \(ticket) of \(count)")
    }
    return buyers.address(at: purchases.buyer(at: purchases.run(of: ticket)))
  }

  /// How many tickets the buyer at this address has.
  package func owned(by address: LotteryAddress) -> UInt64 {
    buyers.place(of: address).map { buyers[$0].tickets } ?? 0
  }

  /// Purchases that touch the tickets `range`, cut to it: whose they are, and how many.
  package func shares(of range: Range<UInt64>) -> [(buyer: LotteryAddress, tickets: UInt64)] {
    let range = range.clamped(to: 0..<count)
    var out: [(buyer: LotteryAddress, tickets: UInt64)] = []
    guard !range.isEmpty else { return out }
    var run = purchases.run(of: range.lowerBound)
    var at = range.lowerBound
    while at < range.upperBound {
      let end = min(purchases.start(at: run + 1) ?? count, range.upperBound)
      out.append((buyers.address(at: purchases.buyer(at: run)), end - at))
      at = end
      run += 1
    }
    return out
  }

  /// The digest over all full chunks of 256 owners (schema 1).
  package var chainDigest: Hash32 { chain.digest }

  private func owners(from first: UInt64, count: UInt64) -> [LotteryAddress] {
    var out: [LotteryAddress] = []
    out.reserveCapacity(Int(count))
    for share in shares(of: first..<first + count) {
      for _ in 0..<share.tickets { out.append(share.buyer) }
    }
    return out
  }

  package static func == (a: TicketRegister, b: TicketRegister) -> Bool {
    a.schema == b.schema && a.purchases == b.purchases && a.buyers == b.buyers
  }
}

/// The commitment of schema 1: a chain over full chunks of 256 owners. The last, open chunk is left out (GAP 10).
struct SnapshotChain: Equatable, Sendable {
  private(set) var chunks: UInt64 = 0
  private(set) var digest = Keccak.sha3(Array(Domain.snapshotSeed.utf8))

  mutating func append(_ owners: [LotteryAddress]) {
    var bytes = BCS.Writer(reserving: 64 + owners.count * 32)
    bytes.append(digest)
    bytes.append(chunks)
    bytes.append(chunks * Limits.ticketChunk)
    bytes.append(owners)
    digest = Keccak.sha3(bytes.bytes)
    chunks += 1
  }
}
