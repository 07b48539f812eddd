import Chains
import Codecs
import Keys
import Money
import Payouts
import SQLite
import Signing
import TestSupport
import Testing

/// Which payouts a slot was permitted for: what both logs hold against a payout in two slots.
@Suite("Payouts in the signing log")
struct PayoutLedgerTests {
  enum LogKind: CaseIterable { case memory, file }

  let directory: TestFolder
  private let chain = TestChain.id
  private let account = TestChain.account(1)

  init() throws { directory = try TestFolder("ledger") }

  private func log(_ kind: LogKind) throws -> any SigningLog {
    switch kind {
    case .memory: MemorySigningLog()
    case .file: try SigningLogFile(path: directory.file("log.sqlite"))
    }
  }

  private func claim(_ runs: ClosedRange<Int64>..., campaign: String = "a") -> PayoutClaim {
    PayoutClaim(
      campaign: campaign,
      runs: runs.map { PayoutRun(first: PayoutID($0.lowerBound), last: PayoutID($0.upperBound)) })
  }

  private func record(
    _ slot: UInt64, _ claim: PayoutClaim?, bump: UInt8 = 0, by account: Address? = nil, kind: AttemptKind = .pay
  ) -> SlotRecord {
    SlotRecord(
      account: account ?? self.account, slot: slot, kind: kind, payloadDigest: Keccak.hash256([UInt8(slot)]),
      signingHash: Keccak.hash256([UInt8(slot), bump, kind == .pay ? 1 : 0]), fence: 1, unsigned: [1], signed: nil,
      claim: claim)
  }

  private func refusal(_ log: any SigningLog, _ records: SlotRecord...) -> SigningError.Code? {
    do throws(SigningError) {
      try log.permit(chain, records)
      return nil
    } catch { return error.code }
  }

  @Test(arguments: LogKind.allCases)
  func `a payout stands in one slot, of whatever account, until that slot is released`(kind: LogKind) throws {
    let log = try log(kind)
    let other = TestChain.account(2)
    #expect(refusal(log, record(1, claim(10...20, 30...30))) == nil)
    #expect(refusal(log, record(1, claim(10...20, 30...30), bump: 1)) == nil)
    for taken in [claim(20...25), claim(1...10), claim(12...13), claim(1...99), claim(30...30), claim(5...6, 15...15)] {
      #expect(refusal(log, record(2, taken)) == .payoutTaken)
      #expect(refusal(log, record(1, taken, by: other)) == .payoutTaken)
    }
    #expect(refusal(log, record(2, claim(21...29))) == nil)
    #expect(refusal(log, record(3, claim(10...20, campaign: "b"))) == nil)
    #expect(refusal(log, record(4, nil, kind: .void)) == nil)
    #expect(try Set(log.holders(chain, claim(20...21)).map(\.slot)) == [1, 2])
    try log.release(chain, SlotPlace(account: account, slot: 1), evidence: "voided")
    try log.release(chain, SlotPlace(account: account, slot: 1), evidence: "voided again")
    #expect(try log.holders(chain, claim(20...21)).map(\.slot) == [2])
    #expect(refusal(log, record(5, claim(10...20))) == nil)
    #expect(refusal(log, record(6, claim(10...20))) == .payoutTaken)
  }

  @Test(arguments: LogKind.allCases)
  func `one call that brings a payout twice permits nothing`(kind: LogKind) throws {
    let log = try log(kind)
    #expect(refusal(log, record(1, claim(1...5)), record(2, claim(5...9))) == .payoutTaken)
    #expect(try log.records(chain, account, from: 0, limit: 9).isEmpty)
    #expect(try log.holders(chain, claim(1...9)).isEmpty)
    #expect(refusal(log, record(1, claim(1...5)), record(2, claim(6...9))) == nil)
  }

  @Test func `claims, releases and uses outlive the process, and nothing of them is ever changed`() throws {
    let path = directory.file("log.sqlite")
    let first = try SigningLogFile(path: path)
    try first.permit(chain, [record(1, claim(1...5)), record(2, claim(6...9))])
    try first.release(chain, SlotPlace(account: account, slot: 2), evidence: "stranger")
    let use = KeyUse(
      at: Timestamp(milliseconds: 5), peer: "uid:7", chain: chain, account: account, count: 2, firstSlot: 0,
      lastSlot: .max, campaigns: ["a", "b"], refusal: "signing.payout_taken")
    try first.note(use)
    let again = try SigningLogFile(path: path)
    #expect(refusal(again, record(3, claim(5...5))) == .payoutTaken)
    #expect(refusal(again, record(3, claim(6...6))) == nil)
    #expect(try again.uses(limit: 5) == [use])
  }

  @Test func `a log of the first version is taken on, with its slots and fences`() throws {
    let path = directory.file("log.sqlite")
    let first = try SigningLogFile(path: path)
    try first.raiseFence(chain, account, to: 4)
    let raw = try Connection(path: path)
    for sql in ["DROP TABLE claim", "DROP TABLE release", "DROP TABLE key_use", "PRAGMA user_version = 1"]
      as [StaticString]
    {
      try raw.execute(sql)
    }
    let again = try SigningLogFile(path: path)
    #expect(try again.highestFence(chain, account) == 4)
    #expect(refusal(again, record(1, claim(1...5))) == .staleFence)
    try again.permit(chain, [record(1, claim(1...5)).raised])
    #expect(try again.holders(chain, claim(1...1)).count == 1)
    #expect(try SigningLogFile(path: path).holders(chain, claim(1...1)).count == 1)
  }
}

extension SlotRecord {
  fileprivate var raised: SlotRecord {
    SlotRecord(
      account: account, slot: slot, kind: kind, payloadDigest: payloadDigest, signingHash: signingHash, fence: 9,
      unsigned: unsigned, signed: signed, claim: claim)
  }
}
