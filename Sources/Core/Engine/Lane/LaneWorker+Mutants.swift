#if ALMONER_MUTANTS
  import Chains
  import Codecs
  import Money
  import Payouts
  import Signing

  // What a worker does when a rule is switched off. None of this is in any other build.
  extension LaneWorker {
    /// Ends a live batch without evidence, as if a stranger had spent its slot. False when the machines refuse.
    func forgeDeath(of id: BatchID, isCanceled: Bool = false) -> Bool {
      guard let entry = live[id], !entry.judged else { return false }
      let statement = Statement(
        endpoint: EndpointID("nobody"), verdict: .stranger, spender: .zero, blockNumber: 0, blockHash: .zero,
        feePaid: .zero)
      guard let evidence = Evidence.forged(statement),
        let end = try? Judgement.of(
          entry.batch, payees: entry.payees, evidence: evidence, isCanceled: isCanceled)
      else { return false }
      live[id]?.judged = true
      writes.append(.endBatch(end))
      return true
    }

    /// The batch as one who keeps only the newest hash knows it.
    func withoutOlderAttempts(_ batch: Batch) -> Batch {
      var batch = batch
      batch.attempts = batch.attempts.suffix(1)
      return batch
    }

    /// Commits, and may take a lost answer for a yes.
    func commitMutated(_ commit: Commit) throws(StoreError) {
      do throws(StoreError) { try store.commit(commit) } catch {
        guard Mutant.commitUnknownIsSuccess.isActive, error.code == .commitUnknown else { throw error }
      }
    }

    /// Asks for signatures over intents that no commit has made durable yet.
    func signTooEarly(_ held: LaneGuard) throws {
      guard Mutant.signBeforeIntent.isActive else { return }
      let requests = writes.compactMap { write -> SigningRequest? in
        guard case .intend(let intent) = write else { return nil }
        return SigningRequest(
          account: account, fence: held.fence, slot: intent.slot, unsigned: intent.attempt.unsigned.bytes)
      }
      _ = try signer.sign(requests)
    }
  }
#endif
