import Chains
import Codecs
import Money
import Transport

/// The transfers that one node shows in a span of blocks.
///
/// What leaves a lane for the batch contract is left out: what leaves the contract in the same transaction is the
/// payment. What strangers pay through the contract is left out too.
struct TransferReader: Sendable {
  let asset: AssetID
  let token: EVMAddress?
  let senders: Set<EVMAddress>
  let batchContract: EVMAddress?
  let finality: Finality

  struct Page: Hashable, Sendable {
    let transfers: [ChainTransfer]
    /// Of the block before the span; zero when it begins with block 0.
    let before: Hash32
    let throughHash: Hash32
  }

  func read(_ span: ClosedRange<UInt64>, _ conversation: Conversation) throws(EndpointFailure) -> Page {
    let final = try conversation.finalBlock(finality)
    guard final.number >= span.upperBound else { throw EndpointFailure(.behind, "not that far yet") }
    let transfers =
      if let token { try events(token, span, conversation) } else { try movements(span, conversation) }
    let first = try conversation.header(span.lowerBound)
    let last = try conversation.header(span.upperBound)
    return Page(transfers: transfers, before: first.parentHash, throughHash: last.hash)
  }

  // MARK: Tokens

  private func events(
    _ token: EVMAddress, _ span: ClosedRange<UInt64>, _ conversation: Conversation
  ) throws(EndpointFailure) -> [ChainTransfer] {
    let from = senders.union(batchContract.map { [$0] } ?? []).sorted()
    let filter: JSON = [
      "fromBlock": .quantity(span.lowerBound), "toBlock": .quantity(span.upperBound), "address": .data(token.bytes),
      "topics": [.data(ERC20.Transfer.topic.bytes), .array(from.map { .data($0.topic.bytes) })],
    ]
    guard let entries = try conversation.first(try conversation.ask([RPCCall("eth_getLogs", [filter])])).array else {
      throw EndpointFailure(.malformed, "logs are a list")
    }
    var found: [(log: ReceiptLog, transfer: ERC20.Transfer)] = []
    for entry in entries {
      let log = try ReceiptLog(entry)
      guard log.address == token, span.contains(log.blockNumber) else {
        throw EndpointFailure(.inconsistent, "a log that was not asked for")
      }
      // The event of ERC-721 has the same first topic.
      guard let transfer = log.transfer else { continue }
      guard from.contains(transfer.from) else { throw EndpointFailure(.inconsistent, "a log that was not asked for") }
      found.append((log, transfer))
    }
    // The contract draws from whoever calls it, so a transaction is ours when it drew from one of our accounts.
    let ours = Set(
      found.filter { senders.contains($0.transfer.from) && $0.transfer.to == batchContract }.map(\.log.transaction))
    let kept = found.filter { entry in
      if entry.transfer.from == batchContract { return ours.contains(entry.log.transaction) }
      return entry.transfer.to != batchContract
    }
    return kept.map { entry in
      ChainTransfer(
        asset: asset, transaction: entry.log.transaction, index: entry.log.index, blockNumber: entry.log.blockNumber,
        blockHash: entry.log.blockHash, from: Address(entry.transfer.from.bytes), to: Address(entry.transfer.to.bytes),
        units: entry.transfer.amount)
    }.sorted { ($0.blockNumber, $0.index) < ($1.blockNumber, $1.index) }
  }

  // MARK: The native coin

  /// Native payments leave no event: the bodies of blocks are read, and the receipts of what our accounts sent.
  private func movements(_ span: ClosedRange<UInt64>, _ conversation: Conversation) throws(EndpointFailure)
    -> [ChainTransfer]
  {
    let replies = try conversation.ask(span.map { RPCCall("eth_getBlockByNumber", [.quantity($0), true]) })
    var sent: [(transaction: MinedTransaction, block: BlockHeader)] = []
    var previous: BlockHeader?
    for (number, reply) in zip(span, replies) {
      let block = try FullBlock(try reply.get())
      guard block.header.number == number, previous.map({ $0.hash == block.header.parentHash }) ?? true else {
        throw EndpointFailure(.inconsistent, "blocks that do not follow each other")
      }
      previous = block.header
      sent += block.transactions.filter { senders.contains($0.from) && !$0.value.isZero }.map { ($0, block.header) }
    }
    let receipts = try conversation.receipts(sent.map(\.transaction.hash))
    var transfers: [ChainTransfer] = []
    for (transaction, block) in sent {
      guard let receipt = receipts[transaction.hash], receipt.blockHash == block.hash else {
        throw EndpointFailure(.inconsistent, "a mined transaction without its receipt")
      }
      guard receipt.succeeded, let to = transaction.to else { continue }
      for (index, payment) in payments(transaction, to).enumerated() {
        transfers.append(
          ChainTransfer(
            asset: asset, transaction: transaction.hash, index: UInt64(index), blockNumber: block.number,
            blockHash: block.hash, from: Address(transaction.from.bytes), to: payment.to, units: payment.units))
      }
    }
    return transfers
  }

  private func payments(_ transaction: MinedTransaction, _ to: EVMAddress) -> [(to: Address, units: UInt256)] {
    guard to == batchContract, let batch = BatchCalldata.read(transaction.data), batch.token == nil else {
      return [(Address(to.bytes), transaction.value)]
    }
    return batch.payees.map { ($0.address, $0.units) }
  }
}
