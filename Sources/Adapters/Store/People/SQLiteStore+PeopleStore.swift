package import Codecs
package import Engine
package import Money
package import Policy

extension SQLiteStore: PeopleStore {
  package func people() throws(StoreError) -> [Person] {
    try read { database throws(StoreError) in try database.people() }
  }

  package func person(_ name: PersonName) throws(StoreError) -> Person? {
    try read { database throws(StoreError) in try database.person(name) }
  }

  package func session(_ tokenHash: Hash32) throws(StoreError) -> Policy.Session? {
    try read { database throws(StoreError) in try database.session(tokenHash) }
  }

  package func nextApprovalRequest() throws(StoreError) -> Int64 {
    try read { database throws(StoreError) in try database.nextApprovalRequest() }
  }

  package func approvalCase(of campaign: CampaignID) throws(StoreError) -> ApprovalCase? {
    try read { database throws(StoreError) in
      try database.newestRequest(of: campaign).flatMap { number throws(StoreError) in try database.approvalCase(number)
      }
    }
  }

  package func approvalCase(_ request: Int64) throws(StoreError) -> ApprovalCase? {
    try read { database throws(StoreError) in try database.approvalCase(request) }
  }

  package func approvalRequests(before: Int64?, limit: Int) throws(StoreError) -> [ApprovalRequest] {
    try read { database throws(StoreError) in try database.approvalRequests(before: before, limit: limit) }
  }
}
