import Codecs
import Engine
import Money
import Policy

extension WatchedStore {
  func people() throws(StoreError) -> [Person] {
    try look { () throws(StoreError) in try inner.people() }
  }

  func person(_ name: PersonName) throws(StoreError) -> Person? {
    try look { () throws(StoreError) in try inner.person(name) }
  }

  func session(_ tokenHash: Hash32) throws(StoreError) -> Session? {
    try look { () throws(StoreError) in try inner.session(tokenHash) }
  }

  func nextApprovalRequest() throws(StoreError) -> Int64 {
    try look { () throws(StoreError) in try inner.nextApprovalRequest() }
  }

  func approvalCase(of campaign: CampaignID) throws(StoreError) -> ApprovalCase? {
    try look { () throws(StoreError) in try inner.approvalCase(of: campaign) }
  }

  func approvalCase(_ request: Int64) throws(StoreError) -> ApprovalCase? {
    try look { () throws(StoreError) in try inner.approvalCase(request) }
  }

  func approvalRequests(before: Int64?, limit: Int) throws(StoreError) -> [ApprovalRequest] {
    try look { () throws(StoreError) in try inner.approvalRequests(before: before, limit: limit) }
  }
}
