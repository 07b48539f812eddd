import Chains
import Codecs
import EVMDriver
import Keys
import Money
import Signing
import TestSupport
import Testing

/// The guard over real bytes, a real key, and either log.
@Suite("Signing guard")
struct SigningGuardTests {
  enum LogKind: CaseIterable { case memory, file }

  let directory: TestFolder
  let key: KeystoreKey

  init() throws {
    directory = try TestFolder("keys")
    key = try TestChain.key(7)
  }

  private func log(_ kind: LogKind) throws -> any SigningLog {
    switch kind {
    case .memory: MemorySigningLog()
    case .file: try SigningLogFile(path: directory.file("log.sqlite"))
    }
  }

  private func sign(
    _ signer: SigningGuard, fence: Int64 = 1, slot: UInt64, _ purpose: Purpose, gwei: UInt64 = 2
  ) throws -> SignedTransaction {
    let request = try TestChain.request(key.account, fence: fence, slot: slot, purpose, gwei: gwei)
    return try #require(try signer.sign([request]).first)
  }

  @Test(arguments: LogKind.allCases)
  func `a payment inside the policy is signed by the account's key and logged with its bytes`(kind: LogKind) throws {
    let log = try log(kind)
    let signer = TestChain.signer(log, keys: [key])
    let signed = try sign(signer, slot: 3, TestChain.pay(9, 500))
    let read = try SignedRequest(signed.bytes, account: key.account, codec: TestChain.codec)
    #expect(read.content.purpose == TestChain.pay(9, 500) && read.slot == 3)
    let record = try #require(try log.records(TestChain.id, key.account, slots: [3]).first)
    #expect(record.signed == signed && record.kind == .pay && record.signingHash == read.unsigned.signingHash)
    #expect(record.payloadDigest == read.content.payloadDigest && record.unsigned == read.unsigned.bytes)
  }

  @Test func `in safe mode nothing is signed and nothing is logged`() throws {
    let log = MemorySigningLog()
    let policy = TestChain.signer(log, keys: [key]).policy
    let signer = SigningGuard(codec: TestChain.codec, policy: policy, log: log, keys: [key], isSafe: true)
    #expect(refusal { try sign(signer, slot: 3, TestChain.pay(9, 500)) } == .safeMode)
    #expect(try log.records(TestChain.id, key.account, slots: [3]).isEmpty)
  }

  @Test(arguments: LogKind.allCases)
  func `a stale fence signs nothing and logs nothing`(kind: LogKind) throws {
    let log = try log(kind)
    let signer = TestChain.signer(log, keys: [key])
    try signer.announce(key.account, fence: 5)
    #expect(refusal { try sign(signer, fence: 4, slot: 1, TestChain.pay(9, 1)) } == .staleFence)
    #expect(try log.records(TestChain.id, key.account, slots: [1]).isEmpty)
    #expect(refusal { try signer.announce(key.account, fence: 4) } == .staleFence)
    _ = try sign(signer, fence: 5, slot: 1, TestChain.pay(9, 1))
  }

  @Test(arguments: LogKind.allCases)
  func `a fence seen in a request holds for the next one`(kind: LogKind) throws {
    let signer = TestChain.signer(try log(kind), keys: [key])
    _ = try sign(signer, fence: 8, slot: 1, TestChain.pay(9, 1))
    #expect(try signer.highestFence(key.account) == 8)
    #expect(refusal { try sign(signer, fence: 7, slot: 2, TestChain.pay(9, 1)) } == .staleFence)
  }

  @Test(arguments: LogKind.allCases)
  func `other payees or amounts on a taken slot are refused, a fee bump and the same bytes are not`(
    kind: LogKind
  ) throws {
    let log = try log(kind)
    let signer = TestChain.signer(log, keys: [key])
    let first = try sign(signer, slot: 1, TestChain.pay(9, 100))
    #expect(refusal { try sign(signer, slot: 1, TestChain.pay(8, 100)) } == .slotTaken)
    #expect(refusal { try sign(signer, slot: 1, TestChain.pay(9, 101)) } == .slotTaken)
    #expect(refusal { try sign(signer, slot: 1, TestChain.pay(9, 100, of: TestChain.token)) } == .slotTaken)
    let bumped = try sign(signer, slot: 1, TestChain.pay(9, 100), gwei: 3)
    #expect(bumped.hash != first.hash)
    #expect(try sign(signer, slot: 1, TestChain.pay(9, 100)) == first)
    #expect(try log.records(TestChain.id, key.account, slots: [1]).count == 2)
  }

