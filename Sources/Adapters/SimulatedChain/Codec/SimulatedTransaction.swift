import Chains
import Codecs
import Money

/// One transaction as the chain reads it out of bytes.
struct SimulatedTransaction {
  static let tag: StaticString = "almoner/sim-tx/1"

  enum Mark: UInt8 { case pay = 1, void, allowance, deploy }

  /// One payee's part.
  struct Leg {
    let to: EVMAddress
    let units: UInt256
  }

  enum Action {
    /// Nil is the native coin.
    case pay(token: EVMAddress?, legs: [Leg])
    case void
    case allowance(token: EVMAddress, spender: EVMAddress, units: UInt256)
    case deploy(code: [UInt8])
    /// Made by the account's key elsewhere; the chain knows it, we do not.
    case stranger
  }

  let account: EVMAddress
  let slot: UInt64
  let fee: FeeTerms
  let action: Action

  init(account: EVMAddress, slot: UInt64, fee: FeeTerms, action: Action) {
    self.account = account
    self.slot = slot
    self.fee = fee
    self.action = action
  }

  /// Throws for anything but the one form that `SimulatedCodec.prepare` gives.
  init(reading unsigned: [UInt8], chain: ChainID) throws(CanonicalBytesError) {
    guard unsigned.count <= SimulatedCodec.mostBytes else { throw SimulatedTransaction.bad("too many bytes") }
    var reader = try CanonicalBytes.Reader(unsigned, tag: SimulatedTransaction.tag)
    guard try reader.uint64() == chain.number else { throw SimulatedTransaction.bad("another chain's bytes") }
    account = try reader.address()
    slot = try reader.uint64()
    fee = FeeTerms(limit: try reader.uint64(), price: try reader.uint256(), tip: try reader.uint256())
    switch Mark(rawValue: try reader.uint8()) {
    case .pay: action = try SimulatedTransaction.payment(&reader)
    case .void: action = .void
    case .allowance:
      action = .allowance(
        token: try SimulatedTransaction.token(&reader), spender: try reader.address(), units: try reader.uint256())
    case .deploy: action = .deploy(code: try reader.bytes())
    case nil: throw SimulatedTransaction.bad("an unknown purpose")
    }
    try reader.finish()
  }

  static func isReadable(_ unsigned: [UInt8], chain: ChainID) -> Bool {
    (try? SimulatedTransaction(reading: unsigned, chain: chain)) != nil
  }

  /// Payout numbers are not in bytes: payees carry number 0.
  func request(_ chain: ChainID) -> TransactionRequest {
    TransactionRequest(account: Address(account.bytes), slot: slot, purpose: purpose(chain), fee: fee)
  }

  private func purpose(_ chain: ChainID) -> Purpose {
    func asset(_ token: EVMAddress?) -> AssetID { AssetID(chain: chain.description, token: token?.lowercase) }
    switch action {
    case .pay(let token, let legs):
      return .pay(
        asset: asset(token),
        payees: legs.map { Payee(payout: PayoutID(0), address: Address($0.to.bytes), units: $0.units) })
    case .void, .stranger: return .void
    case .allowance(let token, let spender, let units):
      return .allowance(asset: asset(token), spender: Address(spender.bytes), units: units)
    case .deploy(let code): return .deploy(code: code)
    }
  }

  private static func payment(_ reader: inout CanonicalBytes.Reader) throws(CanonicalBytesError) -> Action {
    let token = try reader.bool() ? try token(&reader) : nil
    let count = try reader.count(elementBytes: 52)
    guard count > 0 else { throw bad("a payment without payees") }
    var legs: [Leg] = []
    legs.reserveCapacity(count)
    for _ in 0..<count {
      let leg = Leg(to: try reader.address(), units: try reader.uint256())
      guard !leg.units.isZero else { throw bad("a payment of nothing") }
      legs.append(leg)
    }
    return .pay(token: token, legs: legs)
  }

  private static func token(_ reader: inout CanonicalBytes.Reader) throws(CanonicalBytesError) -> EVMAddress {
    let token = try reader.address()
    guard token != .zero else { throw bad("a token without address") }
    return token
  }

  private static func bad(_ message: String) -> CanonicalBytesError { CanonicalBytesError(.badValue, message) }
}
