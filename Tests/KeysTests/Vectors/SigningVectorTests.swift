import Chains
import Codecs
import EVMDriver
import Foundation
import Keys
import Money
import OpenSSL
import Secp256k1
import Signing
import Testing
import TestSupport

/// The half of the golden vectors that needs the curve; `make vectors` runs these and prints their lines.
@Suite("Vectors: signing")
struct SigningVectorTests {
  /// The one of the verifiable random function is checked beside its library: Tests/LibrariesTests.
  static let files = VectorFileName.allCases.filter { $0.parts.contains(.signing) && $0 != .vrf }

  @Test(arguments: files)
  func `every signature, key and account of a file is the one that other implementations made`(
    file: VectorFileName
  ) throws {
    let folder = VectorFolder.current
    guard folder.contains(file) else { return }
    let report = SigningVectorTests.check(file, try folder.bytes(of: file))
    print(report.line)
    #expect(report.failures == [], "\(file)")
  }

  @Test func `a wrong signature in a file is found`() throws {
    let bytes = try VectorFolder(path: VectorFolder.repositoryPath + "/Tests/Vectors", isOwn: true)
      .bytes(of: .eip191)
    let text = String(decoding: bytes, as: UTF8.self)
    let place = try #require(text.range(of: "\"signature\": \"0x8fc7"))
    let broken = text.replacingCharacters(in: place, with: "\"signature\": \"0x8fc8")
    let report = SigningVectorTests.check(.eip191, Array(broken.utf8))
    #expect(report.failures.count == 1)
  }

  /// Gives every file of this part its check. No `default`: a new file has to be given one too.
  static func check(_ name: VectorFileName, _ bytes: [UInt8]) -> VectorReport {
    var file = VectorFile(name, part: .signing, bytes: bytes)
    switch name {
    case .keys: file.each("cases") { node, check in try keyPair(node, check) }
    case .hsmECDSA: hsm(&file)
    case .keystore: file.each("cases") { node, check in try keystore(node, check) }
    case .transactionsEIP1559, .transactionsEIP2930, .transactionsLegacy, .erc20:
      file.each("cases") { node, check in try transaction(node, check) }
    case .transactionsInvalid:
      file.one("valid") { node, check in try transaction(node, check) }
    case .eip191, .eip712: file.each("cases") { node, check in try message(node, check) }
    // No key signs anything in these: Tests/CodecsTests.
    case .keccak256, .abi, .contractAddress, .eip55, .merkleIndexed, .merkleOpenZeppelin, .rlp, .beacons, .publicRounds,
      .curveHashes, .curvePoints, .pairings, .vrf:
      break
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
      .supraAddresses, .supraBCS, .supraKeys, .supraTransactions, .supraEncodings,
      .opsCalculations, .opsReports, .opsMetrics, .opsMessages, .opsReadiness, .opsManualDraws, .opsAutoDraws,
      .opsTransactions, .opsChecks, .opsCalls:
      break
    }
    return file.finish()
  }

  // MARK: -

  private static func keyPair(_ node: VectorNode, _ check: VectorChecks) throws {
    // The key is the SHA-256 of its label.
    let secret = try node("privateKey").bytes()
    check.equal(try SHA256.hash(Array(try node("label").text().utf8)).bytes, secret, "privateKey")
    let publicKey = Curve.shared.publicKey(of: try SecretKey(secret.span))
    let compressed = try node("publicKeyCompressed").bytes()
    check.equal(try Curve.shared.publicKey(parsing: compressed), publicKey, "publicKeyCompressed")
    check.equal(account(publicKey), try node("address").text(), "address")
  }

