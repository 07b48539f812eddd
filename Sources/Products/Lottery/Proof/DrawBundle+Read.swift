import Codecs
import Audit
import Curves

extension DrawBundle {
  /// Reads a file. Throws `draw.bundle_malformed`, `draw.bundle_too_large`; nothing of it is verified.
  package init(json bytes: [UInt8]) throws(DrawProofError) {
    guard bytes.count <= DrawBundle.mostBytes else {
      throw DrawProofError(.bundleTooLarge, "\(bytes.count) bytes, at most \(DrawBundle.mostBytes) are read")
    }
    let parsed: JSON
    do throws(JSONError) {
      parsed = try JSON.parse(bytes, limits: JSON.Limits(bytes: DrawBundle.mostBytes, depth: 8))
    } catch { throw DrawProofError(.bundleMalformed, "the file is not JSON: \(error.message)") }
    try self.init(parsed)
  }

  private init(_ parsed: JSON) throws(DrawProofError) {
    let top = try BundleReader(parsed, "bundle")
    guard try top.text("format") == DrawBundle.format else {
      throw DrawProofError(
        .bundleMalformed, "this is no \(DrawBundle.format)", hint: "A newer file needs a newer program.")
    }
    try top.only([
      "format", "schema", "lottery", "config", "plan", "closings", "snapshot", "purchases", "randomness", "winners",
      "winners_batch_hash", "checksum_after_batch", "witness",
    ])
    guard let schema = Schema(rawValue: UInt16(truncatingIfNeeded: try top.small("schema", most: 2))) else {
      throw BundleReader.malformed("bundle.schema", "1 or 2")
    }
    self.schema = schema
    lotteryId = try top.u64("lottery")
    let configBytes = try top.bytes("config", most: 65_536)
    do throws(LotteryError) { config = try Config(bcs: configBytes, schema: schema) } catch {
      throw DrawProofError(.bundleMalformed, "bundle.config: \(error.message)")
    }
    plan = try RandomnessPlan(try top.child("plan"))
    var closings: [Closing] = []
    for value in try top.list("closings", most: Int(Limits.vrfAttempts)) {
      closings.append(try Closing(try BundleReader(value, "closings")))
    }
    self.closings = closings
    basis = try SnapshotBasis(try top.child("snapshot"))
    var list: [Purchase]?
    if let value = try top.optional("purchases") {
      var read: [Purchase] = []
      for element in try BundleReader.list(value, "purchases", most: DrawBundle.mostPurchases) {
        let pair = try BundleReader.list(element, "purchases", most: 2)
        guard pair.count == 2 else { throw BundleReader.malformed("purchases", "a buyer and a number of tickets") }
        read.append(
          Purchase(
            buyer: LotteryAddress(try BundleReader.hash(pair[0], "purchases")),
            tickets: try BundleReader.small(pair[1], "purchases", most: Limits.ticketsPerPurchase)))
      }
      list = read
    }
    purchases = list
    var winners: [Winner] = []
    for value in try top.list("winners", most: DrawBundle.mostWinners) {
      winners.append(try Winner(try BundleReader(value, "winners")))
    }
    self.winners = winners
    winnersBatchHash = try top.hash("winners_batch_hash")
    checksumAfterBatch = try top.hash("checksum_after_batch")
    let value = try top.child("randomness")
    isFallback = try value.bool("fallback")
    if let witness = try top.optional("witness") {
      self.witness = try Witness(try BundleReader(witness, "witness"))
    } else {
      witness = nil
    }
    // The question is the commitment's, which stands only when everything else is read.
    proven = ProvenRandomness(.beacon(chain: .zero, round: 0), proof: .vrf([]), value: [])
    proven = try readRandomness(value)
  }

