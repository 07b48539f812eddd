package import Chains
import Codecs
import Money
import Payouts
import Policy

// The record `almoner/signer-call/1`. A call's bytes have one form: what is read gives the same bytes again.
extension SignerCall {
  /// `number` is echoed in the answer.
  package func bytes(_ number: UInt64, chain: ChainID) -> [UInt8] {
    var writer = CanonicalBytes.Writer(tag: "almoner/signer-call/1")
    writer.append(number)
    writer.append(chain.description)
    switch self {
    case .describe: writer.append(UInt8(0))
    case .announce(let account, let fence):
      writer.append(UInt8(1))
      writer.append(account.bytes)
      writer.append(fence)
    case .sign(let requests):
      writer.append(UInt8(2))
      writer.append(signing: requests)
    case .accounts: writer.append(UInt8(3))
    case .highestFence(let account):
      writer.append(UInt8(4))
      writer.append(account.bytes)
    case .records(let account, let slots):
      writer.append(UInt8(5))
      writer.append(account.bytes)
      writer.append(slots: slots)
    case .recordsFrom(let account, let slot, let limit):
      writer.append(UInt8(6))
      writer.append(account.bytes)
      writer.append(slot)
      writer.append(limit)
    case .order(let account, let slots):
      writer.append(UInt8(7))
      writer.append(account.bytes)
      writer.append(slots: slots)
    }
    return writer.bytes
  }

  /// Throws `signing.bad_frame` for anything that is no call.
  package static func read(
    _ bytes: [UInt8]
  ) throws(SigningError) -> (number: UInt64, chain: ChainID, call: SignerCall) {
    do {
      var reader = try CanonicalBytes.Reader(bytes, tag: "almoner/signer-call/1")
      let number = try reader.uint64()
      let chain = try reader.chain()
      let call = try reader.call()
      try reader.finish()
      return (number, chain, call)
    } catch { throw SigningError(.badFrame, "a call is not readable: \(error.message)") }
  }
}

extension CanonicalBytes.Reader {
  fileprivate mutating func call() throws(CanonicalBytesError) -> SignerCall {
    switch try uint8() {
    case 0: return .describe
    case 1: return .announce(try account(), fence: try int64())
    case 2: return .sign(try signing())
    case 3: return .accounts
    case 4: return .highestFence(try account())
    case 5: return .records(try account(), slots: try slots())
    case 6: return .recordsFrom(try account(), slot: try uint64(), limit: try uint32())
    case 7: return .order(try account(), slots: try slots())
    default: throw CanonicalBytesError(.badValue, "there is no such call")
    }
  }

  mutating func chain() throws(CanonicalBytesError) -> ChainID {
    guard let chain = ChainID(try string()) else { throw CanonicalBytesError(.badValue, "a chain id is not readable") }
    return chain
  }

  /// An account of up to 64 bytes.
  mutating func account() throws(CanonicalBytesError) -> Address {
    let bytes = try bytes()
    guard (1...64).contains(bytes.count) else {
      throw CanonicalBytesError(.badValue, "an account of \(bytes.count) bytes")
    }
    return Address(bytes)
  }

  mutating func slots() throws(CanonicalBytesError) -> [UInt64] {
    let count = try count(elementBytes: 8)
    guard count <= SignerFrame.mostSlots else { throw CanonicalBytesError(.badValue, "too many slots at once") }
    var slots: [UInt64] = []
    for _ in 0..<count { slots.append(try uint64()) }
    return slots
  }

  mutating func asset() throws(CanonicalBytesError) -> AssetID {
    let chain = try string()
    let token = try optional { reader throws(CanonicalBytesError) in try reader.string() }
    return AssetID(chain: chain, token: token)
  }

  /// Approvals come once, requests name them by their place.
  fileprivate mutating func signing() throws(CanonicalBytesError) -> [SigningRequest] {
    let approvalCount = try count(elementBytes: 100)
    guard approvalCount <= SignerFrame.mostRequests else { throw CanonicalBytesError(.badValue, "too many approvals") }
    var approvals: [SignedApproval] = []
    for _ in 0..<approvalCount { approvals.append(try approval()) }
    var used: Set<Int> = []
    let count = try count(elementBytes: 25)
    guard count <= SignerFrame.mostRequests else { throw CanonicalBytesError(.badValue, "too many requests at once") }
    var requests: [SigningRequest] = []
    for _ in 0..<count {
      let account = try account()
      let fence = try int64()
      let slot = try uint64()
      let unsigned = try bytes()
      var grounds: SigningGrounds?
      if try bool() {
        let index = Int(try uint32())
        // Named in the order of their first use, so that equal calls have equal bytes.
        guard index < approvals.count, index <= used.count else {
          throw CanonicalBytesError(.badValue, "an approval is not there")
        }
        used.insert(index)
        grounds = try self.grounds(approvals[index])
      }
      requests.append(
        SigningRequest(account: account, fence: fence, slot: slot, unsigned: unsigned, grounds: grounds))
    }
    guard used.count == approvals.count, Set(approvals).count == approvals.count else {
      throw CanonicalBytesError(.badValue, "an approval is named by nothing, or twice there")
    }
    return requests
  }