  private static func hsm(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let digest = try #require(Hash32(try node("digest").bytes()))
      let publicKey = try node("publicKey").bytes()
      let module = try node("moduleSignature").bytes()
      let made = try PKCS11Key.completed(module, digest: digest, publicKey: publicKey)
      let normalized = try node("normalized").bytes()
      check.equal(made.r.bigEndianBytes + made.s.bigEndianBytes, normalized, "normalized")
      check.equal(Int(made.yParity), try node("recoveryId").count(), "recoveryId")
      check.equal(module != normalized, try node("highS").bool(), "highS")
      check.equal(account(publicKey), try node("address").text(), "address")
      check.equal(
        account(try KeyAccount.recover(made, signingHash: digest)), try node("address").text(), "recovered account")
      check.holds(
        Curve.shared.verify(normalized, digest: digest.bytes.span, publicKey: publicKey), "the signature verifies")
    }
    file.each("invalid") { node, check in
      let digest = try #require(Hash32(try node("digest").bytes()))
      let publicKey = try node("publicKey").bytes()
      let module = try node("moduleSignature").bytes()
      check.refused(by: SigningError.self, try node("reason").note(), accepts: { $0.code == .badSignature }) {
        _ = try PKCS11Key.completed(module, digest: digest, publicKey: publicKey)
      }
    }
  }

  private static func keystore(_ node: VectorNode, _ check: VectorChecks) throws {
    let file = try KeystoreFile(parsing: try node("keystore").whole().utf8)
    let password = try SecretBytes(copying: Array(try node("password").text().utf8))
    // Once: it is as slow as it is meant to be.
    let derived = try file.derive(password)
    check.equal(plain(derived), try node("derivedKey").bytes(), "derivedKey")
    check.equal(plain(try file.open(derived: derived)), try node("privateKey").bytes(), "privateKey")
  }

  private static func transaction(_ node: VectorNode, _ check: VectorChecks) throws {
    let digest = try #require(Hash32(try node("signingHash").bytes()))
    let key = try key(node)
    if let label = node.optional("label") {
      check.equal(try SHA256.hash(Array(try label.text().utf8)).bytes, try node("privateKey").bytes(), "label")
    }
    if let from = node.optional("from") { check.equal(account(key.publicKey), try from.text(), "from") }
    let signature = try #require(try key.sign([digest]).first)
    check.equal(signature.r, try #require(UInt256(bigEndian: try node("r").bytes())), "r")
    check.equal(signature.s, try #require(UInt256(bigEndian: try node("s").bytes())), "s")
    let signed = try EVMSignedTransaction(decoding: try node("raw").bytes())
    check.equal(signature.yParity, signed.signature.yParity, "recovery id")
    // The signed bytes, made from our signature.
    let ours = try EVMSignature(r: signature.r, s: signature.s, yParity: signature.yParity)
    check.equal(signed.transaction.raw(ours), try node("raw").bytes(), "raw")
    check.equal(account(try KeyAccount.recover(signature, signingHash: digest)), account(key.publicKey), "signer")
  }

  private static func message(_ node: VectorNode, _ check: VectorChecks) throws {
    let digest = try #require(Hash32(try node("digest").bytes()))
    let key = try key(node)
    if let address = node.optional("address") { check.equal(account(key.publicKey), try address.text(), "address") }
    let signature = try #require(try key.sign([digest]).first)
    let bytes = signature.r.bigEndianBytes + signature.s.bigEndianBytes + [27 + signature.yParity]
    check.equal(bytes, try node("signature").bytes(), "signature")
  }

  /// The keys of the vectors sign for main networks on paper; this one is held to a development chain.
  private static func key(_ node: VectorNode) throws -> KeystoreKey {
    let secret = try node("privateKey").bytes()
    return try KeystoreKey(try SecretKey(secret.span), chain: TestChain.id)
  }

  private static func plain(_ secret: SecretBytes) -> [UInt8] { secret.withBytes { bytes in Array(copying: bytes) } }

  private static func plain(_ key: SecretKey) -> [UInt8] { key.withBytes { bytes in Array(copying: bytes) } }

  private static func account(_ publicKey: [UInt8]) -> String { account(KeyAccount.address(publicKey: publicKey)) }

  private static func account(_ address: Address) -> String { TestChain.codec.text(address) }
}
