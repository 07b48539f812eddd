package import Chains
package import Codecs

/// What a node makes of a transaction that it only tries.
package struct SupraSimulation: Hashable, Sendable {
  package let succeeds: Bool
  package let status: String
  package let gasUsed: UInt64?
}

extension SupraChain {
  /// Tries a transaction without sending it; the signature is zero. Throws `rail.view_refused` for what nodes do not try.
  package func simulate(_ transaction: SupraTransaction, publicKey: [UInt8]) throws(RailError) -> SupraSimulation {
    let body = SupraSignedTransaction(simulating: transaction, publicKey: publicKey).submitJSON
    let words = nodes.ask([NodeRequest(path("transactions/simulate"), .json(body))]).map { $0[0] }
    // Gas may differ between nodes a block apart: the verdict is what must be agreed on.
    let tries = words.compactMap { word -> SupraSimulation? in
      if case .value(let json, _) = word { SupraSimulation(json) } else { nil }
    }
    for succeeds in [true, false] {
      let same = tries.filter { $0.succeeds == succeeds }
      if same.count >= quorum.size, let first = same.first { return first }
    }
    for word in words { if case .refused(let status, let message) = word { throw SupraChain.refusal(status, message) } }
    throw nodes.noQuorum(words)
  }

  /// Hands bytes to every node. The hash by which they know it: of a quorum, or of any while no two differ; nil when no
  /// node named one. No answer is news about the money.
  package func submit(_ transaction: SupraSignedTransaction) -> (hash: String?, words: [String]) {
    let request = NodeRequest(path("transactions/submit"), .transaction(transaction.submitBody))
    let answers = nodes.ask([request]).map { $0[0] }
    var hashes: Set<String> = []
    var words: [String] = []
    for (endpoint, answer) in zip(nodes.endpoints, answers) {
      switch answer {
      case .value(let json, _):
        if let hash = json.string.flatMap({ Hex.bytes($0) }).flatMap({ Hash32($0) }) {
          hashes.insert(hash.description)
        } else {
          words.append("\(endpoint.id): an answer without a hash")
        }
      case .notFound: words.append("\(endpoint.id): the call is not there")
      case .refused(_, let message): words.append("\(endpoint.id): \(message)")
      case .none(let why): words.append("\(endpoint.id): \(why)")
      }
    }
    return (hashes.count == 1 ? hashes.first : nil, words)
  }

  /// What nodes say of a transaction now; one look for each node that answered everything.
  package func looks(_ hash: String?, sender: MoveAddress) -> [EndpointID: SupraLook] {
    let heads = nodes.ask([NodeRequest(path("block"))])
    let accounts = nodes.ask([NodeRequest(path("accounts/\(sender.long)"))])
    let sights = hash.map { nodes.ask([NodeRequest(path("transactions/\(PlainWords.encoded($0))?type=user"))]) }
    var looks: [EndpointID: SupraLook] = [:]
    for (place, endpoint) in nodes.endpoints.enumerated() {
      guard case .value(let head, _) = heads[place][0], let head = SupraHead(head),
        case .value(let account, _) = accounts[place][0], let account = SupraAccount(account)
      else { continue }
      let sight: SupraLook.Sight
      switch sights?[place][0] {
      case .value(let json, _): sight = SupraLook.Sight(json, hash: hash)
      case .notFound, .refused, nil: sight = .none
      case .some(.none): continue
      }
      looks[endpoint.id] = SupraLook(
        blockSeconds: head.seconds, sequenceNumber: account.sequenceNumber, sight: sight)
    }
    return looks
  }

  /// The fate that a quorum of nodes states, each by its own look; nil while there is none.
  package func fate(_ hash: String?, of transaction: SupraTransaction) -> SupraFate? {
    quorum.agreed(
      looks(hash, sender: transaction.sender).mapValues {
        SupraFate($0, sequenceNumber: transaction.sequenceNumber, expiration: transaction.expiration)
      })
  }
}

extension SupraLook.Sight {
  /// Success and Fail count once a block holds them; Invalid and every other word count for nothing.
  init(_ json: JSON, hash: String?) {
    let output = json["output"]?["Move"]
    let status = output?["vm_status"]?.string ?? json["vm_status"]?.string ?? ""
    let gas = output?["gas_used"].flatMap(MoveAnswer.digits).flatMap { UInt64($0) }
    guard let header = json["block_header"], !header.isNull,
      let named = json["hash"]?.string, named.lowercased() == hash?.lowercased()
    else {
      self = .none
      return
    }
    switch json["status"]?.string {
    case "Success": self = .success(status: PlainWords.cut(status), gasUsed: gas)
    case "Fail": self = .failure(status: PlainWords.cut(status), gasUsed: gas)
    default: self = .none
    }
  }
}

extension SupraSimulation {
  init?(_ json: JSON) {
    guard let status = json["status"]?.string else { return nil }
    let output = json["output"]?["Move"]
    self.init(
      succeeds: status == "Success", status: PlainWords.cut(output?["vm_status"]?.string ?? status),
      gasUsed: output?["gas_used"].flatMap(MoveAnswer.digits).flatMap { UInt64($0) })
  }
}
