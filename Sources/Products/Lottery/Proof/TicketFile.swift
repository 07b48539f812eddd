package import Codecs

/// The proof of one ticket as a file of its own: `almoner/ticket/1`.
package struct TicketFile: Hashable, Sendable {
  package static let format = "almoner/ticket/1"

  package let ticket: UInt64
  package let proof: TicketProof

  /// Takes the proof out of a bundle with all purchases. Throws `draw.ticket_refuted` without the list, in schema 1, and
  /// for a ticket that was not sold.
  package init(_ bundle: DrawBundle, ticket: UInt64) throws(DrawProofError) {
    guard let list = bundle.purchases, bundle.schema >= .v2 else {
      throw DrawProofError(.ticketRefuted, "proofs come from a bundle of schema 2 with all purchases")
    }
    var register = TicketRegister(schema: bundle.schema)
    for purchase in list {
      guard (1...Limits.ticketsPerPurchase).contains(purchase.tickets) else {
        throw DrawProofError(.refuted, "a purchase of \(purchase.tickets) tickets")
      }
      register.append(quantity: purchase.tickets, buyer: register.buyers.admit(purchase.buyer))
    }
    guard register.tree.root?.hash == bundle.basis.root, ticket < register.count else {
      throw DrawProofError(.ticketRefuted, "the list is not the snapshot's, or ticket \(ticket) was not sold")
    }
    var prover = TicketProver(register)
    do throws(LotteryError) { proof = try prover.proof(of: ticket) } catch {
      throw DrawProofError(.ticketRefuted, error.message)
    }
    self.ticket = ticket
  }

  /// Throws `draw.bundle_malformed`, `draw.bundle_too_large`.
  package init(json bytes: [UInt8]) throws(DrawProofError) {
    let parsed: JSON
    do throws(JSONError) { parsed = try JSON.parse(bytes, limits: JSON.Limits(bytes: 1 << 20, depth: 6)) } catch {
      throw DrawProofError(.bundleMalformed, "the file is not JSON: \(error.message)")
    }
    let top = try BundleReader(parsed, "ticket")
    try top.only(["format", "ticket", "proof"])
    guard try top.text("format") == TicketFile.format else {
      throw DrawProofError(.bundleMalformed, "this is no \(TicketFile.format)")
    }
    ticket = try top.u64("ticket")
    proof = try TicketProof(try top.child("proof"))
  }

  package var json: JSON {
    BundleObject().with("format", .string(TicketFile.format)).with("ticket", .string("\(ticket)"))
      .with("proof", proof.json).json
  }

  /// Throws `draw.ticket_refuted` unless the proof leads to this root of so many tickets.
  package func verify(root: Hash32, sold: UInt64) throws(DrawProofError) {
    guard proof.proves(ticket, under: PurchaseTree.Node(tickets: sold, hash: root)) else {
      throw DrawProofError(.ticketRefuted, "nothing here proves whose ticket \(ticket) is")
    }
  }
}
