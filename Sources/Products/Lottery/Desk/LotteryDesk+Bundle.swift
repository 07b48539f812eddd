package import Audit
import Codecs
import Curves
import Engine

extension LotteryDesk {
  /// The bundle of a lottery whose winners are all known, from the journal, the books and the audit trail.
  ///
  /// `checkpoints`: those that the trail's key has signed. Throws `draw.out_of_order` without a plan or winners,
  /// `draw.bundle_too_large`, and what the store throws.
  package func bundle(_ id: UInt64, checkpoints: [Checkpoint], wholeList: Bool = false) throws -> DrawBundle {
    try catchUp()
    guard let standing, let course = standing.courses.courses[id] else {
      throw DrawProofError(
        .outOfOrder, "lottery \(id) has no plan of randomness, so its draw has no proof",
        hint: "a plan is declared before sales open: almoner lottery plan_randomness")
    }
    let bundle = try standing.engine.drawBundle(
      of: course, prizes: standing.books.prizes(of: id, winners: standing.engine), wholeList: wholeList)
    var whole = bundle
    whole.witness = try witness(of: bundle, among: checkpoints)
    return whole
  }

  /// The first checkpoint over the record of the commitment, if it was signed before the value could be known.
  private func witness(of bundle: DrawBundle, among checkpoints: [Checkpoint]) throws -> DrawBundle.Witness? {
    guard let commitment = bundle.commitments.last?.hash else { return nil }
    var before = AuditHead.empty(0)
    var found: (before: Hash32, records: [AuditRecord])?
    while true {
      let page = try store.auditRecords(after: before, limit: LotteryDesk.page).filter { $0.chain == 0 }
      guard let last = page.last else { break }
      for record in page {
        if found == nil, record.draft.root == commitment, record.draft.action == "lottery.committed" {
          found = (before.hash, [])
        }
        found?.records.append(record)
        before = record.head
        if let found, let checkpoint = checkpoints.first(where: { $0.heads.contains(record.head) }) {
          return witness(checkpoint, found.before, found.records, bundle)
        }
      }
      guard last.sequence == before.sequence, (found?.records.count ?? 0) < DrawBundle.mostRecords else { break }
    }
    return nil
  }

  private func witness(
    _ checkpoint: Checkpoint, _ before: Hash32, _ records: [AuditRecord], _ bundle: DrawBundle
  ) -> DrawBundle.Witness? {
    if case .beacon(let hash, let round) = bundle.proven.question {
      let known = try? DrandChain.known.first { $0.hash == hash }?.seconds(ofRound: round)
      guard checkpoint.at >= 0, let known, UInt64(checkpoint.at) / 1000 < known else { return nil }
    }
    guard records.count <= DrawBundle.mostRecords, records.allSatisfy({ $0.draft.details.utf8.count <= 65_536 }) else {
      return nil
    }
    let places = records.map {
      DrawBundle.AuditDraftPlace(chain: $0.chain, sequence: $0.sequence, at: $0.at, draft: $0.draft)
    }
    return .checkpoint(checkpoint, records: places, previous: before)
  }
}

extension LotteryBooks {
  /// What each winner got, by ordinal; nil for those that no batch has paid.
  func prizes(of id: UInt64, winners engine: LotteryEngine) -> [UInt64?] {
    let count = Int(clamping: min(engine.payouts?.states[id]?.totalRequired ?? 0, UInt64(DrawBundle.mostWinners)))
    var prizes = [UInt64?](repeating: nil, count: count)
    for batch in batches where batch.lottery == id {
      guard case .prizes(let first, let winners) = batch.kind else { continue }
      for place in 0..<winners where first + place < UInt64(count) {
        prizes[Int(first + place)] = LotteryBatch.share(of: batch.units, place: place, among: winners)
      }
    }
    return prizes
  }
}
