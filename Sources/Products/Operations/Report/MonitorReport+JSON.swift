import Chains
package import Codecs

extension MonitorReport {
  /// The report as one object. Names and order are those of the original; what a chain adds comes last.
  package var json: JSON {
    var object = ReportObject()
    object.add("timestamp", .string(timestamp))
    object.add("profile", .string(settings.profile))
    object.add(
      "addresses",
      [
        "lottery": .string(settings.addresses.lottery), "hub": .string(settings.addresses.hub),
        "factory": .string(settings.addresses.factory), "deposit": .string(settings.addresses.deposit),
        "client": .string(settings.addresses.client),
      ])
    object.add("calculation", calculation.json)
    object.add(
      "hub",
      [
        "lottery_count": hub.lotteryCount, "next_lottery_id": hub.nextLotteryID,
        "callback_sender": hub.callbackSender,
        "configured_lottery_ids": .array(hub.configuredIDs.map { .integer($0) }),
      ])
    object.add("lotteries", .array(lotteries.map(\.json)))
    for module in modules {
      object.add(module.name, ["initialized": .bool(module.isInitialized), "lotteries": .array(module.lotteries)])
    }
    object.add("deposit", depositJSON)
    object.add(
      "treasury",
      [
        "jackpot_balance": treasury.jackpotBalance, "token_balance": treasury.tokenBalance,
        "total_supply": treasury.totalSupply, "metadata": treasury.metadata,
      ])
    if !problems.isEmpty { object.add("degraded", .array(problems.map(\.json))) }
    return object.json
  }

  private var depositJSON: JSON {
    var object = ReportObject()
    object.add("balance", deposit.balance)
    object.add("min_balance", deposit.minBalance)
    object.add("min_balance_reached", .bool(deposit.isMinimumReached))
    object.add("contract_details", deposit.contractDetails)
    object.add("subscription_info", deposit.subscriptionInfo)
    object.add("whitelisted_contracts", deposit.whitelistedContracts)
    object.add("max_gas_price", deposit.maxGasPrice)
    object.add("max_gas_limit", deposit.maxGasLimit)
    if let fee = deposit.maxTxnFee { object.add("max_txn_fee", fee) }
    if settings.meaning == .chain { object.add("min_balance_ok", .bool(isMinimumGood)) }
    return object.json
  }
}

extension MonitorReport.Lottery {
  var json: JSON {
    var object = ReportObject()
    object.add("lottery_id", .integer(id))
    object.add("registration", registration)
    object.add("factory", factory)
    object.add("instance", instance)
    object.add("stats", stats)
    object.add("round", ["snapshot": snapshot, "pending_request_id": pendingRequestID])
    object.add("treasury", ["config": treasuryConfig, "pool": treasuryPool])
    object.add("metadata", metadata)
    object.add("latest_history", latestHistory)
    return object.json
  }
}

extension MonitorReport.Problem {
  var json: JSON {
    [
      "path": .string(path), "code": .string(error.code.rawValue), "message": .string(error.message),
    ]
  }
}
