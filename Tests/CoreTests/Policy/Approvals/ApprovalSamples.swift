import Chains
import Codecs
import Money
import OpenSSL
import Policy

/// Ed25519 itself, as the program uses it.
struct RealSignatures: ApprovalSignatures {
  func isValid(signature: [UInt8], over bytes: [UInt8], publicKey: [UInt8]) -> Bool {
    (try? Ed25519.isValid(signature: signature, message: bytes, publicKey: publicKey)) == true
  }
}

/// A request and people who answer it.
struct ApprovalSample {
  static let opened = Timestamp(milliseconds: 1_700_000_000_000)
  static let during = opened.advanced(byMilliseconds: 1_000)
  static let lane = Address(Array(repeating: 0xaa, count: 20))

  var request: ApprovalRequest
  var people: [PersonName: Person] = [:]
  var votes: [ApprovalVote] = []
  private var keys: [PersonName: Ed25519.PrivateKey] = [:]

  init(_ rule: String = "2/3", names: [String] = ["anna", "bert", "carl"], root: UInt8 = 1, nonce: UInt8 = 9) throws {
    let content = ApprovalContent(
      campaign: "11111111-2222-4333-8444-555555555555", chain: ChainID(.simulated, 1),
      asset: AssetID(chain: "sim:1", token: nil), root: Self.hash(root), count: 3, total: UInt256(60),
      feeCap: UInt256(500), lanes: [Self.lane])
    request = ApprovalRequest(
      number: 1, campaign: CampaignID(1), content: content, initiators: ["person:ina"],
      rule: try ApprovalRule(parsing: rule), openedAt: Self.opened,
      expiresAt: Self.opened.advanced(byMilliseconds: 60_000), nonce: Self.hash(nonce))
    for (place, text) in names.enumerated() {
      let name = try PersonName(text)
      var seed = [UInt8](repeating: UInt8(place + 1), count: 32)
      let key = try Ed25519.PrivateKey(seed: try SecretBytes(wiping: &seed))
      keys[name] = key
      people[name] = Person(
        name: name, roles: [.approver], approvalKey: key.publicKey, createdBy: "person:root",
        createdAt: Timestamp(milliseconds: 0))
    }
  }

  static func hash(_ byte: UInt8) -> Hash32 { Hash32(Array(repeating: byte, count: 32)) ?? .zero }

  var standing: Standing { Standing(count: request.content.count, total: request.content.total) }
  var found: ApprovalCase { ApprovalCase(request: request, votes: votes, voters: people) }

  /// Signs as `name` and puts the vote under the request. `over` signs another request's statement.
  mutating func vote(
    _ name: String, as other: String? = nil, at: Timestamp = Self.during, over: ApprovalRequest? = nil
  ) throws {
    let (voter, signer) = (try PersonName(name), try PersonName(other ?? name))
    guard let key = keys[signer] else { return }
    let statement = ApprovalStatement(over ?? request, approver: voter, approvedAt: at)
    votes.append(
      ApprovalVote(
        request: request.number, approver: voter, approvedAt: at,
        publicKey: people[voter]?.approvalKey ?? key.publicKey,
        signature: try key.sign(statement.bytes)))
  }

  func refusal(
    rule: String? = nil, standing: Standing? = nil, feeCap: UInt64 = 500, lane: Address? = Self.lane,
    at: Timestamp = Self.during
  ) throws -> PeopleError.Code? {
    let gate = ApprovalGate(
      rule: try rule.map { text throws(PeopleError) in try ApprovalRule(parsing: text) } ?? request.rule,
      signatures: RealSignatures())
    do throws(PeopleError) {
      try gate.check(found, standing ?? self.standing, feeCap: UInt256(feeCap), lane: lane, at: at)
      return nil
    } catch { return error.code }
  }
}
