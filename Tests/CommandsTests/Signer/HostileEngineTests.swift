import Chains
import Codecs
import EVMDriver
import Foundation
import Keys
import Money
import POSIX
import Payouts
import Policy
import Signing
import Synchronization
import Testing

/// An engine that lies, against the real signer process. What it must never get is a signature that pays somebody whom
/// nobody approved, or anybody twice.
@Suite("The signer and a hostile engine")
struct HostileEngineTests {
  @Test func `an honest engine gets its signatures, the same again, a fee bump and a void`() throws {
    let desk = try SignerDesk()
    let campaign = try ApprovedCampaign(desk)
    let signer = try desk.remote()
    #expect(signer.accounts == [desk.account] && signer.wantsGrounds)
    try signer.announce(desk.account, fence: 1)
    let request = try campaign.request(Array(3..<20), slot: 0)
    let signed = try #require(try signer.sign([request]).first)
    let read = try SignedRequest(signed.bytes, account: desk.account, codec: desk.codec)
    guard case .pay(_, let payees) = read.content.purpose else { throw Odd() }
    #expect(payees.map(\.address) == (3..<20).map(ApprovedCampaign.address))
    #expect(try desk.refusal([request]) == nil)
    #expect(try desk.refusal([campaign.request(Array(3..<20), slot: 0, gwei: 5)]) == nil)
    #expect(try desk.refusal([campaign.void(slot: 0)]) == nil)
    // Any order, any part, several at once.
    #expect(
      try desk.refusal([campaign.request([39, 0, 25], slot: 1), campaign.request([30], slot: 2)]) == nil)
    let records = try signer.records(SignerDesk.chain, desk.account, slots: [0])
    #expect(records.count == 3 && records.allSatisfy { $0.signed != nil })
    #expect(try signer.order(SignerDesk.chain, desk.account, slots: [0, 2]).count == 2)
    let ended = try desk.stop()
    #expect(ended.status == 0)
    #expect(try ended.events.last?["event"]?.string == "stopped")
    #expect(!FileManager.default.fileExists(atPath: desk.socket))
    let uses = try desk.uses()
    #expect(uses.count == 5 && uses.allSatisfy { $0["refusal"] == .null })
  }

  @Test func `another batch under a right approval is refused`() throws {
    let desk = try SignerDesk()
    let campaign = try ApprovedCampaign(desk)
    let mine = campaign.payees[5]
    let thief = ApprovedCampaign.address(9_999)
    let changes = [
      Payee(payout: mine.payout, address: thief, units: mine.units),
      Payee(payout: mine.payout, address: mine.address, units: UInt256(1_000_000)),
      campaign.payees[6],
    ]
    for changed in changes {
      #expect(try desk.refusal([campaign.request([5], slot: 0, paying: [changed])]) == .notInApproval)
    }
    // One more, one less, and the same one twice.
    let more = campaign.payees[5...7].map { $0 }
    #expect(try desk.refusal([campaign.request([5, 6], slot: 0, paying: more)]) == .notInApproval)
    #expect(try desk.refusal([campaign.request([5, 6], slot: 0, paying: [mine])]) == .notInApproval)
    let good = try campaign.request([5], slot: 0, paying: [mine, mine])
    let grounds = try #require(good.grounds)
    let doubled = SigningGrounds(
      approval: grounds.approval, payouts: [mine.payout, mine.payout],
      proof: ContentProof(places: [5, 5], hashes: grounds.proof.hashes))
    #expect(
      try desk.refusal([
        SigningRequest(account: desk.account, fence: 1, slot: 0, unsigned: good.unsigned, grounds: doubled)
      ]) == .notInApproval)
    // Nothing of all that was permitted.
    #expect(try desk.remote().records(SignerDesk.chain, desk.account, from: 0, limit: 10).isEmpty)
    #expect(try desk.uses().count == 6 && desk.uses().allSatisfy { $0["refusal"] != .null })
  }

  @Test func `no approval, a forged one, too few people, initiators, strangers, and one person twice`() throws {
    let desk = try SignerDesk()
    let campaign = try ApprovedCampaign(desk)
    let good = try campaign.request([1], slot: 0)
    let bare = SigningRequest(account: desk.account, fence: 1, slot: 0, unsigned: good.unsigned)
    #expect(try desk.refusal([bare]) == .notApproved)
    func code(_ change: (inout ApprovedCampaign) -> Void) throws -> SigningError.Code? {
      var changed = campaign
      change(&changed)
      return try desk.refusal([changed.request([1], slot: 0)])
    }
    #expect(try code { $0.voters = [] } == .notApproved)
    #expect(try code { $0.voters = ["anna"] } == .notApproved)
    #expect(try code { $0.voters = ["anna", "anna"] } == .notApproved)
    // ina is on the list of approvers too, and prepared this campaign.
    #expect(try code { $0.voters = ["anna", "ina"] } == .notApproved)
    #expect(try code { $0.voters = ["anna", "mallory"] } == .notApproved)
    #expect(try code { $0.forger = "mallory" } == .notApproved)
    #expect(try code { $0.forger = "anna" } == .notApproved)
    // The engine's own rule may be stricter, never laxer.
    #expect(
      try code {
        $0.rule = "1/1"
        $0.voters = ["anna"]
      } == .notApproved)
    #expect(try code { $0.rule = "3/3" } == .notApproved)
    #expect(
      try code {
        $0.initiators = ["person:carl"]
        $0.voters = ["anna", "ina"]
      } == nil)
  }

  @Test func `an approval that was changed after it was given, or is over, or comes too late`() throws {
    let desk = try SignerDesk()
    let campaign = try ApprovedCampaign(desk)
    let given = try campaign.approval()
    func changed(_ content: ApprovalContent? = nil, expiresAt: Timestamp? = nil, initiators: [String]? = nil)
      -> SignedApproval
    {
      SignedApproval(
        content: content ?? given.content, initiators: initiators ?? given.initiators, rule: given.rule,
        expiresAt: expiresAt ?? given.expiresAt, nonce: given.nonce, votes: given.votes)
    }
    let (old, more) = (given.content, given.content.total)
    let richer = ApprovalContent(
      campaign: old.campaign, chain: old.chain, asset: old.asset, root: old.root, count: old.count, total: more,
      feeCap: .max, lanes: old.lanes)
    let renamed = ApprovalContent(
      campaign: "c-2", chain: old.chain, asset: old.asset, root: old.root, count: old.count, total: old.total,
      feeCap: old.feeCap, lanes: old.lanes)
    for forged in [
      changed(richer), changed(renamed), changed(expiresAt: .fromNow(1 << 40)), changed(initiators: []),
    ] { #expect(try desk.refusal([campaign.request([1], slot: 0, by: forged)]) == .notApproved) }
    var late = campaign
    late.expiresAt = .fromNow(-1)
    #expect(try desk.refusal([late.request([1], slot: 0)]) == .notApproved)
    // Valid when it was planned, over when it is signed.
    late.expiresAt = .fromNow(700)
    let planned = try late.request([1], slot: 0)
    #expect(try desk.refusal([planned]) == nil)
    Thread.sleep(forTimeInterval: 0.8)
    #expect(try desk.refusal([planned]) == .notApproved)
  }

  @Test func `an approval of another campaign, asset, chain or lane fits nothing else`() throws {
    let desk = try SignerDesk()
    let campaign = try ApprovedCampaign(desk)
    let other = try ApprovedCampaign(desk, name: "c-2", units: 11)
    #expect(try desk.refusal([campaign.request([1], slot: 0, by: other.approval())]) == .notInApproval)
    func code(_ chain: ChainID, _ asset: AssetID, lanes: [Address]) throws -> SigningError.Code? {
      var changed = campaign
      let old = campaign.content
      changed.content = ApprovalContent(
        campaign: old.campaign, chain: chain, asset: asset, root: old.root, count: old.count, total: old.total,
        feeCap: old.feeCap, lanes: lanes)
      return try desk.refusal([changed.request([1], slot: 0)])
    }
    #expect(try code(ChainID(.evm, 1), SignerDesk.coin, lanes: [desk.account]) == .notInApproval)
    let token = AssetID(chain: "evm:31337", token: "0x" + String(repeating: "70", count: 20))
    #expect(try code(SignerDesk.chain, token, lanes: [desk.account]) == .notInApproval)
    #expect(try code(SignerDesk.chain, SignerDesk.coin, lanes: [ApprovedCampaign.address(1)]) == .notInApproval)
    #expect(try code(SignerDesk.chain, SignerDesk.coin, lanes: []) == .notInApproval)
    #expect(try code(SignerDesk.chain, SignerDesk.coin, lanes: [desk.account]) == nil)
  }

  @Test func `a fee above the approved cap or the signer's own is refused`() throws {
    let desk = try SignerDesk()
    var campaign = try ApprovedCampaign(desk)
    // 10 gwei for 1,000,000 units of gas is the signer's cap to the unit.
    #expect(try desk.refusal([campaign.request([1], slot: 0, gwei: 10)]) == nil)
    #expect(try desk.refusal([campaign.request([1], slot: 0, gwei: 11)]) == .overCap)
    let old = campaign.content
    campaign.content = ApprovalContent(
      campaign: old.campaign, chain: old.chain, asset: old.asset, root: old.root, count: old.count, total: old.total,
      feeCap: UInt256(3_000_000_000_000_000), lanes: old.lanes)
    #expect(try desk.refusal([campaign.request([2], slot: 1, gwei: 3)]) == nil)
    #expect(try desk.refusal([campaign.request([2], slot: 1, gwei: 4)]) == .notInApproval)
  }

  @Test func `a payee in two slots, a second content for a slot, and a stale fence are refused, after a restart too`()
    throws
  {
    let desk = try SignerDesk()
    let campaign = try ApprovedCampaign(desk)
    #expect(try desk.refusal([campaign.request([1, 2, 3], slot: 0, fence: 5)]) == nil)
    func tries() throws {
      #expect(try desk.refusal([campaign.request([1, 2, 3], slot: 1, fence: 5)]) == .payoutTaken)
      #expect(try desk.refusal([campaign.request([3, 4], slot: 1, fence: 5)]) == .payoutTaken)
      #expect(
        try desk.refusal([campaign.request([8], slot: 1, fence: 5), campaign.request([8], slot: 2, fence: 5)])
          == .payoutTaken)
      #expect(try desk.refusal([campaign.request([5], slot: 0, fence: 5)]) == .slotTaken)
      #expect(try desk.refusal([campaign.request([5], slot: 9, fence: 4)]) == .staleFence)
      #expect(try desk.refusal([campaign.void(slot: 0, fence: 4)]) == .staleFence)
    }
    try tries()
    // Approved anew, by the same people, under another root: the payout is still the same one.
    var again = campaign
    again.expiresAt = .fromNow(7_200_000)
    #expect(try desk.refusal([again.request([2], slot: 7, fence: 5)]) == .payoutTaken)
    #expect(try desk.stop().status == 0)
    try desk.restart()
    try tries()
    // A void frees the slot; that it was mined nobody has proven, and this signer has no nodes to ask.
    #expect(try desk.refusal([campaign.void(slot: 0, fence: 5)]) == nil)
    #expect(try desk.refusal([campaign.request([1, 2, 3], slot: 1, fence: 5)]) == .payoutTaken)
    #expect(try desk.refusal([campaign.request([4], slot: 1, fence: 6)]) == nil)
    #expect(try desk.refusal([campaign.void(slot: 2, fence: 5)]) == .staleFence)
  }

  @Test func `two connections at once cannot get one payee into two slots`() throws {
    let desk = try SignerDesk()
    let campaign = try ApprovedCampaign(desk)
    let requests = try (0..<8).map { try campaign.request([1, 2], slot: UInt64($0)) }
    let signers = try requests.map { _ in try desk.remote() }
    let counts = Counter()
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      do throws(SigningError) {
        _ = try signers[index].sign([requests[index]])
        counts.add("signed")
      } catch { counts.add(error.code.rawValue) }
    }
    #expect(counts.all == ["signed": 1, "signing.payout_taken": 7])
  }

  @Test func `another chain is refused, at the connection and in the bytes`() throws {
    let desk = try SignerDesk()
    #expect { try desk.remote(chain: 1) } throws: { ($0 as? SigningError)?.code == .wrongPeer }
    let campaign = try ApprovedCampaign(desk)
    let mainnet = EVMCodec(chainID: 1, batchContract: SignerDesk.batchContract)
    let unsigned = try mainnet.prepare(
      TransactionRequest(
        account: desk.account, slot: 0,
        purpose: .pay(asset: AssetID(chain: "evm:1", token: nil), payees: [campaign.payees[1]]),
        fee: FeeTerms(limit: 21_000, price: .one, tip: .one)))
    let request = SigningRequest(
      account: desk.account, fence: 1, slot: 0, unsigned: unsigned.bytes,
      grounds: try campaign.request([1], slot: 0).grounds)
    #expect(try desk.refusal([request]) == .wrongContent)
    // A key that it does not have, and bytes that are nothing.
    #expect(
      try desk.refusal([campaign.request([1], slot: 0, from: ApprovedCampaign.address(3))]) == .keyNotFound)
    let garbage = SigningRequest(account: desk.account, fence: 1, slot: 0, unsigned: [1, 2, 3])
    #expect(try desk.refusal([garbage]) == .wrongContent)
  }

  @Test func `garbage, giants, cut and slow frames end their connection alone`() throws {
    let desk = try SignerDesk(["AM_SIGNER_TIMEOUT_MS": "1500"])
    let patience = Deadline(inMilliseconds: 60_000)
    let good = SignerCall.describe.bytes(1, chain: SignerDesk.chain)
    /// Whether the signer hung up, whatever it said before.
    func hangsUp(_ bytes: [UInt8]) throws -> Bool {
      let socket = try desk.raw()
      try socket.write(bytes, patience)
      do {
        while try !socket.read(atMost: 4096, patience).isEmpty {}
        return true
      } catch { return error.reason == .closed }
    }
    #expect(try hangsUp([0, 0, 0, 0]))
    #expect(try hangsUp([0xff, 0xff, 0xff, 0xff, 1]))
    #expect(try hangsUp(Array("GET / HTTP/1.1\r\nHost: signer\r\n\r\n".utf8)))
    #expect(try hangsUp(SignerFrame.framed([UInt8](repeating: 0x55, count: 70_000))))
    #expect(try hangsUp(SignerFrame.framed(Array(good.dropLast()))))
    #expect(try hangsUp(SignerFrame.framed(good + [0])))
    // Half a frame, and then nothing: others are served meanwhile, and it is cut off.
    let slow = try desk.raw()
    try slow.write(Array(SignerFrame.framed(good).prefix(9)), patience)
    #expect(try desk.remote().accounts == [desk.account])
    let began = Date()
    #expect(throws: (any Error).self) {
      guard try !slow.read(atMost: 10, patience).isEmpty else { throw Odd() }
    }
    #expect(Date().timeIntervalSince(began) < 30)
    // Connections that say nothing are bounded, and end with whoever made them.
    var many = try (0..<40).map { _ in try desk.raw() }
    try desk.process.wait { $0.out.contains("too_many") }
    many.removeAll()
    try desk.process.wait { _ in (try? desk.remote()) != nil }
    #expect(desk.process.out.contains("frame_cut_off"))
    let ended = try desk.stop()
    #expect(ended.status == 0)
    for event in try ended.events { #expect(event["event"] != nil) }
  }

  @Test func `a user that is not on the list gets no answer`() throws {
    let desk = try SignerDesk(line: ["--peers", "\(getuid() &+ 1)"])
    #expect { try desk.remote(timeout: 5_000) } throws: { ($0 as? SigningError)?.code == .signerUnreachable }
    try desk.process.wait { $0.out.contains("signing.wrong_peer") }
  }

  @Test func `two signers do not share a socket, and the settings must be whole`() throws {
    let desk = try SignerDesk()
    #expect(try desk.another().code == "command.cannot_write")
    for (name, code) in [("AM_SIGNER_APPROVERS", "config.missing"), ("AM_SIGNING_LOG", "config.missing")] {
      #expect { _ = try SignerDesk([name: ""]) } throws: { "\($0)".contains(code) }
    }
    #expect { _ = try SignerDesk(["AM_APPROVALS": "4/4"]) } throws: { "\($0)".contains("config.") }
  }

  private struct Odd: Error {}
}

/// Counts words from any thread.
final class Counter: Sendable {
  private let counts = Mutex<[String: Int]>([:])
  func add(_ word: String) { counts.withLock { $0[word, default: 0] += 1 } }
  var all: [String: Int] { counts.withLock { $0 } }
}
