package import Codecs
package import Engine
package import Money
package import Policy

extension MemoryStore: PeopleStore {
  package func people() throws(StoreError) -> [Person] { read { $0.people.values.sorted { $0.name < $1.name } } }

  package func person(_ name: PersonName) throws(StoreError) -> Person? { read { $0.people[name] } }

  package func session(_ tokenHash: Hash32) throws(StoreError) -> Session? { read { $0.sessions[tokenHash] } }

  package func nextApprovalRequest() throws(StoreError) -> Int64 { read { Int64($0.approvalRequests.count) + 1 } }

  package func approvalCase(of campaign: CampaignID) throws(StoreError) -> ApprovalCase? {
    read { state in state.newestRequest(of: campaign).flatMap { state.approvalCase($0) } }
  }

  package func approvalCase(_ request: Int64) throws(StoreError) -> ApprovalCase? { read { $0.approvalCase(request) } }

  package func approvalRequests(before: Int64?, limit: Int) throws(StoreError) -> [ApprovalRequest] {
    read { state in
      Array(
        state.approvalRequests.values.filter { $0.number < before ?? .max }.sorted { $0.number > $1.number }
          .prefix(limit))
    }
  }
}

extension MemoryState {
  func newestRequest(of campaign: CampaignID) -> Int64? {
    approvalRequests.values.filter { $0.campaign == campaign }.map(\.number).max()
  }

  func approvalCase(_ number: Int64) -> ApprovalCase? {
    guard let request = approvalRequests[number] else { return nil }
    let given = votes[number] ?? []
    var voters: [PersonName: Person] = [:]
    for vote in given { voters[vote.approver] = people[vote.approver] }
    return ApprovalCase(request: request, votes: given, voters: voters)
  }
}

extension MemoryTransaction {
  mutating func apply(_ write: PeopleWrite, at: Timestamp) throws(StoreError) {
    switch write {
    case .person(let change): try put(change.person)
    case .session(let change): try put(change, at: at)
    case .ask(let request):
      guard state.campaigns[request.campaign] != nil else {
        throw StoreError(.notFound, "there is no campaign \(request.campaign)")
      }
      guard request.number == Int64(state.approvalRequests.count) + 1 else {
        throw .stale("request \(request.number) is not the next one")
      }
      guard !state.approvalRequests.values.contains(where: { $0.nonce == request.nonce }) else {
        throw StoreError(.conflict, "the nonce is taken")
      }
      put(\.approvalRequests, request.number, request)
    case .vote(let vote): try add(vote)
    case .reject(let no):
      guard var request = state.approvalRequests[no.request], request.mark == .open else {
        throw .stale("request \(no.request) is not open")
      }
      request.mark = .rejected
      put(\.approvalRequests, no.request, request)
    case .propose, .answer, .book: try applyControl(write)
    }
  }

  private mutating func put(_ person: Person) throws(StoreError) {
    let known = state.people[person.name]
    if person.version == 1, known != nil { throw StoreError(.conflict, "\(person.name) is enrolled") }
    guard person.version == (known?.version ?? 0) + 1 else {
      throw .stale("\(person.name) was changed by somebody else")
    }
    if let key = person.approvalKey,
      state.people.values.contains(where: { $0.name != person.name && $0.approvalKey == key })
    {
      throw StoreError(.conflict, "the approval key is somebody else's")
    }
    put(\.people, person.name, person)
  }

  private mutating func put(_ change: SessionChange, at: Timestamp) throws(StoreError) {
    let session = change.session
    if case .opened = change {
      guard state.sessions[session.tokenHash] == nil, state.people[session.person] != nil else {
        throw StoreError(.conflict, "the session cannot be opened")
      }
      return put(\.sessions, session.tokenHash, session)
    }
    guard var known = state.sessions[session.tokenHash], known.revokedAt == nil else {
      throw .stale("the session is revoked")
    }
    if case .revoked = change {
      known.revokedAt = at
    } else {
      known.lastUsedAt = max(known.lastUsedAt, session.lastUsedAt)
    }
    put(\.sessions, session.tokenHash, known)
  }

  private mutating func add(_ vote: ApprovalVote) throws(StoreError) {
    guard let request = state.approvalRequests[vote.request], request.mark == .open,
      state.newestRequest(of: request.campaign) == vote.request
    else { throw .stale("request \(vote.request) is not open, or another one was asked since") }
    let given = state.votes[vote.request] ?? []
    guard !given.contains(where: { $0.approver == vote.approver }) else {
      throw StoreError(.conflict, "\(vote.approver) has approved this")
    }
    put(\.votes, vote.request, given + [vote])
  }
}
