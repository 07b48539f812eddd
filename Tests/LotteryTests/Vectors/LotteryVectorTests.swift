import Codecs
import Lottery
import Money
import TestSupport
import Testing

/// Bytes and decisions of the original engine, computed independently of ours.
@Suite("Vectors: lottery")
struct LotteryVectorTests {
  static let files = VectorFileName.allCases.filter { $0.parts.contains(.lottery) }

  @Test(arguments: files)
  func `every case of a file is what the original engine did`(file: VectorFileName) throws {
    let folder = VectorFolder.current
    guard folder.contains(file) else { return }
    let report = LotteryVectorTests.check(file, try folder.bytes(of: file))
    print(report.line)
    #expect(report.failures == [], "\(file)")
  }

  /// Gives every file of this part its check. No `default`: a new file has to be given one too.
  static func check(_ name: VectorFileName, _ bytes: [UInt8]) -> VectorReport {
    var file = VectorFile(name, part: .lottery, bytes: bytes)
    switch name {
    case .lotteryConfig: configs(&file)
    case .lotteryEconomics: economics(&file)
    case .lotteryEvents: events(&file)
    case .lotteryCaps: caps(&file)
    case .lotterySales: sales(&file)
    case .lotterySnapshots: snapshots(&file)
    case .lotteryPayloads: payloads(&file)
    case .lotteryRetries: retries(&file)
    case .lotteryWinners: winners(&file)
    case .lotteryBots: bots(&file)
    case .lotteryPrices: prices(&file)
    case .lotteryDeposits: deposits(&file)
    case .lotterySummaries: summaries(&file)
    case .backfillDryRun: backfills(&file)
    case .viewCases: viewCases(&file)
    case .viewFields: viewFields(&file)
    case .supraEncodings: encodings(&file)
    case .opsCalculations: calculations(&file)
    case .opsReports: reports(&file)
    case .opsMetrics: metrics(&file)
    case .opsMessages: messages(&file)
    case .opsReadiness: readiness(&file)
    case .opsManualDraws: manualDraws(&file)
    case .opsAutoDraws: autoDraws(&file)
    case .opsTransactions: configurations(&file)
    case .opsChecks: checks(&file)
    case .opsCalls: operatorCalls(&file)
    case .keccak256, .abi, .contractAddress, .eip191, .eip55, .eip712, .erc20, .merkleIndexed, .merkleOpenZeppelin,
      .rlp, .transactionsEIP1559, .transactionsEIP2930, .transactionsLegacy, .transactionsInvalid, .hsmECDSA, .keys,
      .keystore, .vrf, .beacons, .publicRounds, .curveHashes, .curvePoints, .pairings,
      .supraAddresses, .supraBCS, .supraKeys, .supraTransactions,
      .walletSpillover, .walletUnilevel, .walletClosure, .bonusDistribution, .bonusPipeline, .bonusClosing,
      .bonusRetry, .hashDamWire, .mblockWire, .inboundSignature, .payloadHash, .walletMasking, .walletPermissions,
      .pointWallet, .withdrawalWorkflow, .withdrawalAPI, .riskRules, .walletRetry, .walletService, .miningService,
      .orderKeys, .orderAPI, .commerceOrders, .organizationKPI, .kpiAccess, .challengeCalls, .passwords,
      .oneTimeCodes, .recoveryCodes:
      break
    }
    return file.finish()
  }

  @Test func `a file with another expectation fails`() {
    let file =
      #"{"cases":[{"amount":"100","sales_distribution":[10000,0,0,0],"expected":{"prize":"99","jackpot":"0","operations":"0","reserve":"0","allocated_delta":"100"}}],"sale_overflow":[]}"#
    #expect(LotteryVectorTests.check(.lotteryEconomics, Array(file.utf8)).failures.count == 1)
  }
}

extension VectorNode {
  /// A number, written as one or as decimal text.
  func uint64() throws(VectorFailure) -> UInt64 {
    if let text = try? text() {
      guard let number = UInt64(text) else { throw VectorFailure("\(path) is no number") }
      return number
    }
    return UInt64(try count())
  }

  func uint16() throws(VectorFailure) -> UInt16 { UInt16(truncatingIfNeeded: try uint64()) }
  func uint8() throws(VectorFailure) -> UInt8 { UInt8(truncatingIfNeeded: try uint64()) }

  func hash() throws(VectorFailure) -> Hash32 {
    guard let hash = Hash32(try bytes()) else { throw VectorFailure("\(path) is no digest") }
    return hash
  }

  func address() throws(VectorFailure) -> LotteryAddress { LotteryAddress(try hash()) }

  func uint256() throws(VectorFailure) -> UInt256 {
    let text = try text()
    do { return try UInt256(decimal: text) } catch { throw VectorFailure("\(path): \(error)") }
  }

  /// Four shares, as a list.
  func distribution() throws -> SalesDistribution {
    let shares = try list()
    guard shares.count == 4 else { throw VectorFailure("\(path) has \(shares.count) shares") }
    return try SalesDistribution(
      prizeBps: try shares[0].uint16(), jackpotBps: try shares[1].uint16(), operationsBps: try shares[2].uint16(),
      reserveBps: try shares[3].uint16())
  }
}

extension VectorChecks {
  /// `ok`, or the name of the error by which the original refuses.
  func outcome(_ expected: String, _ what: String, _ body: () throws(LotteryError) -> Void) {
    do throws(LotteryError) {
      try body()
      equal("ok", expected, what)
    } catch {
      equal(error.code.name(in: .v1), expected, what)
    }
  }
}
