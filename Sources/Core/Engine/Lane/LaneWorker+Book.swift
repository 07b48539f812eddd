import Chains
import Codecs
import Money
import Payouts
import Policy
import Signing

// An account that pays only to the address book: asked of the store for each batch, when it is planned and again when it
// is signed or bumped, so that a removal counts at once.
extension LaneWorker {
  /// Throws `policy.not_in_address_book` for the first of these that may not be paid now.
  func checkBook(_ payees: [Payee], _ now: Timestamp) throws {
    guard settings.paysOnlyBook else { return }
    let book = try store.bookChanges(chain, payees.map(\.address))
    guard let stranger = payees.first(where: { book[$0.address]?.age(at: now) == nil }) else { return }
    let address = signer.codec.text(stranger.address)
    let entry = book[stranger.address]
    let why = entry?.usableAt.map { "counts from \($0.milliseconds) on" } ?? "is not in the address book"
    throw PolicyError(
      .notInBook, "\(address) \(why), and AM_ADDRESS_BOOK_ONLY is set",
      hint: "almoner addresses list; add it and wait for its delay, or cancel the campaign")
  }

  /// Why the live batch may not be signed now; nil when it may.
  func bookProblem(_ batch: BatchID, _ now: Timestamp) throws -> EngineError? {
    guard settings.paysOnlyBook, let payees = live[batch]?.payees else { return nil }
    do { try checkBook(payees, now) } catch let error as PolicyError { return EngineError(error) }
    return nil
  }
}
