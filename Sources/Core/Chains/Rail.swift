package import Codecs
package import Money

/// What the engine asks about one slot of a lane: the payees it promised and every attempt it ever intended there.
package struct SlotQuestion: Sendable {
  package struct Member: Hashable, Sendable {
    package let kind: AttemptKind
    package let signingHash: Hash32
    /// Nil for an intent whose bytes were never recorded.
    package let hash: Hash32?
    package init(kind: AttemptKind, signingHash: Hash32, hash: Hash32?) {
      self.kind = kind
      self.signingHash = signingHash
      self.hash = hash
    }
  }
  package let batch: BatchID
  package let account: Address
  package let slot: UInt64
  package let asset: AssetID
  package let payees: [Payee]
  package let members: [Member]

  package init(
    batch: BatchID, account: Address, slot: UInt64, asset: AssetID, payees: [Payee], members: [Member]
  ) {
    self.batch = batch
    self.account = account
    self.slot = slot
    self.asset = asset
    self.payees = payees
    self.members = members
  }
}

/// What a node answered to a broadcast. Information only: no answer is news about the money (PROTOCOL.md 2.3).
package struct SubmitAnswer: Hashable, Sendable {
  package let endpoint: EndpointID
  /// Whether the node said it took the bytes.
  package let taken: Bool
  /// The node's words, cut to 200 characters and free of control characters.
  package let text: String
  package init(endpoint: EndpointID, taken: Bool, text: String) {
    self.endpoint = endpoint
    self.taken = taken
    self.text = text
  }
}

/// A lane's account as a quorum of endpoints sees it.
package struct AccountView: Hashable, Sendable {
  /// Slots spent in final blocks: the smallest slot that may still be free.
  package let finalCount: UInt64
  /// Slots spent in the newest blocks, or known to the pools; a hint for repair, never evidence.
  package let latestCount: UInt64
  /// Final block number of the view.
  package let finalBlock: UInt64
  package init(finalCount: UInt64, latestCount: UInt64, finalBlock: UInt64) {
    self.finalCount = finalCount
    self.latestCount = latestCount
    self.finalBlock = finalBlock
  }
}

/// What a lane can spend, as a quorum of endpoints sees it.
package struct Funds: Hashable, Sendable {
  /// For fees, and for the payouts of a native campaign.
  package let native: UInt256
  /// Of the asked token; nil when the asset is native.
  package let token: UInt256?
  /// What the batch contract may draw of the token; nil when no allowance is needed.
  package let allowance: UInt256?
  package init(native: UInt256, token: UInt256?, allowance: UInt256?) {
    self.native = native
    self.token = token
    self.allowance = allowance
  }
}

/// A movement of an asset that an endpoint quorum has in a final block.
package struct ChainTransfer: Hashable, Sendable {
  package let asset: AssetID
  package let transaction: Hash32
  /// Position within the transaction (log index or call order).
  package let index: UInt64
  package let blockNumber: UInt64
  package let blockHash: Hash32
  package let from: Address
  package let to: Address
  package let units: UInt256
  package init(
    asset: AssetID, transaction: Hash32, index: UInt64, blockNumber: UInt64, blockHash: Hash32, from: Address,
    to: Address, units: UInt256
  ) {
    self.asset = asset
    self.transaction = transaction
    self.index = index
    self.blockNumber = blockNumber
    self.blockHash = blockHash
    self.from = from
    self.to = to
    self.units = units
  }
}

/// Transfers of a span of final blocks, and where to go on.
package struct TransferPage: Sendable {
  package let transfers: [ChainTransfer]
  /// Hash of the block before the first one asked for: who read that block before must find the same hash. Zero before
  /// block 0; nil while nodes do not call that block final.
  package let before: Hash32?
  /// The last block the page covers; its hash is the checkpoint.
  package let through: UInt64
  package let throughHash: Hash32
  /// The newest final block; the page is the last one when `through` has reached it.
  package let finalBlock: UInt64
  package init(
    transfers: [ChainTransfer], before: Hash32?, through: UInt64, throughHash: Hash32, finalBlock: UInt64
  ) {
    self.transfers = transfers
    self.before = before
    self.through = through
    self.throughHash = throughHash
    self.finalBlock = finalBlock
  }
}

