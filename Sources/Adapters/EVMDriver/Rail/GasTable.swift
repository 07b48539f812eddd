import Chains
import Codecs
import Money

/// How much gas the forms of our transactions may need at most.
///
/// Bounds, not estimates: gas that is not used is not paid, while a limit that is too small burns a fee and sends the
/// batch into halving. Numbers of the chain are of Yellow Paper appendix G with EIP-2028, EIP-2929 and EIP-3860.
struct GasTable: Sendable {
  let mostGas: UInt64

  static let transaction: UInt64 = 21_000
  private static let calldataByte: UInt64 = 16
  /// `approve` of any token seen, proxies included, needs under 80,000.
  static let approve: UInt64 = 150_000
  /// Pulling the total into the batch contract, its two looks at the balance, and its own checks.
  private static let batchOpening: UInt64 = 200_000
  /// What the opening takes with a plain token.
  private static let usualOpening: UInt64 = 60_000
  /// `approve` of a plain token.
  static let usualApprove: UInt64 = 47_000
  /// Our loop, and one or two words of calldata.
  private static let batchEntry: UInt64 = 2_000
  /// A native payment inside a batch: value 9,000, cold account 2,600, new account 25,000, our loop.
  private static let nativeEntry: UInt64 = 37_600 + batchEntry
  /// One token transfer when nothing better is known: above what plain tokens need to write a new balance (35,000).
  static let usualTransfer: UInt64 = 45_000
  /// Bounds of what nodes may say a transfer needs.
  static let transferRange: ClosedRange<UInt64> = 30_000...400_000

  /// Most payees for which the limit holds without cutting.
  func mostPayees(native: Bool) -> Int {
    let entry = native ? GasTable.nativeEntry : GasTable.entry(GasTable.usualTransfer)
    let opening = GasTable.transaction + GasTable.batchOpening
    return mostGas > opening ? Int(clamping: (mostGas - opening) / entry) : 0
  }

  /// Gas limit of a payment. `transfer` is what one transfer of the token needs; `toContract` whether the one
  /// recipient of a native payment may run code.
  func pay(count: Int, native: Bool, transfer: UInt64, toContract: Bool) -> UInt64 {
    let count = UInt64(count)
    if count == 1 {
      if native { return GasTable.transaction + (toContract ? BatchContractCode.nativeCallGas : 0) }
      // Twice what was seen, since the state may be another one when the transaction runs.
      return min(mostGas, GasTable.transaction + 20_000 + 68 * GasTable.calldataByte + 2 * transfer)
    }
    let entry = native ? GasTable.nativeEntry + BatchContractCode.nativeCallGas : GasTable.entry(transfer)
    let (all, overflow) = entry.multipliedReportingOverflow(by: count)
    return overflow ? mostGas : min(mostGas, GasTable.transaction + GasTable.batchOpening + min(all, mostGas))
  }

  /// What a payment usually uses: for quotes. A batch saves each payee the 21,000 of a transaction of its own.
  func expected(count: Int, native: Bool, transfer: UInt64) -> UInt64 {
    let count = UInt64(count)
    if count == 1 { return GasTable.transaction + (native ? 0 : 1_100 + transfer) }
    let each = native ? GasTable.nativeEntry : transfer + GasTable.batchEntry / 2
    let (all, overflow) = each.multipliedReportingOverflow(by: count)
    return overflow
      ? mostGas : min(mostGas, GasTable.transaction + (native ? 0 : GasTable.usualOpening) + min(all, mostGas))
  }

  /// Gas limit of a deployment.
  func deploy(bytes: Int) -> UInt64 {
    let size = UInt64(bytes)
    return GasTable.transaction + 32_000 + size * GasTable.calldataByte + (size + 31) / 32 * 2
      + UInt64(BatchContractCode.runtimeSize) * 200 + 10_000
  }

  private static func entry(_ transfer: UInt64) -> UInt64 { transfer + transfer / 2 + batchEntry }
}

/// What nodes said of prices lately, and what one transfer of a token needs.
struct MarketMemory {
  var price: (view: MarketView, at: ContinuousClock.Instant)?
  var transferGas: [EVMAddress: UInt64] = [:]
}

/// Prices of gas in wei.
struct MarketView: Hashable, Sendable {
  /// Of the newest block; zero on chains without EIP-1559.
  let baseFee: UInt256
  let tip: UInt256
  let gasPrice: UInt256
}