  @Test(arguments: LogKind.allCases)
  func `a void may stand beside a payment, before it or after it, and opens no slot for other payees`(
    kind: LogKind
  ) throws {
    let signer = TestChain.signer(try log(kind), keys: [key])
    _ = try sign(signer, slot: 1, TestChain.pay(9, 100))
    _ = try sign(signer, slot: 1, .void, gwei: 5)
    #expect(refusal { try sign(signer, slot: 1, TestChain.pay(8, 100)) } == .slotTaken)
    // One slot takes one transaction: a payment beside a void cannot pay twice.
    _ = try sign(signer, slot: 2, .void)
    _ = try sign(signer, slot: 2, TestChain.pay(9, 100))
    #expect(refusal { try sign(signer, slot: 2, TestChain.pay(8, 100)) } == .slotTaken)
  }

  @Test(arguments: LogKind.allCases)
  func `two contents for one slot inside one call are refused, and none of the call is signed`(kind: LogKind) throws {
    let log = try log(kind)
    let signer = TestChain.signer(log, keys: [key])
    let requests = [
      try TestChain.request(key.account, slot: 1, TestChain.pay(9, 1)),
      try TestChain.request(key.account, slot: 2, TestChain.pay(9, 1)),
      try TestChain.request(key.account, slot: 1, TestChain.pay(8, 1)),
    ]
    #expect(refusal { try signer.sign(requests) } == .slotTaken)
    #expect(try log.records(TestChain.id, key.account, from: 0, limit: 10).isEmpty)
  }

  @Test func `slots of different accounts do not stand in each other's way`() throws {
    let other = try TestChain.key(8)
    let signer = TestChain.signer(MemorySigningLog(), keys: [key, other])
    let requests = [
      try TestChain.request(key.account, slot: 1, TestChain.pay(9, 1)),
      try TestChain.request(other.account, slot: 1, TestChain.pay(10, 2)),
    ]
    let signed = try signer.sign(requests)
    for (request, transaction) in zip(requests, signed) {
      let read = try SignedRequest(transaction.bytes, account: request.account, codec: TestChain.codec)
      #expect(read.unsigned.bytes == request.unsigned)
    }
  }

  @Test func `caps on sum and fee hold at the unit`() throws {
    let signer = TestChain.signer(
      MemorySigningLog(), keys: [key], policy: TestChain.policy(most: 1000, mostFee: 42_000_000_000_000))
    _ = try sign(signer, slot: 1, TestChain.pay(9, 1000))
    #expect(refusal { try sign(signer, slot: 2, TestChain.pay(9, 1001)) } == .overCap)
    #expect(refusal { try sign(signer, slot: 2, TestChain.pay(9, 1), gwei: 3) } == .overCap)
    #expect(refusal { try sign(signer, slot: 2, .void, gwei: 3) } == .overCap)
  }

  @Test func `an allowance goes to the signer's own batch contract only`() throws {
    let log = MemorySigningLog()
    let own = Purpose.allowance(asset: TestChain.token, spender: TestChain.batchContract, units: .max)
    _ = try sign(TestChain.signer(log, keys: [key]), slot: 1, own)
    // The engine may be misled about the contract; the signer's policy is its own.
    let elsewhere = TestChain.policy(batchContract: TestChain.account(0x66))
    #expect(refusal { try sign(TestChain.signer(log, keys: [key], policy: elsewhere), slot: 2, own) } == .forbidden)
    // Bytes that no engine of ours makes: an allowance for a stranger.
    let foreign = try EVMTransaction(
      chainID: 31337, nonce: 2, gasLimit: 60000, to: EVMAddress([UInt8](repeating: 0x70, count: 20)), value: .zero,
      data: ERC20.approve(.zero, .max),
      fees: .dynamic(maxFeePerGas: .one, maxPriorityFeePerGas: .one, []))
    let request = SigningRequest(account: key.account, fence: 1, slot: 2, unsigned: foreign.unsignedBytes)
    #expect(refusal { try TestChain.signer(log, keys: [key]).sign([request]) } == .wrongContent)
    #expect(try log.records(TestChain.id, key.account, slots: [2]).isEmpty)
  }

  @Test func `contracts are deployed only where the policy says so`() throws {
    let code = Purpose.deploy(code: try #require(Hex.bytes(BatchContractCode.creationHex)))
    #expect(
      refusal { try sign(TestChain.signer(MemorySigningLog(), keys: [key]), slot: 2, code, gwei: 1) } == .forbidden)
    let deployer = TestChain.signer(MemorySigningLog(), keys: [key], policy: TestChain.policy(mayDeploy: true))
    _ = try sign(deployer, slot: 2, code, gwei: 1)
  }

  @Test func `an asset that the signer does not know is not paid`() throws {
    let signer = TestChain.signer(
      MemorySigningLog(), keys: [key], policy: TestChain.policy(assets: [TestChain.token]))
    #expect(refusal { try sign(signer, slot: 1, TestChain.pay(9, 1)) } == .forbidden)
    _ = try sign(signer, slot: 1, TestChain.pay(9, 1, of: TestChain.token))
  }

