import Chains
import Codecs
import Keys
import Money
import Payouts
import Policy
import Signing
import TestSupport
import Testing

/// The bytes between an engine and its signer.
@Suite("Signer protocol")
struct SignerWireTests {
  private let chain = TestChain.id

  private func calls() throws -> [SignerCall] {
    let account = TestChain.account(3)
    let rule = try ApprovalRule(2, of: 3)
    let approvals = try (0..<2).map { number in
      SignedApproval(
        content: ApprovalContent(
          campaign: "campaign \(number)", chain: chain, asset: number == 0 ? TestChain.coin : TestChain.token,
          root: Keccak.hash256([1]), count: 9, total: .max, feeCap: .one,
          lanes: [account, TestChain.account(1)]),
        initiators: ["person:ina", "operator:local"], rule: rule, expiresAt: Timestamp(milliseconds: -5),
        nonce: .zero,
        votes: [
          .init(
            approver: try PersonName("anna"), approvedAt: Timestamp(milliseconds: .max),
            signature: [UInt8](repeating: 7, count: 64))
        ])
    }
    func request(_ number: Int, _ slot: UInt64) -> SigningRequest {
      SigningRequest(
        account: account, fence: -1, slot: slot, unsigned: [1, 2, UInt8(number)],
        grounds: SigningGrounds(
          approval: approvals[number], payouts: [PayoutID(4), PayoutID(.min)],
          proof: ContentProof(places: [.max, 0], hashes: [.zero, Keccak.hash256([2])])))
    }
    let bare = SigningRequest(account: account, fence: .max, slot: .max, unsigned: [])
    return [
      .describe, .accounts, .announce(account, fence: .min), .highestFence(account), .sign([]), .sign([bare]),
      .sign([request(0, 1), bare, request(1, 2), request(0, 3)]), .records(account, slots: [1, 5, .max]),
      .recordsFrom(account, slot: 7, limit: .max), .order(account, slots: []),
    ]
  }

  private func answers() -> [SignerAnswer] {
    let account = TestChain.account(3)
    let signed = SignedTransaction(bytes: [9, 9], hash: Keccak.hash256([9, 9]))
    func record(_ signed: SignedTransaction?) -> SlotRecord {
      SlotRecord(
        account: account, slot: 5, kind: .setup, payloadDigest: .zero, signingHash: Keccak.hash256([1]), fence: 3,
        unsigned: [4], signed: signed)
    }
    return [
      .done, .fence(.max), .accounts([account, TestChain.account(1)]), .signed([]), .signed([signed, signed]),
      .records([record(nil), record(signed)]), .order([1: 5, .max: -1]), .order([:]),
      .refused(SigningError(.payoutTaken, "what", hint: nil)), .refused(SigningError(.overCap, "", hint: "so")),
      .description(
        SignerDescription(
          policy: TestChain.policy(assets: [TestChain.coin, TestChain.token]), accounts: [account],
          wantsGrounds: true)),
      .description(SignerDescription(policy: TestChain.policy(most: nil), accounts: [], wantsGrounds: false)),
    ]
  }

  @Test func `what is written is read as the same`() throws {
    for (number, call) in try calls().enumerated() {
      let read = try SignerCall.read(call.bytes(UInt64(number), chain: chain))
      #expect(read.call == call && read.number == UInt64(number) && read.chain == chain)
    }
    for (number, answer) in answers().enumerated() {
      let read = try SignerAnswer.read(answer.bytes(UInt64(number)))
      #expect(read.answer == answer && read.number == UInt64(number))
    }
  }

  @Test func `cut or lengthened bytes are refused, and each call has one form`() throws {
    for call in try calls() {
      let bytes = call.bytes(1, chain: chain)
      for count in 0..<bytes.count {
        #expect(throws: SigningError.self) { try SignerCall.read(Array(bytes[..<count])) }
      }
      #expect(throws: SigningError.self) { try SignerCall.read(bytes + [0]) }
    }
    for answer in answers() {
      let bytes = answer.bytes(1)
      for count in 0..<bytes.count {
        #expect(throws: SigningError.self) { try SignerAnswer.read(Array(bytes[..<count])) }
      }
    }
  }

  @Test(arguments: UInt64(0)..<30)
  func `changed bytes are refused or mean what they say, and never trap`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for call in try calls() {
      var bytes = call.bytes(1, chain: chain)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let read = try? SignerCall.read(bytes) else { continue }
      #expect(read.call.bytes(read.number, chain: read.chain) == bytes)
    }
    for answer in answers() {
      var bytes = answer.bytes(1)
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = try? SignerAnswer.read(bytes)
    }
  }

  @Test func `frames have lengths that fit`() throws {
    #expect(try SignerFrame.length([0, 0, 1, 0], most: 256) == 256)
    for bad in [[0, 0, 0, 0], [0, 0, 1, 1], [255, 255, 255, 255], [0, 0, 1], []] as [[UInt8]] {
      #expect(throws: SigningError.self) { try SignerFrame.length(bad, most: 256) }
    }
  }

  @Test func `the file of approvers is read whole or not at all`() throws {
    let key = String(repeating: "ab", count: 32)
    let other = String(repeating: "cd", count: 32)
    let file = try ApproverFile(parsing: Array("# who\n\nanna \(key)\r\nbert\t\(other)\n".utf8), name: "x")
    #expect(file.keys.count == 2)
    for bad in [
      "anna", "anna \(key.dropLast())", "anna \(key) more", "Anna \(key)", "anna \(key)\nanna \(other)",
      "anna \(key)\nbert \(key)", "anna zz\(key.dropFirst(2))",
    ] {
      #expect(throws: SigningError.self) { try ApproverFile(parsing: Array(bad.utf8), name: "x") }
    }
    #expect(throws: SigningError.self) { try ApproverFile(parsing: [0xff, 0xfe], name: "x") }
  }
}
