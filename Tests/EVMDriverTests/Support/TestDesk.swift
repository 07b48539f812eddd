import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing
import Transport

/// A rail on a development chain, and the few steps of an engine that tests need.
struct TestDesk {
  let rail: EVMRail
  var codec: any TransactionCodec { rail.codec }
  static let native = AssetID(chain: "evm:\(TestChain.id)", token: nil)
  /// A tenth of a coin.
  static let mostFee = UInt256(limbs: (0x8ac7_2304_89e8_0000, 0, 0, 0))

  static func asset(_ token: EVMAddress) -> AssetID {
    AssetID(chain: "evm:\(TestChain.id)", token: token.lowercase)
  }

  static let quick = RPCLimits(
    timeoutMilliseconds: 5_000, conversationMilliseconds: 10_000, graceMilliseconds: 2_000)

  init(
    _ endpoints: [EVMEndpoint], nodes: any NodePort = HTTPNodes(), quorum: Int? = nil, finality: Finality = .tag,
    batchContract: EVMAddress? = nil, feeForm: EVMCodec.FeeForm = .dynamic, mostFee: UInt256 = TestDesk.mostFee,
    limits: RPCLimits = TestDesk.quick
  ) throws {
    rail = try EVMRail(
      EVMRailConfiguration(
        chainID: TestChain.id, endpoints: endpoints, quorumSize: quorum, finality: finality,
        batchContract: batchContract, feeForm: feeForm, mostFee: mostFee, limits: limits), nodes: nodes)
  }

  /// One attempt, as an engine keeps it.
  struct Attempt {
    let request: TransactionRequest
    let unsigned: UnsignedTransaction
    let signed: SignedTransaction
    var member: SlotQuestion.Member {
      SlotQuestion.Member(kind: request.purpose.kind, signingHash: unsigned.signingHash, hash: signed.hash)
    }
  }

  func attempt(_ purpose: Purpose, lane: TestLane, slot: UInt64, fee: FeeTerms? = nil) throws -> Attempt {
    let terms = try fee ?? rail.fee(for: purpose, account: lane.address)
    let request = TransactionRequest(account: lane.address, slot: slot, purpose: purpose, fee: terms)
    let unsigned = try codec.prepare(request)
    let signed = try codec.assemble(unsigned.bytes, try lane.signature(unsigned.signingHash))
    return Attempt(request: request, unsigned: unsigned, signed: signed)
  }

  func question(_ attempts: [Attempt], asset: AssetID = TestDesk.native) throws -> SlotQuestion {
    let first = try #require(attempts.first)
    var payees: [Payee] = []
    for attempt in attempts { if case .pay(_, let list) = attempt.request.purpose { payees = list } }
    return SlotQuestion(
      batch: BatchID(1), account: first.request.account, slot: first.request.slot, asset: asset, payees: payees,
      members: attempts.map(\.member))
  }

  func statements(_ attempts: [Attempt], asset: AssetID = TestDesk.native) throws -> [Statement] {
    rail.statements([try question(attempts, asset: asset)])[0]
  }

  func evidence(_ attempts: [Attempt], asset: AssetID = TestDesk.native) throws -> Evidence? {
    rail.quorum.evidence(in: try statements(attempts, asset: asset))
  }

  /// Hands an attempt to the nodes; at least one must take it.
  func submit(_ attempts: [Attempt]) throws {
    for (attempt, answers) in zip(attempts, rail.submit(attempts.map(\.signed))) {
      try #require(answers.contains { $0.taken }, "slot \(attempt.request.slot): \(answers.map(\.text))")
    }
  }
}

/// Recipients that nobody has paid before, distinct by `salt`.
func payees(_ count: Int, salt: String, units: UInt256 = UInt256(1_000)) -> [Payee] {
  (0..<count).map { index in
    let hash = Keccak.hash256(Array("\(salt) \(index)".utf8))
    return Payee(
      payout: PayoutID(Int64(index)), address: Address(EVMAddress(lastBytesOf: hash).bytes), units: units)
  }
}
