import Chains
import Codecs
import Money
package import Policy

// What a proposal or an answer to one may be, shared by every store.

extension Proposal {
  /// Throws `store.stale_state` unless it has the next number and its digest is that of its content.
  package func check(next: Int64) throws(StoreError) {
    guard number == next else { throw .stale("proposal \(number) is not the next one") }
    guard isWhole, createdAt < expiresAt else { throw .stale("proposal \(number) is not what its digest says") }
  }

  var record: PeopleWrite.Record {
    PeopleWrite.Record(
      action: "proposal.made", entity: "proposal", id: "\(number)",
      details: [
        "kind": .string(kind.rawValue), "subject": .string(subject), "initiator": .string(initiator),
        "expires_at": .integer(expiresAt.milliseconds), "public_key": hex(signature?.publicKey),
        "signature": hex(signature?.signature),
      ], root: digest, isPublic: true)
  }
}

extension ProposalAnswer {
  /// Throws `store.stale_state` unless the proposal is open and is the one that was seen, and for a yes by whoever made
  /// it or after its time.
  package func check(_ found: ProposalCase?) throws(StoreError) {
    guard let found, found.answer == nil, found.isNewest else { throw .stale("proposal \(proposal) is not open") }
    guard found.proposal.digest == digest, found.proposal.initiator == initiator,
      found.proposal.expiresAt == expiresAt
    else { throw .stale("proposal \(proposal) is not the one that was seen") }
    guard word == .rejected || (by != initiator && at < expiresAt && at >= found.proposal.createdAt) else {
      throw .stale("\(by) cannot confirm proposal \(proposal) at this time")
    }
  }

  var record: PeopleWrite.Record {
    PeopleWrite.Record(
      action: "proposal.\(word.rawValue)", entity: "proposal", id: "\(proposal)",
      details: [
        "by": .string(by), "initiator": .string(initiator), "reason": .string(reason),
        "at": .integer(at.milliseconds), "public_key": hex(signature?.publicKey),
        "signature": hex(signature?.signature),
      ], root: digest, isPublic: true)
  }
}

extension BookChange {
  var record: PeopleWrite.Record {
    PeopleWrite.Record(
      action: isRemoval ? "address.removed" : "address.added", entity: "address",
      id: "\(chain)/\(Hex.text(address.bytes))",
      details: [
        "label": .string(label), "usable_at": usableAt.map { .integer($0.milliseconds) } ?? .null,
        "by": .string(by),
      ], isPublic: true)
  }
}

private func hex(_ bytes: [UInt8]?) -> JSON { bytes.map { .string(Hex.text($0)) } ?? .null }