  private func readRandomness(_ reader: BundleReader) throws(DrawProofError) -> ProvenRandomness {
    guard let source = isFallback ? plan.fallback : plan.source, let commitment = commitments.last else {
      throw BundleReader.malformed("randomness", "a fallback in the plan and a closing")
    }
    let bytes = try reader.bytes("value", most: 64)
    switch try reader.text("kind") {
    case "beacon":
      try reader.only(["fallback", "value", "kind", "round", "signature", "previous_signature"])
      let beacon = Beacon(
        round: try reader.u64("round"), signature: try reader.bytes("signature", most: 96),
        previousSignature: try reader.bytes("previous_signature", most: 96))
      return ProvenRandomness(
        commitment.question(to: source, isFallback: isFallback), proof: .beacon(beacon), value: bytes)
    case "vrf":
      try reader.only(["fallback", "value", "kind", "proof"])
      return ProvenRandomness(
        commitment.question(to: source, isFallback: isFallback), proof: .vrf(try reader.bytes("proof", most: 80)),
        value: bytes)
    case "callback":
      try reader.only(["fallback", "value", "kind", "nonce", "signature"])
      return ProvenRandomness(
        commitment.question(to: source, isFallback: isFallback, nonce: try reader.u64("nonce")),
        proof: .callback(signature: try reader.bytes("signature", most: 256)), value: bytes)
    default: throw BundleReader.malformed("randomness.kind", "beacon, vrf or callback")
    }
  }
}

extension RandomnessPlan {
  init(_ reader: BundleReader) throws(DrawProofError) {
    try reader.only(["source", "fallback", "margin_secs", "deadline_secs"])
    var fallback: Source?
    if let value = try reader.optional("fallback") { fallback = try Source(try BundleReader(value, "plan.fallback")) }
    try self.init(
      source: try Source(try reader.child("source")), fallback: fallback, marginSecs: try reader.u64("margin_secs"),
      deadlineSecs: try reader.u64("deadline_secs"))
  }
}

extension RandomnessPlan.Source {
  init(_ reader: BundleReader) throws(DrawProofError) {
    switch try reader.text("kind") {
    case "vrf": self = .vrf(publicKey: try reader.bytes("public_key", most: 32))
    case "beacon": self = .beacon(chain: try reader.hash("chain"))
    case "callback": self = .callback(network: try reader.bytes("network", most: 64))
    default: throw BundleReader.malformed("plan", "a source that is vrf, beacon or callback")
    }
  }
}

extension DrawBundle.Closing {
  fileprivate init(_ reader: BundleReader) throws(DrawProofError) {
    try reader.only(["closed_at", "committed_at", "attempt", "payload", "primary_round", "fallback_round", "deadline"])
    closedAt = try reader.u64("closed_at")
    committedAt = try reader.u64("committed_at")
    attempt = UInt8(truncatingIfNeeded: try reader.small("attempt", most: 255))
    payload = try reader.bytes("payload", most: 256)
    schedule = RandomnessPlan.Schedule(
      primaryRound: try reader.u64("primary_round"), fallbackRound: try reader.u64("fallback_round"),
      deadline: try reader.u64("deadline"))
  }
}

extension SnapshotBasis {
  fileprivate init(_ reader: BundleReader) throws(DrawProofError) {
    try reader.only(["tickets_sold", "proceeds", "distribution", "accounting", "purchases", "root"])
    var shares: [UInt16] = []
    for value in try reader.list("distribution", most: 4) {
      shares.append(UInt16(truncatingIfNeeded: try BundleReader.small(value, "snapshot.distribution", most: 10_000)))
    }
    var books: [UInt64] = []
    for value in try reader.list("accounting", most: 6) {
      books.append(try BundleReader.u64(value, "snapshot.accounting"))
    }
    guard shares.count == 4, books.count == 6 else {
      throw BundleReader.malformed("snapshot", "four shares and six sums")
    }
    var accounting = Accounting()
    (accounting.totalSales, accounting.totalAllocated, accounting.totalPrizePaid) = (books[0], books[1], books[2])
    (accounting.totalOperationsPaid, accounting.totalOperationsAllocated) = (books[3], books[4])
    accounting.jackpotAllowanceToken = books[5]
    let distribution: SalesDistribution
    do throws(LotteryError) {
      distribution = try SalesDistribution(
        prizeBps: shares[0], jackpotBps: shares[1], operationsBps: shares[2], reserveBps: shares[3])
    } catch { throw DrawProofError(.bundleMalformed, "snapshot.distribution: \(error.message)") }
    self.init(
      ticketsSold: try reader.u64("tickets_sold"), proceedsAccum: try reader.u64("proceeds"),
      distribution: distribution, accounting: accounting, purchases: try reader.u64("purchases"),
      root: try reader.hash("root"))
  }
}

