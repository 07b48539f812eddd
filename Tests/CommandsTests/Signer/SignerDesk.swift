import Chains
import Codecs
import EVMDriver
import Foundation
import Keys
import Money
import OpenSSL
import POSIX
import Payouts
import Policy
import Signing
import Testing

/// The real `almoner signer` on a unix socket, and everything an engine needs to ask it, rightly or wrongly.
///
/// Its list of approvers: anna and bert; its rule: two of them.
final class SignerDesk {
  static let chain = ChainID(.evm, 31337)
  static let batchContract = EVMAddress(lastBytesOf: Keccak.hash256(Array("batch contract".utf8)))
  static let coin = AssetID(chain: "evm:31337", token: nil)

  let scratch: Scratch
  let codec = EVMCodec(chainID: 31337, batchContract: batchContract)
  let account: Address
  private(set) var process: Program.Running
  private let settings: [String: String]
  private let line: [String]
  let people: [String: Ed25519.PrivateKey]

  var socket: String { scratch("signer.sock") }

  /// `door`: where it listens, instead of a socket of its own.
  init(
    _ more: [String: String] = [:], line extra: [String] = [], door: [String]? = nil, in folder: Scratch? = nil
  ) throws {
    scratch = try folder ?? Scratch()
    try scratch.write("desk\n", to: "password")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch("password"))
    try KeystoreFile.writeDevelopment(
      seed: "signer", to: scratch("key.json"), password: try SecretFile.read(scratch("password")))
    account = try #require(
      try KeystoreKey.open(scratch("key.json"), passwordFile: scratch("password"), chain: Self.chain).first
    ).account
    var people: [String: Ed25519.PrivateKey] = [:]
    for (number, name) in ["anna", "bert", "ina", "mallory"].enumerated() {
      people[name] = try Ed25519.PrivateKey(
        seed: try SecretBytes(copying: [UInt8](repeating: UInt8(number + 1), count: 32)))
    }
    self.people = people
    let listed = ["anna", "bert", "ina"].map { "\($0) \(Hex.text(people[$0]?.publicKey ?? []))" }
    try scratch.write("# people\n" + listed.joined(separator: "\n") + "\n", to: "approvers")
    settings = [
      "AM_EVM_CHAIN_ID": "31337", "AM_EVM_BATCH_CONTRACT": EIP55.text(Self.batchContract),
      "AM_KEYSTORE": scratch("key.json"), "AM_KEYSTORE_PASSWORD_FILE": scratch("password"),
      "AM_SIGNING_LOG": scratch("log.sqlite"), "AM_SIGNER_APPROVERS": scratch("approvers"), "AM_APPROVALS": "2/2",
      "AM_MAX_FEE": "10000000000000000",
    ].merging(more) { $1 }
    line = ["signer"] + (door ?? ["--socket", scratch("signer.sock")]) + extra
    process = try Program.Running(line, environment: settings, folder: scratch.path)
    try waitUntilListening()
  }

  private func waitUntilListening() throws {
    try process.wait { $0.out.contains("signer_listening") }
  }

  func stop() throws -> Program.Ended {
    process.send(SIGTERM)
    return try process.finish()
  }

  func restart() throws {
    process = try Program.Running(line, environment: settings, folder: scratch.path)
    try waitUntilListening()
  }

  /// A second one with the same settings, which cannot be.
  func another() throws -> Program.Ended { try Program.run(line, environment: settings, folder: scratch.path) }

  func uses() throws -> [JSON] {
    try Program.run(["keys", "uses", "--json"], environment: settings, folder: scratch.path).succeeded().events
  }

  func remote(chain number: UInt64 = 31337, timeout: Int64 = 20_000) throws -> RemoteSigner {
    let path = socket
    return try RemoteSigner(
      codec: EVMCodec(chainID: number, batchContract: Self.batchContract), timeoutMilliseconds: timeout
    ) { deadline throws(SigningError) in try SignerConnection.unix(path, deadline) }
  }

  func raw() throws -> StreamSocket { try StreamSocket.connect(.unix(socket), Deadline(inMilliseconds: 5_000)) }

  /// The code that asking was refused with; nil when it was signed.
  func refusal(_ requests: [SigningRequest], by signer: RemoteSigner? = nil) throws -> SigningError.Code? {
    do {
      let signed = try (signer ?? remote()).sign(requests)
      #expect(signed.count == requests.count)
      return nil
    } catch let error as SigningError { return error.code }
  }
}

