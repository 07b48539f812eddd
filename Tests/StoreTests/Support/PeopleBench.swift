import Chains
import Codecs
import Engine
import Money
import Policy
import Testing

extension Bench {
  func person(_ name: String, _ roles: Set<Role> = [.approver], key: UInt8? = nil) throws -> Person {
    Person(
      name: try PersonName(name), roles: roles, password: "$argon2id$...",
      approvalKey: key.map { Array(repeating: $0, count: 32) }, createdBy: "operator:local",
      createdAt: Timestamp(milliseconds: 5))
  }

  func people(_ writes: PeopleWrite...) throws {
    try store.commit(
      Commit(guardedBy: nil, actor: "person:root", at: time(), writes: writes.map { .people($0) }))
  }

  @discardableResult
  func enrol(_ name: String, key: UInt8? = nil) throws -> Person {
    let person = try person(name, key: key)
    try people(.person(PersonChange(person, event: "enrolled")))
    return person
  }

  func request(_ number: Int64, _ campaign: Int64 = 1, nonce: UInt64? = nil) throws -> ApprovalRequest {
    ApprovalRequest(
      number: number, campaign: CampaignID(campaign),
      content: ApprovalContent(
        campaign: "uuid", chain: Bench.chain, asset: Bench.native, root: Bench.hash(3), count: 4, total: .max,
        feeCap: UInt256(9), lanes: [Bench.account, Bench.address(1)]),
      initiators: ["person:ina", "operator:local"], rule: try ApprovalRule(parsing: "2/3"),
      openedAt: Timestamp(milliseconds: 10), expiresAt: Timestamp(milliseconds: 20),
      nonce: Bench.hash(nonce ?? UInt64(100 + number)))
  }

  func vote(_ name: String, _ request: Int64 = 1) throws -> ApprovalVote {
    ApprovalVote(
      request: request, approver: try PersonName(name), approvedAt: Timestamp(milliseconds: 12),
      publicKey: Array(repeating: 1, count: 32), signature: Array(repeating: 2, count: 64))
  }
}