  @Test func `bytes that say another slot, chain or type, or that read two ways, are refused`() throws {
    let log = MemorySigningLog()
    let signer = TestChain.signer(log, keys: [key])
    let good = try TestChain.request(key.account, slot: 4, TestChain.pay(9, 1))
    func refused(_ unsigned: [UInt8], slot: UInt64 = 4) -> SigningError.Code? {
      refusal { try signer.sign([SigningRequest(account: key.account, fence: 1, slot: slot, unsigned: unsigned)]) }
    }
    #expect(refused(good.unsigned, slot: 5) == .wrongContent)
    #expect(refused(good.unsigned + [0]) == .wrongContent)
    #expect(refused([]) == .wrongContent)
    // EIP-7702 set-code: it spends a nonce without a transaction from us.
    #expect(refused([0x04] + good.unsigned.dropFirst()) == .wrongContent)
    let elsewhere = try EVMTransaction(
      chainID: 1, nonce: 4, gasLimit: 21000, to: .zero, value: .one, data: [],
      fees: .dynamic(maxFeePerGas: .one, maxPriorityFeePerGas: .one, []))
    #expect(refused(elsewhere.unsignedBytes) == .wrongContent)
    // Calldata that is no transfer: the codec cannot say whom it pays.
    let odd = try EVMTransaction(
      chainID: 31337, nonce: 4, gasLimit: 21000, to: .zero, value: .zero, data: [1, 2, 3, 4],
      fees: .dynamic(maxFeePerGas: .one, maxPriorityFeePerGas: .one, []))
    #expect(refused(odd.unsignedBytes) == .wrongContent)
    #expect(try log.records(TestChain.id, key.account, from: 0, limit: 10).isEmpty)
  }

  @Test func `an account without a key is refused`() throws {
    let signer = TestChain.signer(MemorySigningLog(), keys: [key])
    let request = try TestChain.request(TestChain.account(1), slot: 1, TestChain.pay(9, 1))
    #expect(refusal { try signer.sign([request]) } == .keyNotFound)
  }

  @Test func `after a crash the reopened log still refuses other content and stale fences`() throws {
    let path = directory.file("crash.sqlite")
    let first = try SigningLogFile(path: path)
    let signer = TestChain.signer(first, keys: [key])
    try signer.announce(key.account, fence: 3)
    let signed = try sign(signer, fence: 3, slot: 1, TestChain.pay(9, 100))
    // The first log is never closed: its file is copied as a crash would leave it, WAL included.
    let copy = directory.file("after.sqlite")
    try copyDatabase(path, to: copy)
    let reopened = try SigningLogFile(path: copy)
    let after = TestChain.signer(reopened, keys: [key])
    #expect(refusal { try sign(after, fence: 3, slot: 1, TestChain.pay(8, 100)) } == .slotTaken)
    #expect(refusal { try sign(after, fence: 2, slot: 2, TestChain.pay(8, 100)) } == .staleFence)
    #expect(try reopened.records(TestChain.id, key.account, slots: [1]).first?.signed == signed)
    #expect(try sign(after, fence: 3, slot: 1, TestChain.pay(9, 100)) == signed)
    withExtendedLifetime(first) {}
  }

  @Test func `two signers on one log file cannot pass each other`() throws {
    let path = directory.file("shared.sqlite")
    // Both looked before either wrote: the second guard is the database.
    let first = try SigningLogFile(path: path)
    let second = try SigningLogFile(path: path)
    _ = try sign(TestChain.signer(first, keys: [key]), slot: 1, TestChain.pay(9, 100))
    let other = try TestChain.request(key.account, slot: 1, TestChain.pay(8, 100))
    let content = try TestChain.codec.inspect(other.unsigned, account: key.account)
    let record = SlotRecord(
      account: key.account, slot: 1, kind: .pay, payloadDigest: content.payloadDigest,
      signingHash: try TestChain.codec.prepare(content).signingHash, fence: 1, unsigned: other.unsigned, signed: nil)
    #expect(refusal { try second.permit(TestChain.id, [record]) } == .slotTaken)
    // A slot of its own, but under a fence that the other one has seen pass.
    try first.raiseFence(TestChain.id, key.account, to: 2)
    let later = SlotRecord(
      account: key.account, slot: 2, kind: .pay, payloadDigest: record.payloadDigest, signingHash: record.signingHash,
      fence: 1, unsigned: other.unsigned, signed: nil)
    #expect(refusal { try second.permit(TestChain.id, [later]) } == .staleFence)
  }
}
