package import Codecs
import Curves
import Audit

extension DrawBundle {
  /// The file's text: docs/reference/draw-bundle.md.
  package var json: JSON {
    BundleObject()
      .with("format", .string(DrawBundle.format))
      .with("schema", .integer(schema.rawValue))
      .with("lottery", .string("\(lotteryId)"))
      .with("config", .string(Hex.prefixed(config.bcs)))
      .with("plan", plan.json)
      .with("closings", .array(closings.map(\.json)))
      .with("snapshot", basis.json)
      .with("purchases", purchases.map { .array($0.map(\.json)) } ?? .null)
      .with("randomness", randomnessJSON)
      .with("winners", .array(winners.map(\.json)))
      .with("winners_batch_hash", .string(winnersBatchHash.description))
      .with("checksum_after_batch", .string(checksumAfterBatch.description))
      .with("witness", witness?.json ?? .null)
      .json
  }

  private var randomnessJSON: JSON {
    let object = BundleObject().with("fallback", .bool(isFallback))
      .with("value", .string(Hex.prefixed(proven.value)))
    switch proven.proof {
    case .beacon(let beacon):
      return object.with("kind", "beacon").with("round", .string("\(beacon.round)"))
        .with("signature", .string(Hex.prefixed(beacon.signature)))
        .with("previous_signature", .string(Hex.prefixed(beacon.previousSignature))).json
    case .vrf(let proof): return object.with("kind", "vrf").with("proof", .string(Hex.prefixed(proof))).json
    case .callback(let signature):
      var nonce: UInt64 = 0
      if case .callback(let named, _) = proven.question { nonce = named }
      return object.with("kind", "callback").with("nonce", .string("\(nonce)"))
        .with("signature", .string(Hex.prefixed(signature))).json
    }
  }
}

/// Members one after the other; names of ours come once each.
struct BundleObject {
  private var object = JSONObject()

  func with(_ key: String, _ value: JSON) -> BundleObject {
    var next = self
    _ = next.object.append(key, value)
    return next
  }

  var json: JSON { .object(object) }
}

extension RandomnessPlan {
  var json: JSON {
    BundleObject().with("source", source.json).with("fallback", fallback?.json ?? .null)
      .with("margin_secs", .string("\(marginSecs)")).with("deadline_secs", .string("\(deadlineSecs)")).json
  }
}

extension RandomnessPlan.Source {
  var json: JSON {
    switch self {
    case .vrf(let key): BundleObject().with("kind", "vrf").with("public_key", .string(Hex.prefixed(key))).json
    case .beacon(let chain): BundleObject().with("kind", "beacon").with("chain", .string(chain.description)).json
    case .callback(let network):
      BundleObject().with("kind", "callback").with("network", .string(Hex.prefixed(network))).json
    }
  }
}

extension DrawBundle.Closing {
  fileprivate var json: JSON {
    BundleObject().with("closed_at", .string("\(closedAt)")).with("committed_at", .string("\(committedAt)"))
      .with("attempt", .integer(attempt)).with("payload", .string(Hex.prefixed(payload)))
      .with("primary_round", .string("\(schedule.primaryRound)"))
      .with("fallback_round", .string("\(schedule.fallbackRound)"))
      .with("deadline", .string("\(schedule.deadline)")).json
  }
}

extension SnapshotBasis {
  fileprivate var json: JSON {
    let shares = [distribution.prizeBps, distribution.jackpotBps, distribution.operationsBps, distribution.reserveBps]
    let books = [
      accounting.totalSales, accounting.totalAllocated, accounting.totalPrizePaid, accounting.totalOperationsPaid,
      accounting.totalOperationsAllocated, accounting.jackpotAllowanceToken,
    ]
    return BundleObject().with("tickets_sold", .string("\(ticketsSold)")).with("proceeds", .string("\(proceedsAccum)"))
      .with("distribution", .array(shares.map { .integer($0) }))
      .with("accounting", .array(books.map { .string("\($0)") })).with("purchases", .string("\(purchases)"))
      .with("root", .string(root.description)).json
  }
}

extension DrawBundle.Purchase {
  fileprivate var json: JSON { .array([.string(buyer.description), .integer(tickets)]) }
}

extension TicketProof {
  /// As it stands in bundles and in files of single tickets.
  package var json: JSON {
    let path = steps.map { step in
      JSON.array([
        .string(step.isLeft ? "left" : "right"), .string("\(step.sibling.tickets)"),
        .string(step.sibling.hash.description),
      ])
    }
    return BundleObject().with("buyer", .string(buyer.description)).with("tickets", .string("\(tickets)"))
      .with("steps", .array(path)).json
  }
}

extension DrawBundle.Winner {
  fileprivate var json: JSON {
    BundleObject().with("slot", .string("\(record.slotId)")).with("ticket", .string("\(record.ticketIndex)"))
      .with("buyer", .string(record.winner.description)).with("hash", .string(record.winnerHash.description))
      .with("prize", prize.map { .string("\($0)") } ?? .null).with("proof", proof?.json ?? .null).json
  }
}

extension DrawBundle.Witness {
  fileprivate var json: JSON {
    switch self {
    case .transaction(let chain, let hash):
      return BundleObject().with("kind", "transaction").with("chain", .string(chain))
        .with("hash", .string(hash.description)).json
    case .checkpoint(let checkpoint, let records, let previous):
      return BundleObject().with("kind", "checkpoint").with("number", .string("\(checkpoint.number)"))
        .with("at", .string("\(checkpoint.at)")).with("heads", .array(checkpoint.heads.map(Self.json)))
        .with("previous", .string(checkpoint.previous.description))
        .with("public_key", .string(Hex.prefixed(checkpoint.publicKey)))
        .with("signature", .string(Hex.prefixed(checkpoint.signature)))
        .with("before", .string(previous.description)).with("records", .array(records.map(Self.json))).json
    }
  }

  private static func json(_ head: AuditHead) -> JSON {
    .array([.string("\(head.chain)"), .string("\(head.sequence)"), .string(head.hash.description)])
  }

  private static func json(_ place: DrawBundle.AuditDraftPlace) -> JSON {
    let draft = place.draft
    return BundleObject().with("chain", .string("\(place.chain)")).with("sequence", .string("\(place.sequence)"))
      .with("at", .string("\(place.at)")).with("actor", .string(draft.actor)).with("action", .string(draft.action))
      .with("entity", .string(draft.entity)).with("entity_id", .string(draft.entityID))
      .with("details", .string(draft.details)).with("root", draft.root.map { .string($0.description) } ?? .null).json
  }
}
