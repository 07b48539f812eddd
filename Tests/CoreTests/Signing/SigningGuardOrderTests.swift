import Chains
import Codecs
import Money
import Signing
import Testing

/// What the guard does in which order, and what it leaves undone when something fails; over fakes, so that order shows.
/// Its refusals over real bytes, keys and logs: Tests/KeysTests/Guard.
@Suite("Signing guard: order")
struct SigningGuardOrderTests {
  private let codec = TextCodec()
  private let journal = SigningJournal()
  private let account = Address([1])

  private func signer(
    log: JournalLog? = nil, key: JournalKey? = nil, most: UInt64 = 1000
  ) -> SigningGuard {
    SigningGuard(
      codec: codec,
      policy: SigningPolicy(
        chain: codec.chain, assets: nil, batchContract: nil, mostPerTransaction: UInt256(most),
        mostFee: UInt256(100), mayDeploy: false),
      log: log ?? JournalLog(journal: journal), keys: [key ?? JournalKey(account: account, journal: journal)])
  }

  private func request(_ text: String, slot: UInt64, fence: Int64 = 1, by account: Address? = nil) -> SigningRequest {
    SigningRequest(account: account ?? self.account, fence: fence, slot: slot, unsigned: Array(text.utf8))
  }

  @Test func `permissions are durable before the key is asked, and bytes before they are handed out`() throws {
    let signed = try signer().sign([request("4 9 pay 7:10", slot: 4), request("5 9 void", slot: 5)])
    #expect(journal.entries == ["permit [4, 5]", "sign 2", "complete [4, 5] true"])
    #expect(signed.map { String(decoding: $0.bytes.prefix(3), as: UTF8.self) } == ["4 9", "5 9"])
  }

  @Test func `a log that cannot write keeps the key unasked`() {
    let log = JournalLog(journal: journal, failing: .permit)
    #expect(throws: SigningError(.logFailed, "full disk")) {
      try signer(log: log).sign([request("4 9 pay 7:10", slot: 4)])
    }
    #expect(journal.entries == [])
  }

  @Test func `a signature that cannot be logged is not handed out`() {
    let log = JournalLog(journal: journal, failing: .complete)
    #expect(throws: SigningError(.logFailed, "full disk")) {
      try signer(log: log).sign([request("4 9 pay 7:10", slot: 4)])
    }
  }

  @Test func `a key that fails or returns too few signatures completes nothing`() {
    let unplugged = JournalKey(account: account, journal: journal, failing: true)
    #expect(throws: SigningError(.keyUnavailable, "unplugged")) {
      try signer(key: unplugged).sign([request("4 9 pay 7:10", slot: 4)])
    }
    let short = JournalKey(account: account, journal: journal, lost: 1)
    #expect(throws: SigningError.self) { try signer(key: short).sign([request("4 9 pay 7:10", slot: 4)]) }
    #expect(!journal.entries.contains { $0.hasPrefix("complete") })
  }

  @Test func `the guard itself refuses other content on a slot and an old fence, whatever the log would do`() throws {
    let first = try codec.inspect(Array("4 9 pay 7:10".utf8), account: account)
    let known = SlotRecord(
      account: account, slot: 4, kind: .pay, payloadDigest: first.payloadDigest,
      signingHash: try codec.prepare(first).signingHash, fence: 1, unsigned: [1], signed: nil)
    let log = JournalLog(journal: journal, known: [known], fence: 3)
    func code(_ text: String, fence: Int64 = 3) -> SigningError.Code? {
      do {
        _ = try signer(log: log).sign([request(text, slot: 4, fence: fence)])
        return nil
      } catch { return error.code }
    }
    #expect(code("4 9 pay 7:11") == .slotTaken)
    #expect(code("4 9 pay 7:10", fence: 2) == .staleFence)
    #expect(journal.entries == [])
    #expect(code("4 12 pay 7:10") == nil)
    #expect(code("4 12 void") == nil)
    let twice = [request("5 9 pay 7:10", slot: 5, fence: 3), request("5 9 pay 8:10", slot: 5, fence: 3)]
    #expect { try signer(log: log).sign(twice) } throws: { ($0 as? SigningError)?.code == .slotTaken }
    #expect { try signer(log: log).announce(account, fence: 2) } throws: { ($0 as? SigningError)?.code == .staleFence }
  }

  @Test func `one bad request among good ones leaves all unsigned and unpermitted`() {
    for bad in [
      request("5 9 pay 7:1001", slot: 5), request("5 101 pay 7:10", slot: 5), request("5 9 pay 7:10", slot: 6),
      request("5 9 pay 7:10,", slot: 5), request("05 9 void", slot: 5), request("", slot: 5),
    ] {
      #expect(throws: SigningError.self) { try signer().sign([request("4 9 pay 7:10", slot: 4), bad]) }
    }
    #expect(journal.entries == [])
  }

  @Test func `requests of several accounts come back in the order they were asked`() throws {
    let other = Address([2])
    let both = SigningGuard(
      codec: codec, policy: signer().policy, log: JournalLog(journal: journal),
      keys: [JournalKey(account: account, journal: journal), JournalKey(account: other, journal: journal)])
    let signed = try both.sign([
      request("1 9 void", slot: 1, by: other), request("2 9 void", slot: 2), request("3 9 void", slot: 3, by: other),
    ])
    #expect(signed.map { $0.bytes.first.map(Int.init) } == [49, 50, 51])
    #expect(both.accounts == [account, other])
  }

  @Test func `a payee's sum past 2^256 is over the cap, not small again`() throws {
    let huge = Payee(payout: PayoutID(0), address: Address([7]), units: .max)
    let pay = TransactionRequest(
      account: account, slot: 1, purpose: .pay(asset: AssetID(chain: "sim:1", token: nil), payees: [huge, huge]),
      fee: FeeTerms(limit: 1, price: .one, tip: .zero))
    let policy = SigningPolicy(
      chain: codec.chain, assets: nil, batchContract: nil, mostPerTransaction: .max, mostFee: .max, mayDeploy: false)
    #expect { try policy.check(pay) } throws: { ($0 as? SigningError)?.code == .overCap }
  }

  @Test func `a payload digest tells payees, amounts, order, slot and account apart, and leaves the fee out`() {
    func digest(
      _ payees: [(UInt8, UInt64)], slot: UInt64 = 1, account: UInt8 = 1, price: UInt64 = 1, token: String? = nil
    ) -> Hash32 {
      TransactionRequest(
        account: Address([account]), slot: slot,
        purpose: .pay(
          asset: AssetID(chain: "sim:1", token: token),
          payees: payees.map { Payee(payout: PayoutID(0), address: Address([$0.0]), units: UInt256($0.1)) }),
        fee: FeeTerms(limit: 1, price: UInt256(price), tip: .zero)
      ).payloadDigest
    }
    let base = digest([(7, 10), (8, 20)])
    #expect(digest([(7, 10), (8, 20)], price: 50) == base)
    let others = [
      digest([(8, 20), (7, 10)]), digest([(7, 10)]), digest([(7, 10), (8, 21)]), digest([(7, 10), (9, 20)]),
      digest([(7, 10), (8, 20)], slot: 2), digest([(7, 10), (8, 20)], account: 2),
      digest([(7, 10), (8, 20)], token: "x"),
    ]
    #expect(Set(others + [base]).count == others.count + 1)
  }
}
