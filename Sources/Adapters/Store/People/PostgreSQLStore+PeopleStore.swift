package import Codecs
package import Engine
package import Money
package import Policy

extension PostgreSQLStore: PeopleStore {
  package func people() throws(StoreError) -> [Person] {
    try read { session throws(StoreError) in try session.people() }
  }

  package func person(_ name: PersonName) throws(StoreError) -> Person? {
    try read { session throws(StoreError) in try session.person(name) }
  }

  package func session(_ tokenHash: Hash32) throws(StoreError) -> Policy.Session? {
    try read { session throws(StoreError) in try session.session(tokenHash) }
  }

  package func nextApprovalRequest() throws(StoreError) -> Int64 {
    try read { session throws(StoreError) in try session.nextApprovalRequest() }
  }

  package func approvalCase(of campaign: CampaignID) throws(StoreError) -> ApprovalCase? {
    try read { session throws(StoreError) in
      try session.newestRequest(of: campaign).flatMap { number throws(StoreError) in try session.approvalCase(number) }
    }
  }

  package func approvalCase(_ request: Int64) throws(StoreError) -> ApprovalCase? {
    try read { session throws(StoreError) in try session.approvalCase(request) }
  }

  package func approvalRequests(before: Int64?, limit: Int) throws(StoreError) -> [ApprovalRequest] {
    try read { session throws(StoreError) in try session.approvalRequests(before: before, limit: limit) }
  }
}
