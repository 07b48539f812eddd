/// Which functions the deposit module has. Source: specification of the operator tools, 5.7.
package enum DepositABI: String, CaseIterable, Sendable {
  /// checkClientFund and its like: the stub of the original, as on EVM chains.
  case legacyCamel = "legacy-camel"
  /// check_client_fund and its like: dVRF 3.0 on Supra L1.
  case l1v3 = "l1-v3"
}

/// What `min_balance_reached` is taken to mean.
package enum BalanceMeaning: String, CaseIterable, Sendable {
  /// As the contract means it: true says that the balance is at or below the minimum, which is bad.
  case chain
  /// As the original tools took it: true is good.
  case legacy

  /// Whether the flag lets requests through.
  package func isGood(_ reached: Bool) -> Bool {
    switch self {
    case .chain: !reached
    case .legacy: reached
    }
  }
}

/// Where the report looks, and by what it judges.
package struct MonitorSettings: Hashable, Sendable {
  /// Packages and accounts, as they were written: they are shown again like that.
  package struct Addresses: Hashable, Sendable {
    package let lottery: String
    package let hub: String
    package let factory: String
    package let deposit: String
    package let client: String

    /// What is nil is the lottery's.
    package init(lottery: String, hub: String? = nil, factory: String? = nil, deposit: String, client: String? = nil) {
      self.lottery = lottery
      self.hub = hub ?? lottery
      self.factory = factory ?? lottery
      self.deposit = deposit
      self.client = client ?? lottery
    }
  }

  /// How the calculation comes to its terms.
  package enum Terms: Hashable, Sendable {
    case given(DepositCalculation.Terms)
    /// The fee that the deposit module has for the client.
    case fromChain
  }

  package let profile: String
  package let addresses: Addresses
  package let terms: Terms
  package let margin: DepositMargin
  package let window: UInt64
  /// Nil for every lottery of the hub.
  package let lotteryIDs: [UInt64]?
  package let modules: ModuleNames
  package let abi: DepositABI
  package let meaning: BalanceMeaning

  package init(
    profile: String, addresses: Addresses, terms: Terms, margin: DepositMargin = .standard,
    window: UInt64 = DepositCalculation.standardWindow, lotteryIDs: [UInt64]? = nil, modules: ModuleNames = .v1,
    abi: DepositABI = .legacyCamel, meaning: BalanceMeaning = .chain
  ) {
    self.profile = profile
    self.addresses = addresses
    self.terms = terms
    self.margin = margin
    self.window = window
    self.lotteryIDs = lotteryIDs
    self.modules = modules
    self.abi = abi
    self.meaning = meaning
  }
}
