import Codecs

/// The views by their place: which package, which module, under the names of this deployment.
struct ViewNames: Sendable {
  private let settings: MonitorSettings

  init(_ settings: MonitorSettings) { self.settings = settings }

  func hub(_ view: String, _ id: UInt64? = nil) -> MoveCall { call(settings.addresses.hub, "hub", view, id) }

  func factory(_ view: String, _ id: UInt64) -> MoveCall { call(settings.addresses.factory, "registry", view, id) }

  func lottery(_ module: String, _ view: String, _ id: UInt64? = nil) -> MoveCall {
    call(settings.addresses.lottery, settings.modules[module], view, id)
  }

  /// The single-lottery engine: its views always had the newer name.
  func engine(_ view: String) -> MoveCall { call(settings.addresses.lottery, "core_main_v2", view, nil) }

  /// Every question about the deposit, under the report's words.
  func askDeposit(_ round: inout ViewRound) {
    let client = settings.addresses.client
    switch settings.abi {
    case .legacyCamel:
      round.ask("deposit.balance", deposit("checkClientFund", client))
      round.ask("deposit.min_balance", deposit("checkMinBalanceClient", client))
      round.ask("deposit.min_balance_reached", deposit("isMinimumBalanceReached", client))
      round.ask("deposit.contract_details", deposit("getContractDetails", settings.addresses.lottery))
      round.ask("deposit.subscription_info", deposit("getSubscriptionInfoByClient", client))
      round.ask("deposit.whitelisted_contracts", deposit("listAllWhitelistedContractByClient", client), .list)
      round.ask("deposit.max_gas_price", deposit("checkMaxGasPriceClient", client))
      round.ask("deposit.max_gas_limit", deposit("checkMaxGasLimitClient", client))
    case .l1v3:
      round.ask("deposit.balance", deposit("check_client_fund", client))
      round.ask("deposit.min_balance", deposit("check_min_balance_client_v2", client))
      round.ask("deposit.min_balance_reached", deposit("has_minimum_balance_reached_v2", client))
      round.ask("deposit.active", deposit("is_client_whitelisted_v2", client))
      round.ask("deposit.max_txn_fee", deposit("check_max_txn_fee_client_v2", client))
      round.ask("deposit.remaining_grant", deposit("get_client_remaining_grant", client))
      round.ask("deposit.total_grant", deposit("get_client_total_grant", client))
      round.ask("deposit.modules", deposit("get_client_modules_info", client), .list)
    }
  }

  private func deposit(_ view: String, _ account: String) -> MoveCall {
    MoveCall("\(settings.addresses.deposit)::deposit::\(view)", [ViewNames.account(account)])
  }

  private func call(_ address: String, _ module: String, _ view: String, _ id: UInt64?) -> MoveCall {
    MoveCall("\(address)::\(module)::\(view)", id.map { [.u64($0)] } ?? [])
  }

  /// An account that is only asked about; what is none goes out as text, and the node says so.
  private static func account(_ text: String) -> MoveValue {
    (try? MoveAddress(shortened: text)).map { .address($0) } ?? .string(text)
  }
}
