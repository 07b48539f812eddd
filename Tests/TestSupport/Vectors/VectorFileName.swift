/// Every file of golden vectors that some suite knows how to check, by its path inside the folder of vectors.
///
/// Suites switch over these cases without `default`, so a file that nobody checks does not compile.
package enum VectorFileName: String, CaseIterable, Sendable, CustomStringConvertible {
  case keccak256 = "chains/keccak/keccak256.json"
  case abi = "chains/evm/abi.json"
  case contractAddress = "chains/evm/contract_address.json"
  case eip191 = "chains/evm/eip191.json"
  case eip55 = "chains/evm/eip55.json"
  case eip712 = "chains/evm/eip712.json"
  case erc20 = "chains/evm/erc20.json"
  case hsmECDSA = "chains/evm/hsm_ecdsa.json"
  case keys = "chains/evm/keys.json"
  case merkleIndexed = "chains/evm/merkle_index_account_amount.json"
  case merkleOpenZeppelin = "chains/evm/merkle_openzeppelin.json"
  case rlp = "chains/evm/rlp.json"
  case transactionsEIP1559 = "chains/evm/tx_eip1559.json"
  case transactionsEIP2930 = "chains/evm/tx_eip2930.json"
  case transactionsInvalid = "chains/evm/tx_invalid.json"
  case transactionsLegacy = "chains/evm/tx_legacy.json"
  case keystore = "keystore/web3_secret_storage.json"
  case lotteryConfig = "lottery/config_bcs.json"
  case lotteryEconomics = "lottery/economics_split.json"
  case lotteryEvents = "lottery/event_bcs.json"
  case lotteryCaps = "lottery/payout_caps.json"
  case lotterySales = "lottery/sales_rate_limits.json"
  case lotterySnapshots = "lottery/snapshot_hash.json"
  case lotteryPayloads = "lottery/vrf_payload.json"
  case lotteryRetries = "lottery/vrf_retry_schedule.json"
  case lotteryWinners = "lottery/winner_derivation.json"
  case lotteryBots = "lottery/automation_hashes.json"
  case lotteryPrices = "lottery/price_feed.json"
  case lotteryDeposits = "lottery/vrf_deposit.json"
  case lotterySummaries = "lottery/summary_bcs.json"
  case supraAddresses = "chains/supra/addresses.json"
  case supraBCS = "chains/supra/bcs.json"
  case supraKeys = "chains/supra/keys.json"
  case supraTransactions = "chains/supra/transactions.json"
  case supraEncodings = "ops/chain_tx.json"
  case opsCalculations = "ops/calc_min_balance.json"
  case opsReports = "ops/monitor_report.json"
  case opsMetrics = "ops/prometheus.json"
  case opsMessages = "ops/slack.json"
  case opsReadiness = "ops/draw_readiness.json"
  case opsManualDraws = "ops/manual_draw.json"
  case opsAutoDraws = "ops/auto_draw.json"
  case opsTransactions = "ops/tx_commands.json"
  case opsChecks = "ops/monitor_check.json"
  case opsCalls = "ops/chain_calls.json"
  case backfillDryRun = "ops/backfill_dry_run.json"
  case viewCases = "ops/view_schema_cases.json"
  case viewFields = "ops/view_schema_fields.json"
  case vrf = "chains/vrf/ecvrf_edwards25519_sha512_tai.json"
  case beacons = "chains/vrf/drand_beacons.json"
  case publicRounds = "drand/public_rounds.json"
  case curveHashes = "curves/hash_to_curve.json"
  case curvePoints = "curves/points.json"
  case pairings = "curves/pairings.json"
  case walletSpillover = "wallet-mining/binary_spillover.json"
  case walletUnilevel = "wallet-mining/unilevel_placement.json"
  case walletClosure = "wallet-mining/organization_closure.json"
  case bonusDistribution = "wallet-mining/bonus_distribution.json"
  case bonusPipeline = "wallet-mining/bonus_pipeline.json"
  case bonusClosing = "wallet-mining/bonus_closing.json"
  case bonusRetry = "wallet-mining/bonus_retry.json"
  case hashDamWire = "wallet-mining/hashdam_wire.json"
  case mblockWire = "wallet-mining/mblock_wire.json"
  case inboundSignature = "wallet-mining/inbound_signature.json"
  case payloadHash = "wallet-mining/payload_hash.json"
  case walletMasking = "wallet-mining/masking.json"
  case walletPermissions = "wallet-mining/permissions.json"
  case pointWallet = "wallet-mining/point_wallet.json"
  case withdrawalWorkflow = "wallet-mining/withdrawal_workflow.json"
  case withdrawalAPI = "wallet-mining/withdrawal_api.json"
  case riskRules = "wallet-mining/risk_rules.json"
  case walletRetry = "wallet-mining/retry.json"
  case walletService = "wallet-mining/wallet_service.json"
  case miningService = "wallet-mining/mining_service.json"
  case orderKeys = "wallet-mining/idempotency.json"
  case orderAPI = "wallet-mining/order_api.json"
  case commerceOrders = "wallet-mining/commerce_orders.json"
  case organizationKPI = "wallet-mining/organization_kpi.json"
  case kpiAccess = "wallet-mining/kpi_access.json"
  case challengeCalls = "wallet-mining/turnstile_webhook.json"
  case passwords = "wallet-mining/passwords.json"
  case oneTimeCodes = "wallet-mining/totp.json"
  case recoveryCodes = "wallet-mining/two_factor.json"

  /// As printed: `evm/rlp.json`.
  package var description: String {
    rawValue.hasPrefix("chains/") ? String(rawValue.dropFirst("chains/".count)) : rawValue
  }

  /// Families of the wider set that this release has no code for. Their files are listed, and are no failure;
  /// a file anywhere else that nobody checks is one.
  package static let familiesWithoutCode = [
    "chains/solana/", "chains/ton/", "chains/vrf/ecvrf_edwards25519_sha512_ell2.json", "ops/",
    "wallet-mining/auth_api.json",
  ]

  /// Keys that only a signer can check, because they need the curve; paths as `VectorNode.path` prints them.
  /// They are left to the suite that runs with `VectorPart.signing`.
  package var signingKeys: Set<String> {
    switch self {
    case .transactionsEIP1559, .transactionsEIP2930, .transactionsLegacy, .erc20, .transactionsInvalid:
      ["label", "privateKey", "from"]
    case .eip191: ["privateKey", "address", "signature"]
    case .eip712: ["privateKey", "signature"]
    case .hsmECDSA, .keys, .keystore, .vrf, .keccak256, .abi, .contractAddress, .eip55, .merkleIndexed,
      .merkleOpenZeppelin, .rlp, .beacons, .publicRounds, .curveHashes, .curvePoints, .pairings, .lotteryConfig,
      .lotteryEconomics, .lotteryEvents, .lotteryCaps, .lotterySales, .lotterySnapshots,
      .lotteryPayloads, .lotteryRetries, .lotteryWinners, .lotteryBots, .lotteryPrices,
      .lotteryDeposits, .lotterySummaries, .backfillDryRun, .viewCases, .viewFields,
      .supraAddresses, .supraBCS, .supraKeys, .supraTransactions, .supraEncodings,
      .opsCalculations, .opsReports, .opsMetrics, .opsMessages, .opsReadiness, .opsManualDraws, .opsAutoDraws,
      .opsTransactions, .opsChecks, .opsCalls,
      .walletSpillover, .walletUnilevel, .walletClosure, .bonusDistribution, .bonusPipeline, .bonusClosing,
      .bonusRetry, .hashDamWire, .mblockWire, .inboundSignature, .payloadHash, .walletMasking, .walletPermissions,
      .pointWallet, .withdrawalWorkflow, .withdrawalAPI, .riskRules, .walletRetry, .walletService, .miningService,
      .orderKeys, .orderAPI, .commerceOrders, .organizationKPI, .kpiAccess, .challengeCalls, .passwords,
      .oneTimeCodes, .recoveryCodes:
      []
    }
  }

  /// Whose verdict the file needs.
  package var parts: Set<VectorPart> {
    switch self {
    case .hsmECDSA, .keys, .keystore, .vrf: [.signing]
    case .transactionsEIP1559, .transactionsEIP2930, .transactionsLegacy, .erc20, .transactionsInvalid, .eip191,
      .eip712:
      [.codecs, .signing]
    case .keccak256, .abi, .contractAddress, .eip55, .merkleIndexed, .merkleOpenZeppelin, .rlp, .beacons, .publicRounds,
      .curveHashes, .curvePoints, .pairings,
      .supraAddresses, .supraBCS, .supraKeys, .supraTransactions:
      [.codecs]
    case .lotteryConfig, .lotteryEconomics, .lotteryEvents, .lotteryCaps, .lotterySales, .lotterySnapshots,
      .lotteryPayloads, .lotteryRetries, .lotteryWinners, .lotteryBots, .lotteryPrices,
      .lotteryDeposits, .lotterySummaries, .backfillDryRun, .viewCases, .viewFields,
      .opsCalculations, .opsReports, .opsMetrics, .opsMessages, .opsReadiness, .opsManualDraws, .opsAutoDraws,
      .opsTransactions, .opsChecks, .opsCalls, .supraEncodings:
      [.lottery]
    case .walletSpillover, .walletUnilevel, .walletClosure, .bonusDistribution, .bonusPipeline, .bonusClosing,
      .bonusRetry, .hashDamWire, .mblockWire, .inboundSignature, .payloadHash, .walletMasking, .walletPermissions,
      .pointWallet, .withdrawalWorkflow, .withdrawalAPI, .riskRules, .walletRetry, .walletService, .miningService,
      .orderKeys, .orderAPI, .commerceOrders, .organizationKPI, .kpiAccess, .challengeCalls:
      [.wallet]
    case .passwords, .oneTimeCodes, .recoveryCodes: [.people]
    }
  }
}

/// Which half of a file a suite answers for. Together the halves of a file are all of its keys.
package enum VectorPart: String, CaseIterable, Sendable {
  /// Everything but the curve: every key except `signingKeys`.
  case codecs
  /// What private keys make; in a file of both parts, at least every key of `signingKeys`.
  case signing
  /// The lottery engine; its files are one part, and carry no notes.
  case lottery
  /// The wallet product and the custodians' wires: Tests/WalletTests says which suite runs which file.
  case wallet
  /// Passwords, one-time codes and recovery codes of people: Tests/KeysTests.
  case people
}
