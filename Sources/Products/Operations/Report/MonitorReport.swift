package import Chains
package import Codecs
package import Money

/// Everything that the tools say about a deposit and its lotteries. Its faces are JSON, text, chat and metrics.
///
/// Values of the chain stay as the chain wrote them; what the tools judge by is typed beside them.
/// Source: specification of the operator tools, 1.2.
package struct MonitorReport: Equatable, Sendable {
  package struct Hub: Equatable, Sendable {
    package var lotteryCount: JSON = .null
    package var nextLotteryID: JSON = .null
    package var callbackSender: JSON = .null
    package var configuredIDs: [UInt64] = []
  }

  package struct Lottery: Equatable, Sendable {
    package let id: UInt64
    package var registration: JSON = .null
    package var factory: JSON = .null
    package var instance: JSON = .null
    package var stats: JSON = .null
    package var snapshot: JSON = .null
    package var pendingRequestID: JSON = .null
    package var treasuryConfig: JSON = .null
    package var treasuryPool: JSON = .null
    package var metadata: JSON = .null
    package var latestHistory: JSON = .null
  }

  /// One module's lotteries, each an object with its id first.
  package struct Module: Equatable, Sendable {
    package let name: String
    package var isInitialized = false
    package var lotteries: [JSON] = []
  }

  package struct Deposit: Equatable, Sendable {
    package var balance: JSON = .null
    package var minBalance: JSON = .null
    /// The contract's flag, as it is; what it means is `MonitorSettings.meaning`.
    package var isMinimumReached = false
    package var contractDetails: JSON = .null
    package var subscriptionInfo: JSON = .null
    package var whitelistedContracts: JSON = []
    package var maxGasPrice: JSON = .null
    package var maxGasLimit: JSON = .null
    /// Only of dVRF 3.0.
    package var maxTxnFee: JSON?
  }

  package struct Treasury: Equatable, Sendable {
    package var jackpotBalance: JSON = .null
    package var tokenBalance: JSON = .null
    package var totalSupply: JSON = .null
    package var metadata: JSON = .null
  }

  /// A value that could not be read, and why.
  package struct Problem: Equatable, Sendable {
    package let path: String
    package let error: RailError
  }

  /// What the single-lottery engine says about who may take part; read where a deployment has it.
  package struct Core: Equatable, Sendable {
    /// Nil when the deployment has no such view.
    package var whitelist: JSON?
    package var requestConfig: JSON?
  }

  /// ISO 8601, UTC, ending in +00:00.
  package let timestamp: String
  package let settings: MonitorSettings
  package let calculation: DepositCalculation
  package let hub: Hub
  package let lotteries: [Lottery]
  package let modules: [Module]
  package let deposit: Deposit
  package let treasury: Treasury
  package let core: Core
  /// Empty for a whole report.
  package let problems: [Problem]

  package var balance: UInt256? { ViewValue.integer(deposit.balance) }

  /// The minimum that the balance is below, and its size: the calculated one, or that of the contract if it is larger.
  package var shortfall: (name: String, minimum: UInt256)? {
    let onChain = ViewValue.integer(deposit.minBalance)
    let calculated = calculation.minBalance.value
    let isOnChain = onChain.map { $0 > calculated } ?? false
    let minimum = isOnChain ? onChain ?? calculated : calculated
    guard let balance, balance < minimum else { return nil }
    return (isOnChain ? "deposit.min_balance" : "calculation.min_balance", minimum)
  }

  /// Whether the deposit is low by the calculated minimum alone, as the original's signs show it.
  package var isBelowCalculated: Bool { balance.map { $0 < calculation.minBalance.value } ?? true }

  /// Whether the contract lets requests through.
  package var isMinimumGood: Bool { settings.meaning.isGood(deposit.isMinimumReached) }

  /// The first registered lottery that is active, or the first.
  package var primary: Lottery? {
    lotteries.first { $0.registration["active"].map(ViewValue.boolean) ?? false } ?? lotteries.first
  }

  /// Who may call back with randomness: the list of the engine, or what the deposit module lists.
  package var aggregators: [String] {
    guard let whitelist = core.whitelist, whitelist.object != nil else {
      return ViewValue.texts(deposit.whitelistedContracts)
    }
    return (whitelist["aggregator"].map(ViewForm.option.read)).map(ViewValue.texts) ?? []
  }
}

extension MonitorReport.Lottery {
  package var ticketCount: JSON? { snapshot["ticket_count"].flatMap { $0.isNull ? nil : $0 } }
  package var isScheduled: Bool { snapshot["draw_scheduled"].map(ViewValue.boolean) ?? false }
  package var hasPendingRequest: Bool {
    (snapshot["has_pending_request"].map(ViewValue.boolean) ?? false) || !openRequest.isNull
  }
  /// The id of the open request, or null: of the view alone, or of the snapshot.
  package var openRequest: JSON {
    if !pendingRequestID.isNull, pendingRequestID["error"] == nil { return pendingRequestID }
    guard let inside = snapshot["pending_request_id"] else { return .null }
    guard let list = inside.array else { return inside }
    return list.first ?? .null
  }
}
