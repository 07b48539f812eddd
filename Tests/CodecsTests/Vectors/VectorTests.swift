import Testing
import TestSupport

/// Golden bytes made by other implementations; `make vectors` runs these and prints their lines.
@Suite("Vectors: codecs")
struct VectorTests {
  static let files = VectorFileName.allCases.filter { $0.parts.contains(.codecs) }

  @Test(arguments: files)
  func `every case of a file has the bytes that other implementations made`(file: VectorFileName) throws {
    let folder = VectorFolder.current
    guard folder.contains(file) else { return }
    let report = VectorTests.check(file, try folder.bytes(of: file))
    print(report.line)
    #expect(report.failures == [], "\(file)")
  }

  @Test func `no file of the folder is without a suite that checks it, and our own folder is complete`() {
    let inventory = VectorFolder.current.inventory()
    for file in inventory.lacking { print("vectors: this set lacks \(file)") }
    for file in inventory.withoutCode { print("vectors: \(file) is of a family without code in this release") }
    #expect(inventory.withoutAssertion == [])
    #expect(inventory.lacking.count < VectorFileName.allCases.count, "the folder holds no vectors at all")
    if VectorFolder.current.isOwn { #expect(inventory.lacking == []) }
  }

  /// Gives every file of this part its check. No `default`: a new file has to be given one too.
  static func check(_ name: VectorFileName, _ bytes: [UInt8]) -> VectorReport {
    var file = VectorFile(name, part: .codecs, bytes: bytes)
    switch name {
    case .keccak256: keccak(&file)
    case .abi: abi(&file)
    case .contractAddress: contractAddress(&file)
    case .eip191: eip191(&file)
    case .eip55: eip55(&file)
    case .eip712: eip712(&file)
    case .erc20: erc20(&file)
    case .merkleIndexed: merkleIndexed(&file)
    case .merkleOpenZeppelin: merkleOpenZeppelin(&file)
    case .rlp: rlp(&file)
    case .transactionsEIP1559, .transactionsEIP2930, .transactionsLegacy: transactions(&file)
    case .transactionsInvalid: transactionsInvalid(&file)
    case .beacons, .publicRounds: beacons(&file)
    case .curveHashes: curveHashes(&file)
    case .curvePoints: curvePoints(&file)
    case .pairings: pairings(&file)
    case .supraAddresses: supraAddresses(&file)
    case .supraBCS: supraBCS(&file)
    case .supraKeys: supraKeys(&file)
    case .supraTransactions: supraTransactions(&file)
    // Only a signer can check these: Tests/KeysTests, Tests/LibrariesTests.
    case .hsmECDSA, .keys, .keystore, .vrf: break
    // Tests/WalletTests, and Tests/KeysTests for people.
    case .walletSpillover, .walletUnilevel, .walletClosure, .bonusDistribution, .bonusPipeline, .bonusClosing,
      .bonusRetry, .hashDamWire, .mblockWire, .inboundSignature, .payloadHash, .walletMasking, .walletPermissions,
      .pointWallet, .withdrawalWorkflow, .withdrawalAPI, .riskRules, .walletRetry, .walletService, .miningService,
      .orderKeys, .orderAPI, .commerceOrders, .organizationKPI, .kpiAccess, .challengeCalls, .passwords,
      .oneTimeCodes, .recoveryCodes:
      break
    // Tests/LotteryTests.
    case .lotteryConfig, .lotteryEconomics, .lotteryEvents, .lotteryCaps, .lotterySales, .lotterySnapshots,
      .lotteryPayloads, .lotteryRetries, .lotteryWinners, .lotteryBots, .lotteryPrices,
      .lotteryDeposits, .lotterySummaries, .backfillDryRun, .viewCases, .viewFields,
      .opsCalculations, .opsReports, .opsMetrics, .opsMessages, .opsReadiness, .opsManualDraws, .opsAutoDraws,
      .opsTransactions, .opsChecks, .opsCalls, .supraEncodings:
      break
    }
    return file.finish()
  }
}