/// Fixed facts of a rail.
package struct RailLimits: Hashable, Sendable {
  /// Most payees one transaction may carry for this asset; 1 without a batch contract.
  package let mostPayees: Int
  /// The least by which a replacement must raise price and tip, in percent.
  package let bumpPercent: UInt64
  package init(mostPayees: Int, bumpPercent: UInt64) {
    self.mostPayees = mostPayees
    self.bumpPercent = bumpPercent
  }
}

/// Making and reading the bytes of a rail: pure, so that a signer and a dry run can do it without a network.
package protocol TransactionCodec: Sendable {
  var chain: ChainID { get }
  /// The unsigned bytes of a request. Throws `rail.unsupported` or `rail.bad_request`.
  func prepare(_ request: TransactionRequest) throws(RailError) -> UnsignedTransaction
  /// Joins unsigned bytes and a signature. Throws `rail.bad_bytes`.
  func assemble(_ unsigned: [UInt8], _ signature: RecoverableSignature) throws(RailError) -> SignedTransaction
  /// Reads back what unsigned bytes of `account` would do. Payout numbers are not in bytes: payees carry number 0.
  /// Throws `rail.bad_bytes` for bytes that the codec itself would not have made.
  func inspect(_ unsigned: [UInt8], account: Address) throws(RailError) -> TransactionRequest
  /// Takes signed bytes apart (an import from offline signing). Throws `rail.bad_bytes`.
  func disassemble(_ signed: [UInt8]) throws(RailError) -> (
    unsigned: UnsignedTransaction, signature: RecoverableSignature
  )
  /// Canonical bytes of an address text. Throws `rail.bad_address`.
  func address(_ text: String) throws(RailError) -> Address
  /// The address as a person writes it (EIP-55 on EVM).
  func text(_ address: Address) -> String
}

/// The one contract of all drivers. Calls block; each is bounded in time and size by the driver.
///
/// Whatever an endpoint answers or fails to answer is data: a method throws only when no quorum could be had.
package protocol Rail: Sendable {
  var codec: any TransactionCodec { get }
  var quorum: Quorum { get }
  func limits(_ asset: AssetID) -> RailLimits

  /// Endpoints serve the right chain and, where used, the batch contract's code is ours. Throws when they do not.
  func preflight(_ asset: AssetID) throws(RailError)
  /// Fee terms for a request at today's price, with `headroomPercent` on top of the price.
  func fee(for purpose: Purpose, account: Address) throws(RailError) -> FeeTerms
  /// What such a transaction usually costs at today's price, in native units; for quotes.
  func expectedCost(of purpose: Purpose, account: Address) throws(RailError) -> UInt256
  /// Terms that replace `fee` in every pool, at today's price at least.
  func bumped(_ fee: FeeTerms) throws(RailError) -> FeeTerms
  /// A setup transaction that must be final before `total` of the asset can be paid from the account; nil for none.
  func setup(_ asset: AssetID, account: Address, total: UInt256) throws(RailError) -> Purpose?
  func funds(_ asset: AssetID, account: Address) throws(RailError) -> Funds
  func account(_ account: Address) throws(RailError) -> AccountView
  /// Hands bytes to every endpoint; one answer list per transaction.
  func submit(_ transactions: [SignedTransaction]) -> [[SubmitAnswer]]
  /// What endpoints state about slots, at finality; one list per question, empty while nothing is certain.
  func statements(_ questions: [SlotQuestion]) -> [[Statement]]
  /// Final transfers of the asset out of `accounts` and, drawn from them, out of the batch contract, from a block on,
  /// agreed by quorum. The draws into the contract are left out: what leaves it is the payment.
  func transfers(_ asset: AssetID, accounts: [Address], from block: UInt64) throws(RailError) -> TransferPage
}