/// A campaign of some payees, and what people said of it.
struct ApprovedCampaign {
  let payees: [Payee]
  var content: ApprovalContent
  var initiators: Set<String> = ["person:ina"]
  var expiresAt = Timestamp.fromNow(3_600_000)
  var voters = ["anna", "bert"]
  /// Who really signs for whom.
  var forger: String?
  var rule = "2/2"
  let desk: SignerDesk

  init(_ desk: SignerDesk, name: String = "c-1", count: Int = 40, units: UInt64 = 10) throws {
    self.desk = desk
    payees = (0..<count).map {
      Payee(
        payout: PayoutID(campaign: CampaignID(1), ordinal: UInt32($0)), address: ApprovedCampaign.address($0),
        units: UInt256(units + UInt64($0)))
    }
    let tree = try ApprovedCampaign.tree(payees)
    content = ApprovalContent(
      campaign: name, chain: SignerDesk.chain, asset: SignerDesk.coin, root: tree.root, count: tree.count,
      total: tree.total, feeCap: UInt256(10_000_000_000_000_000), lanes: [desk.account])
  }

  static func address(_ number: Int) -> Address {
    Address(EVMAddress(lastBytesOf: Keccak.hash256(Array("payee \(number)".utf8))).bytes)
  }

  static func tree(_ payees: [Payee]) throws -> ContentTree {
    var tree = ContentTree(SignerDesk.coin)
    for payee in payees { try tree.add(payee) }
    return tree
  }

  func approval() throws -> SignedApproval {
    let request = ApprovalRequest(
      number: 1, campaign: CampaignID(1), content: content, initiators: initiators,
      rule: try ApprovalRule(parsing: rule), openedAt: Timestamp(milliseconds: 0), expiresAt: expiresAt,
      nonce: Keccak.hash256([1]))
    let votes = try voters.map { name in
      let person = try PersonName(name)
      let at = expiresAt.advanced(byMilliseconds: -60_000)
      let statement = ApprovalStatement(request, approver: person, approvedAt: at)
      let key = try #require(desk.people[forger ?? name])
      return ApprovalVote(
        request: 1, approver: person, approvedAt: at, publicKey: key.publicKey,
        signature: try key.sign(statement.bytes))
    }
    return SignedApproval(ApprovalCase(request: request, votes: votes, voters: [:]))
  }

  /// A request to pay some of them. `bytes`: who is really paid.
  func request(
    _ places: [Int], slot: UInt64, fence: Int64 = 1, gwei: UInt64 = 2, paying bytes: [Payee]? = nil,
    from account: Address? = nil, by approval: SignedApproval? = nil
  ) throws -> SigningRequest {
    let account = account ?? desk.account
    let chosen = places.map { payees[$0] }
    let all = payees
    let proof = try ApprovedCampaign.tree(payees).proof(places.map(UInt64.init)) {
      Array(all[Int($0.lowerBound)..<Int($0.upperBound)])
    }
    let unsigned = try desk.codec.prepare(
      TransactionRequest(
        account: account, slot: slot, purpose: .pay(asset: SignerDesk.coin, payees: bytes ?? chosen),
        fee: FeeTerms(limit: 1_000_000, price: UInt256(gwei * 1_000_000_000), tip: .one)))
    return SigningRequest(
      account: account, fence: fence, slot: slot, unsigned: unsigned.bytes,
      grounds: SigningGrounds(
        approval: try approval ?? self.approval(), payouts: chosen.map(\.payout), proof: proof))
  }

  func void(slot: UInt64, fence: Int64 = 1, gwei: UInt64 = 2) throws -> SigningRequest {
    let unsigned = try desk.codec.prepare(
      TransactionRequest(
        account: desk.account, slot: slot, purpose: .void,
        fee: FeeTerms(limit: 21_000, price: UInt256(gwei * 1_000_000_000), tip: .one)))
    return SigningRequest(account: desk.account, fence: fence, slot: slot, unsigned: unsigned.bytes)
  }
}

extension Timestamp {
  static func fromNow(_ milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) + milliseconds)
  }
}
