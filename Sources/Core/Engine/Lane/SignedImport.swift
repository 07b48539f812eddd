package import Chains
package import Codecs
import Money
package import Payouts

/// Takes bytes that were signed elsewhere into the store, where the next run hands them over.
package struct SignedImport {
  private let store: any PayoutStore
  private let codec: any TransactionCodec
  private let clock: any EngineClock
  private let actor: String
  private let recover: @Sendable (Hash32, RecoverableSignature) -> Address?

  /// `recover`: the account that made a signature over a digest, or nil.
  package init(
    store: any PayoutStore, codec: any TransactionCodec, clock: any EngineClock, actor: String,
    recover: @escaping @Sendable (Hash32, RecoverableSignature) -> Address?
  ) {
    self.store = store
    self.codec = codec
    self.clock = clock
    self.actor = actor
    self.recover = recover
  }

  package struct Report: Hashable, Sendable {
    package var recorded = 0
    package var already = 0
    /// Transaction hashes that fit no intended attempt of the lane.
    package var strangers: [Hash32] = []
    package init() {}
  }

  /// Records bytes whose signing hash is that of an intended attempt of the lane and whose signature is the lane's.
  ///
  /// Throws `rail.bad_bytes` for bytes that cannot be read or a signature of another account: then nothing is recorded.
  package func take(_ raw: [[UInt8]], lane: Lane, _ held: LaneGuard) throws -> Report {
    var report = Report()
    var writes: [Write] = []
    let live = try store.liveBatches(lane.id)
    for bytes in raw {
      let (unsigned, signature) = try codec.disassemble(bytes)
      let signed = try codec.assemble(unsigned.bytes, signature)
      guard signed.bytes == bytes, recover(unsigned.signingHash, signature) == lane.account else {
        throw RailError(
          .badBytes, "transaction \(signed.hash) is not signed by \(codec.text(lane.account))",
          hint: "sign with the key of the sending account")
      }
      guard let batch = live.first(where: { $0.attempts.contains { $0.unsigned.signingHash == unsigned.signingHash } }),
        let attempt = batch.attempts.first(where: { $0.unsigned.signingHash == unsigned.signingHash })
      else {
        report.strangers.append(signed.hash)
        continue
      }
      guard attempt.state == .intended else {
        report.already += 1
        continue
      }
      writes.append(.recordBytes(RecordedBytes(batch: batch.id, attempt: attempt.id, signed: signed)))
      report.recorded += 1
    }
    guard !writes.isEmpty else { return report }
    try store.commit(Commit(guardedBy: held, actor: actor, at: clock.now(), writes: writes))
    return report
  }
}
