import Codecs
import Curves

extension DrawVerifier {
  /// The list, when there is one, leads to the root.
  func checkList(_ bundle: DrawBundle) throws(DrawProofError) -> TicketRegister? {
    guard let list = bundle.purchases else { return nil }
    var register = TicketRegister(schema: bundle.schema)
    for purchase in list {
      guard (1...Limits.ticketsPerPurchase).contains(purchase.tickets) else {
        throw DrawVerifier.refuted("a purchase of \(purchase.tickets) tickets")
      }
      register.append(quantity: purchase.tickets, buyer: register.buyers.admit(purchase.buyer))
    }
    let root = bundle.schema == .v1 ? register.chainDigest : register.tree.root?.hash ?? .zero
    guard root == bundle.basis.root, register.count == bundle.basis.ticketsSold,
      UInt64(list.count) == bundle.basis.purchases
    else { throw DrawVerifier.refuted("the purchases are not those of the snapshot") }
    return register
  }

  func checkWinners(_ bundle: DrawBundle, _ commitment: ClosingCommitment) throws(DrawProofError) {
    let config = bundle.config
    guard UInt64(bundle.winners.count) == config.totalWinners else {
      throw DrawVerifier.refuted(
        "the prize plan has \(config.totalWinners) winners, the bundle \(bundle.winners.count)")
    }
    let derivation = WinnerDerivation(
      schema: bundle.schema, lotteryId: bundle.lotteryId, plan: config.prizePlan, winnersDedup: config.winnersDedup,
      randomNumbers: commitment.numbers(
        from: bundle.proven.value, isFallback: bundle.isFallback, count: config.prizePlan.count),
      snapshotHash: commitment.snapshotHash, payloadHash: Keccak.sha3(commitment.payload), attempt: commitment.attempt,
      totalTickets: commitment.ticketsSold)
    let derived: [DerivedWinner]
    do throws(LotteryError) {
      derived = try derivation.winners(from: 0, count: config.totalWinners, taken: TakenTickets()).winners
    } catch { throw DrawVerifier.refuted("no winners can be drawn: \(error.message)") }
    var chain = WinnerChain()
    for (winner, claimed) in zip(derived, bundle.winners) {
      guard winner.slotId == claimed.record.slotId, winner.ticketIndex == claimed.record.ticketIndex,
        winner.winnerHash == claimed.record.winnerHash
      else { throw DrawVerifier.refuted("winner \(winner.ordinal) is ticket \(winner.ticketIndex)") }
      chain.append(winner)
    }
    guard chain.batchHash == bundle.winnersBatchHash, chain.checksum == bundle.checksumAfterBatch else {
      throw DrawVerifier.refuted("the hashes over all winners are others")
    }
  }

  func checkOwners(
    _ bundle: DrawBundle, _ register: TicketRegister?
  ) throws(DrawProofError) -> Outcome {
    let root = PurchaseTree.Node(tickets: bundle.basis.ticketsSold, hash: bundle.basis.root)
    for winner in bundle.winners {
      let ticket = winner.record.ticketIndex
      if let register {
        guard (try? register.owner(of: ticket)) == winner.record.winner else {
          throw DrawVerifier.refuted("ticket \(ticket) is not \(winner.record.winner)'s")
        }
      } else if bundle.schema >= .v2 {
        guard let proof = winner.proof, proof.buyer == winner.record.winner, proof.proves(ticket, under: root) else {
          throw DrawVerifier.refuted("nothing proves that ticket \(ticket) is \(winner.record.winner)'s")
        }
      }
    }
    if let register {
      let open = bundle.schema == .v1 ? register.count % Limits.ticketChunk : 0
      return open == 0
        ? (true, "each winning ticket's owner stands in the list under the snapshot")
        : (false, "the organiser's word for the last \(open) tickets: schema 1 commits to full chunks of 256 owners")
    }
    return bundle.schema >= .v2
      ? (true, "each winning ticket's owner has a proof under the snapshot")
      : (false, "the organiser's word: without the list schema 1 shows no owner")
  }

  func checkPrizes(_ bundle: DrawBundle) throws(DrawProofError) -> String {
    var total: UInt64 = 0
    var settled = 0
    for prize in bundle.winners.compactMap(\.prize) {
      let (sum, over) = total.addingReportingOverflow(prize)
      guard !over else { throw DrawVerifier.refuted("the prizes do not fit 64 bits") }
      (total, settled) = (sum, settled + 1)
    }
    guard total <= bundle.basis.accounting.totalAllocated else {
      throw DrawVerifier.refuted("prizes of \(total), but \(bundle.basis.accounting.totalAllocated) were set aside")
    }
    return "\(settled) prizes of \(total) in all, of \(bundle.basis.accounting.totalAllocated) set aside"
  }
}