  private mutating func grounds(_ approval: SignedApproval) throws(CanonicalBytesError) -> SigningGrounds {
    let payees = try count(elementBytes: 16)
    var payouts: [PayoutID] = []
    var places: [UInt64] = []
    for _ in 0..<payees {
      payouts.append(PayoutID(try int64()))
      places.append(try uint64())
    }
    let hashCount = try count(elementBytes: 32)
    var hashes: [Hash32] = []
    for _ in 0..<hashCount { hashes.append(try hash()) }
    return SigningGrounds(
      approval: approval, payouts: payouts, proof: ContentProof(places: places, hashes: hashes))
  }

  private mutating func approval() throws(CanonicalBytesError) -> SignedApproval {
    let campaign = try string()
    let chain = try chain()
    let asset = try asset()
    let root = try hash()
    let (payees, total, feeCap) = (try uint64(), try uint256(), try uint256())
    var lanes: [Address] = []
    for _ in 0..<(try count(elementBytes: 5)) { lanes.append(try account()) }
    var initiators: [String] = []
    for _ in 0..<(try count(elementBytes: 4)) { initiators.append(try string()) }
    let rule = try rule()
    let expiresAt = Timestamp(milliseconds: try int64())
    let nonce = try hash()
    let voteCount = try count(elementBytes: 16)
    guard voteCount <= 64, lanes == Set(lanes).sorted(), initiators == initiators.sorted() else {
      throw CanonicalBytesError(.badValue, "lists of an approval are too long or not in order")
    }
    var votes: [SignedApproval.Vote] = []
    for _ in 0..<voteCount { votes.append(try vote()) }
    return SignedApproval(
      content: ApprovalContent(
        campaign: campaign, chain: chain, asset: asset, root: root, count: payees, total: total, feeCap: feeCap,
        lanes: lanes),
      initiators: initiators, rule: rule, expiresAt: expiresAt, nonce: nonce, votes: votes)
  }

  private mutating func rule() throws(CanonicalBytesError) -> ApprovalRule {
    let (needed, eligible) = (Int(try uint32()), Int(try uint32()))
    guard let rule = try? ApprovalRule(needed, of: eligible) else {
      throw CanonicalBytesError(.badValue, "a rule is m/n")
    }
    return rule
  }

  private mutating func vote() throws(CanonicalBytesError) -> SignedApproval.Vote {
    guard let approver = try? PersonName(try string()) else {
      throw CanonicalBytesError(.badValue, "a person's name is not one")
    }
    return SignedApproval.Vote(
      approver: approver, approvedAt: Timestamp(milliseconds: try int64()), signature: try bytes())
  }
}

extension CanonicalBytes.Writer {
  mutating func append(slots: [UInt64]) {
    appendCount(slots.count)
    for slot in slots { append(slot) }
  }

  mutating func append(asset: AssetID) {
    append(asset.chain)
    append(optional: asset.token) { $0.append($1) }
  }

  fileprivate mutating func append(signing requests: [SigningRequest]) {
    var places: [SignedApproval: UInt32] = [:]
    var approvals: [SignedApproval] = []
    for case let grounds? in requests.map(\.grounds) where places[grounds.approval] == nil {
      places[grounds.approval] = UInt32(clamping: approvals.count)
      approvals.append(grounds.approval)
    }
    appendCount(approvals.count)
    for approval in approvals { append(approval) }
    appendCount(requests.count)
    for request in requests {
      append(request.account.bytes)
      append(request.fence)
      append(request.slot)
      append(request.unsigned)
      append(optional: request.grounds) { writer, grounds in
        writer.append(places[grounds.approval] ?? 0)
        // Each payee of the call: number and place. A call with unequal lists has no bytes of its own.
        let payees = zip(grounds.payouts, grounds.proof.places)
        writer.appendCount(min(grounds.payouts.count, grounds.proof.places.count))
        for (payout, place) in payees {
          writer.append(payout.raw)
          writer.append(place)
        }
        writer.appendCount(grounds.proof.hashes.count)
        for hash in grounds.proof.hashes { writer.append(hash) }
      }
    }
  }

  private mutating func append(_ approval: SignedApproval) {
    let content = approval.content
    append(content.campaign)
    append(content.chain.description)
    append(asset: content.asset)
    append(content.root)
    append(content.count)
    append(content.total)
    append(content.feeCap)
    appendCount(content.lanes.count)
    for lane in content.lanes { append(lane.bytes) }
    appendCount(approval.initiators.count)
    for initiator in approval.initiators { append(initiator) }
    append(UInt32(clamping: approval.rule.needed))
    append(UInt32(clamping: approval.rule.eligible))
    append(approval.expiresAt.milliseconds)
    append(approval.nonce)
    appendCount(approval.votes.count)
    for vote in approval.votes {
      append(vote.approver.raw)
      append(vote.approvedAt.milliseconds)
      append(vote.signature)
    }
  }
}
