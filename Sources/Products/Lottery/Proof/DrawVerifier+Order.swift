import Audit
import Codecs
import Curves

/// The commitment came first.
extension DrawVerifier {
  func checkOrder(
    _ bundle: DrawBundle, _ commitments: [ClosingCommitment]
  ) throws(DrawProofError) -> Outcome {
    guard let last = commitments.last else { return (false, "") }
    switch bundle.witness {
    case nil: return (false, "the organiser's word: the bundle has no witness for the commitment's time")
    case .transaction(let chain, let hash):
      return (false, "look up transaction \(hash) on \(chain): it must carry \(last.hash), and be older than the value")
    case .checkpoint(let checkpoint, let records, let previous):
      try checkRecords(checkpoint, records, previous, holding: last.hash)
      let seconds = UInt64(clamping: checkpoint.at / 1000)
      guard let known = try knownAt(bundle, last) else {
        return (false, "a signed checkpoint covers the commitment, but when the value was known is its maker's word")
      }
      guard checkpoint.at >= 0, seconds < known else {
        throw DrawVerifier.refuted("the checkpoint is of \(seconds), the value of \(known)")
      }
      guard let witnessKey else {
        return (
          false,
          "checkpoint \(checkpoint.number) is older than the value; that its key is the organiser's, and its clock right, is its holder's word"
        )
      }
      guard witnessKey == checkpoint.publicKey else {
        throw DrawVerifier.refuted("the checkpoint is signed by another key than the one given")
      }
      return (
        true,
        "checkpoint \(checkpoint.number), signed by the given key, is older than the value by \(known - seconds) s"
      )
    }
  }

  /// When a value could first be known; nil when its maker could know it at any time.
  private func knownAt(_ bundle: DrawBundle, _ commitment: ClosingCommitment) throws(DrawProofError) -> UInt64? {
    guard case .beacon(let hash, let round) = bundle.proven.question,
      let chain = chains.first(where: { $0.hash == hash })
    else { return nil }
    do throws(BeaconError) { return try chain.seconds(ofRound: round) } catch {
      throw DrawVerifier.refuted(error.message)
    }
  }

  private func checkRecords(
    _ checkpoint: Checkpoint, _ records: [DrawBundle.AuditDraftPlace], _ previous: Hash32, holding commitment: Hash32
  ) throws(DrawProofError) {
    guard let first = records.first, first.draft.root == commitment else {
      throw DrawVerifier.refuted("the first audit record does not hold the commitment")
    }
    guard first.sequence > 0 else { throw DrawVerifier.refuted("audit records are counted from 1") }
    var head = AuditHead(chain: first.chain, sequence: first.sequence - 1, hash: previous)
    for record in records {
      guard record.chain == head.chain, head.sequence < .max, record.sequence == head.sequence + 1 else {
        throw DrawVerifier.refuted("the audit records do not follow one another")
      }
      head = head.next(record.draft, at: record.at, with: sha256).head
    }
    guard checkpoint.heads.contains(head) else {
      throw DrawVerifier.refuted("the checkpoint does not cover the audit records")
    }
    guard checkpoints.isSigned(checkpoint) else { throw DrawVerifier.refuted("the checkpoint's signature is wrong") }
  }
}
