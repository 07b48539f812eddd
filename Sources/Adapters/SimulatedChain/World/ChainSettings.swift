package import Chains
import Codecs
package import Money

/// How a simulated chain is laid out. Nothing of it changes while it runs.
package struct ChainSettings: Sendable {
  /// When blocks come.
  package enum Pace: Hashable, Sendable {
    /// One block every so many milliseconds of the clock.
    case every(milliseconds: Int64)
    /// So many blocks each time somebody asks about slots: as fast as the engine goes, for benches.
    case eachLook(blocks: Int)
    /// Only when `mine` is called.
    case manual
  }

  package var chain = ChainID(.simulated, 1)
  package var seed: UInt64 = 1
  package var pace = Pace.every(milliseconds: 1_000)
  /// Blocks on top of a block until it is final; a reorg replaces at most this many.
  package var finalityDepth: UInt64 = 3
  package var endpoints = 3
  /// Nil is the majority.
  package var quorumSize: Int?
  /// How many endpoints may lie at once; below the quorum, or nothing can be known.
  package var mostLiars = 1
  /// Most payees of one transaction.
  package var mostPayees = 200
  package var mostTransactionsPerBlock = 100
  /// Native units for one unit of work.
  package var basePrice = UInt256(1_000_000_000)
  /// Whether a token is paid through the batch contract, which needs an allowance first.
  package var needsAllowance = false

  package init() {}
}

/// What a recipient does to a payment.
package enum PayeeBehavior: Hashable, Sendable {
  /// Refuses: the whole transaction reverts.
  case rejects
  /// The token says no, and nothing moves; the transaction succeeds.
  case withoutEffect
  /// The token keeps so many percent.
  case feeOnTransfer(percent: UInt64)
}

/// The cost of transactions on the simulated chain.
enum SimulatedFees {
  static let tip = UInt256(100_000_000)
  static let bumpPercent: UInt64 = 10

  /// Work that a transaction does.
  static func work(payees: Int) -> UInt64 { 21_000 + 9_000 * UInt64(clamping: payees) }

  /// Work that a transaction may do: a third more.
  static func limit(payees: Int) -> UInt64 { work(payees: payees) / 3 * 4 }

  static func payees(_ purpose: Purpose) -> Int {
    if case .pay(_, let payees) = purpose { payees.count } else { 1 }
  }
}
