import Chains
import Codecs
import Money

/// Earlier sights of accounts' counts, one node's never used for another.
struct CountFloors {
  private var seen: [EndpointID: [EVMAddress: [(number: UInt64, count: UInt64)]]] = [:]
  private static let mostKept = 256
  private var turn = 0

  /// A number that grows with every reading, so that searches that do not fit into one get their turn.
  mutating func nextTurn() -> Int {
    turn = (turn &+ 1) & 0xffff
    return turn
  }

  /// Records that the account had spent at most `count` slots after block `number`.
  mutating func record(_ endpoint: EndpointID, _ account: EVMAddress, number: UInt64, count: UInt64) {
    var marks = seen[endpoint, default: [:]][account, default: []]
    if let last = marks.last {
      guard number > last.number, count >= last.count else { return }
      if count == last.count { marks.removeLast() }
    }
    marks.append((number, count))
    if marks.count > CountFloors.mostKept { marks.removeFirst() }
    seen[endpoint, default: [:]][account] = marks
  }

  /// The newest block after which the slot was certainly still free.
  func floor(_ endpoint: EndpointID, _ account: EVMAddress, slot: UInt64) -> UInt64? {
    seen[endpoint]?[account]?.last { $0.count <= slot }?.number
  }
}

/// Finds, at one node, the transaction that spent a slot: the block by the account's count, then the block's body.
///
/// The count alone names nobody, and a missing receipt may only be late; a name in the body of a final block is a fact.
/// Source: PROTOCOL.md 4.3 (c).
struct SpenderSearch {
  let conversation: Conversation
  let final: BlockHeader
  let floors: CountFloors

  /// Pivots asked for in one batch, and batches at most.
  private static let width: UInt64 = 16
  private static let mostRounds = 24

  /// The spender and its block; nil when the slot is free at the final block or nobody can be named.
  func spender(of account: EVMAddress, slot: UInt64) throws(EndpointFailure) -> (MinedTransaction, BlockHeader)? {
    guard let now = try conversation.counts(account, after: [final.number]).first ?? nil, now > slot else { return nil }
    guard let number = try blockThatSpent(account, slot) else { return nil }
    let block = try conversation.block(number)
    let found = block.transactions.filter { $0.from == account && $0.nonce == slot }
    guard found.count <= 1 else { throw EndpointFailure(.inconsistent, "one slot spent twice in a block") }
    // Nobody: the count can also move by an authorisation (EIP-7702), which is no transaction of the account.
    return found.first.map { ($0, block.header) }
  }

  /// The block after which the count first exceeds the slot; nil when the node lacks the state to tell.
  private func blockThatSpent(_ account: EVMAddress, _ slot: UInt64) throws(EndpointFailure) -> UInt64? {
    var high = final.number
    var low: UInt64
    if let floor = floors.floor(conversation.endpoint.id, account, slot: slot), floor < high {
      low = floor
    } else if let found = try lowerEnd(account, slot, &high) {
      low = found
    } else {
      return nil
    }
    for _ in 0..<SpenderSearch.mostRounds where high - low > 1 {
      let step = max(1, (high - low) / SpenderSearch.width)
      let pivots = Array(stride(from: low + step, to: high, by: Int(clamping: step)).prefix(Int(SpenderSearch.width)))
      for (pivot, count) in zip(pivots, try conversation.counts(account, after: pivots)) {
        guard let count else { return nil }
        if count > slot {
          high = min(high, pivot)
        } else if pivot < high {
          low = max(low, pivot)
        }
      }
      guard low < high else { throw EndpointFailure(.inconsistent, "an account's count that falls") }
    }
    return high - low == 1 ? high : nil
  }

  /// Goes back in doubling steps to a block at which the slot was free; many nodes keep little old state.
  private func lowerEnd(_ account: EVMAddress, _ slot: UInt64, _ high: inout UInt64) throws(EndpointFailure) -> UInt64?
  {
    var numbers: [UInt64] = []
    var step: UInt64 = 1
    while step < final.number, numbers.count < 40 {
      numbers.append(final.number - step)
      step *= 2
    }
    numbers.append(0)
    for (number, count) in zip(numbers, try conversation.counts(account, after: numbers)) {
      guard let count else { return nil }
      if count <= slot { return number }
      high = number
    }
    return nil
  }
}
