import Chains
import Codecs
import Money
import SimulatedChain
import Signing
import Synchronization

/// A clock that stands until it is moved.
final class HandClock: Sendable {
  private let at = Mutex<Int64>(1_000_000)
  var now: Timestamp { Timestamp(milliseconds: at.withLock { $0 }) }
  func move(_ milliseconds: Int64) { at.withLock { $0 += milliseconds } }
}

/// One lane on a chain whose blocks come when asked for.
struct ChainWorld {
  let chain: SimulatedChain
  let key = SimulatedKey(seed: 7)
  let codec: SimulatedCodec
  let clock = HandClock()
  let native = AssetID(chain: "sim:1", token: nil)
  let token = AssetID(chain: "sim:1", token: "0x00000000000000000000000000000000000000aa")

  init(faults: any FaultSource = NoFaults(), _ change: (inout ChainSettings) -> Void = { _ in }) throws {
    var settings = ChainSettings()
    settings.pace = .manual
    change(&settings)
    let clock = clock
    codec = SimulatedCodec(chain: settings.chain)
    chain = SimulatedChain(
      settings, faults: faults, clock: { clock.now }, recover: SimulatedKey.recovery([key]))
    try chain.credit(UInt256(limbs: (0, 1, 0, 0)), of: native, to: key.account)
    try chain.credit(UInt256(1_000_000), of: token, to: key.account)
  }

  static func person(_ number: UInt8) -> Address { Address(Array(repeating: 0, count: 19) + [number]) }

  func payees(_ numbers: [UInt8], units: UInt64 = 100) -> [Payee] {
    numbers.map { Payee(payout: PayoutID(Int64($0)), address: ChainWorld.person($0), units: UInt256(units)) }
  }

  func pay(_ numbers: [UInt8], of asset: AssetID? = nil) -> Purpose {
    .pay(asset: asset ?? token, payees: payees(numbers))
  }

  func signed(_ purpose: Purpose, slot: UInt64, fee: FeeTerms? = nil) throws -> SignedTransaction {
    let terms = try fee ?? chain.fee(for: purpose, account: key.account)
    let unsigned = try codec.prepare(
      TransactionRequest(account: key.account, slot: slot, purpose: purpose, fee: terms))
    let signatures = try key.sign([unsigned.signingHash])
    return try codec.assemble(unsigned.bytes, signatures[0])
  }

  func question(
    _ slot: UInt64, _ numbers: [UInt8], _ members: [(AttemptKind, SignedTransaction)], of asset: AssetID? = nil
  ) throws -> SlotQuestion {
    SlotQuestion(
      batch: BatchID(1), account: key.account, slot: slot, asset: asset ?? token, payees: payees(numbers),
      members: try members.map { kind, signed in
        SlotQuestion.Member(
          kind: kind, signingHash: try codec.disassemble(signed.bytes).unsigned.signingHash, hash: signed.hash)
      })
  }

  func evidence(
    _ slot: UInt64, _ numbers: [UInt8], _ members: [(AttemptKind, SignedTransaction)]
  ) throws -> Evidence? {
    chain.quorum.evidence(in: chain.statements([try question(slot, numbers, members)])[0])
  }

  func received(_ number: UInt8, of asset: AssetID? = nil) throws -> Received {
    try chain.received(asset ?? token, by: [ChainWorld.person(number)])[0]
  }
}
