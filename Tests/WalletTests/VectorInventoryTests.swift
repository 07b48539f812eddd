import Foundation
import TestSupport
import Testing

@Suite("Vectors: which suite runs which file")
struct VectorInventoryTests {
  /// The source that runs a file; nil for a file that is none of the wallet's. No `default`: a new file needs its suite.
  private static func suite(of file: VectorFileName) -> String? {
    switch file {
    case .walletSpillover, .walletUnilevel, .walletClosure: "WalletTests/OrganizationVectorTests.swift"
    case .bonusDistribution, .bonusPipeline: "WalletTests/BonusVectorTests.swift"
    case .bonusClosing, .bonusRetry, .walletRetry: "WalletTests/ClosingVectorTests.swift"
    case .hashDamWire, .mblockWire: "WalletTests/CustodialWireVectorTests.swift"
    case .inboundSignature, .payloadHash, .walletMasking, .walletPermissions:
      "WalletTests/PeopleAndOrderVectorTests.swift"
    case .pointWallet, .withdrawalWorkflow: "WalletTests/PointVectorTests.swift"
    case .withdrawalAPI, .orderKeys, .orderAPI: "WalletTests/RouteVectorTests.swift"
    case .riskRules, .commerceOrders, .challengeCalls: "WalletTests/RiskVectorTests.swift"
    case .walletService, .miningService: "WalletTests/ServiceVectorTests.swift"
    case .organizationKPI, .kpiAccess: "WalletTests/KPIVectorTests.swift"
    case .passwords, .oneTimeCodes, .recoveryCodes: "KeysTests/People/PeopleVectorTests.swift"
    case .keccak256, .abi, .contractAddress, .eip191, .eip55, .eip712, .erc20, .merkleIndexed, .merkleOpenZeppelin,
      .rlp, .transactionsEIP1559, .transactionsEIP2930, .transactionsLegacy, .transactionsInvalid, .hsmECDSA, .keys,
      .keystore, .vrf, .beacons, .publicRounds, .curveHashes, .curvePoints, .pairings, .lotteryConfig,
      .lotteryEconomics, .lotteryEvents, .lotteryCaps, .lotterySales, .lotterySnapshots, .lotteryPayloads,
      .lotteryRetries, .lotteryWinners, .lotteryBots, .lotteryPrices, .lotteryDeposits, .lotterySummaries,
      .backfillDryRun, .viewCases, .viewFields, .supraAddresses, .supraBCS, .supraKeys, .supraTransactions,
      .supraEncodings, .opsCalculations, .opsReports, .opsMetrics, .opsMessages, .opsReadiness, .opsManualDraws,
      .opsAutoDraws, .opsTransactions, .opsChecks, .opsCalls:
      nil
    }
  }

  @Test(arguments: VectorFileName.allCases)
  func `every file of the wallet is read by the suite that is named for it`(file: VectorFileName) throws {
    let isWallets = !file.parts.isDisjoint(with: [.wallet, .people])
    #expect((Self.suite(of: file) != nil) == isWallets)
    guard let suite = Self.suite(of: file) else { return }
    let source = try String(contentsOfFile: VectorFolder.repositoryPath + "/Tests/" + suite, encoding: .utf8)
    let name = try #require(file.rawValue.split(separator: "/").last?.dropLast(".json".count))
    #expect(source.contains("\"\(name)\""), "\(suite) does not read \(name)")
  }
}