extension TicketProof {
  /// Reads a proof as `json` writes it. Throws `draw.bundle_malformed`, `draw.bundle_too_large`.
  init(_ reader: BundleReader) throws(DrawProofError) {
    try reader.only(["buyer", "tickets", "steps"])
    var steps: [Step] = []
    for value in try reader.list("steps", most: DrawBundle.mostSteps) {
      let step = try BundleReader.list(value, "steps", most: 3)
      guard step.count == 3, let side = step[0].string, side == "left" || side == "right" else {
        throw BundleReader.malformed("steps", "a side, a number of tickets and a hash")
      }
      steps.append(
        Step(
          sibling: PurchaseTree.Node(
            tickets: try BundleReader.u64(step[1], "steps"), hash: try BundleReader.hash(step[2], "steps")),
          isLeft: side == "left"))
    }
    self.init(
      buyer: LotteryAddress(try reader.hash("buyer")), tickets: try reader.u64("tickets"), steps: steps)
  }
}

extension DrawBundle.Winner {
  fileprivate init(_ reader: BundleReader) throws(DrawProofError) {
    try reader.only(["slot", "ticket", "buyer", "hash", "prize", "proof"])
    var proof: TicketProof?
    if let value = try reader.optional("proof") { proof = try TicketProof(try BundleReader(value, "winners.proof")) }
    var prize: UInt64?
    if let value = try reader.optional("prize") { prize = try BundleReader.u64(value, "winners.prize") }
    self.init(
      record: WinnerRecord(
        slotId: try reader.u64("slot"), ticketIndex: try reader.u64("ticket"),
        winner: LotteryAddress(try reader.hash("buyer")), winnerHash: try reader.hash("hash")),
      proof: proof, prize: prize)
  }
}

extension DrawBundle.Witness {
  fileprivate init(_ reader: BundleReader) throws(DrawProofError) {
    guard try reader.text("kind") == "checkpoint" else {
      try reader.only(["kind", "chain", "hash"])
      guard try reader.text("kind") == "transaction" else {
        throw BundleReader.malformed("witness.kind", "checkpoint or transaction")
      }
      self = .transaction(chain: try reader.text("chain", most: 64), hash: try reader.hash("hash"))
      return
    }
    try reader.only([
      "kind", "number", "at", "heads", "previous", "public_key", "signature", "before", "records",
    ])
    var heads: [AuditHead] = []
    for value in try reader.list("heads", most: 10_000) {
      let head = try BundleReader.list(value, "witness.heads", most: 3)
      guard head.count == 3 else { throw BundleReader.malformed("witness.heads", "chain, number and hash") }
      heads.append(
        AuditHead(
          chain: try BundleReader.i64(head[0], "witness.heads"),
          sequence: try BundleReader.i64(head[1], "witness.heads"),
          hash: try BundleReader.hash(head[2], "witness.heads")))
    }
    var records: [DrawBundle.AuditDraftPlace] = []
    for value in try reader.list("records", most: DrawBundle.mostRecords) {
      records.append(try DrawBundle.AuditDraftPlace(try BundleReader(value, "witness.records")))
    }
    let checkpoint = Checkpoint(
      number: try reader.i64("number"), at: try reader.i64("at"), heads: heads, previous: try reader.hash("previous"),
      publicKey: try reader.bytes("public_key", most: 32), signature: try reader.bytes("signature", most: 64))
    self = .checkpoint(checkpoint, records: records, previous: try reader.hash("before"))
  }
}

extension DrawBundle.AuditDraftPlace {
  fileprivate init(_ reader: BundleReader) throws(DrawProofError) {
    try reader.only(["chain", "sequence", "at", "actor", "action", "entity", "entity_id", "details", "root"])
    var root: Hash32?
    if let value = try reader.optional("root") { root = try BundleReader.hash(value, "witness.records.root") }
    self.init(
      chain: try reader.i64("chain"), sequence: try reader.i64("sequence"), at: try reader.i64("at"),
      draft: AuditDraft(
        actor: try reader.text("actor"), action: try reader.text("action"), entity: try reader.text("entity"),
        entityID: try reader.text("entity_id"), details: try reader.text("details", most: 65_536), root: root))
  }
}
