import Chains
import Codecs
import Money

/// Who received what, read from the Transfer events of a final transaction.
///
/// A transaction that succeeded proves nothing by itself: old tokens answer `false` instead of reverting, others keep
/// a fee. Every event is used once, so that one payment cannot stand for two.
/// Source: PROTOCOL.md 4.2, EVM row; ERC-20.
enum CreditJudge {
  static func credits(
    _ payees: [Payee], token: EVMAddress, payer: EVMAddress, logs: [ReceiptLog]
  ) -> [Credit] {
    var sums: [[UInt8]: [UInt256]] = [:]
    for log in logs where log.address == token {
      guard let transfer = log.transfer, transfer.from == payer else { continue }
      sums[transfer.to.bytes, default: []].append(transfer.amount)
    }
    var credits = [Credit](repeating: .none, count: payees.count)
    var open: [Int] = []
    // Equal sums first: whoever was paid in full must not lose the event to a payee of the same address.
    for (place, payee) in payees.enumerated() {
      if let index = sums[payee.address.bytes]?.firstIndex(of: payee.units) {
        sums[payee.address.bytes]?.remove(at: index)
        credits[place] = .full
      } else {
        open.append(place)
      }
    }
    for place in open {
      let address = payees[place].address.bytes
      guard let first = sums[address]?.first else { continue }
      sums[address]?.removeFirst()
      credits[place] = .other(first)
    }
    return credits
  }

  /// The verdict over a member of ours that is in a final block.
  static func verdict(
    _ kind: AttemptKind, _ question: SlotQuestion, receipt: Receipt, token: EVMAddress?, batchContract: EVMAddress?
  ) -> Verdict? {
    switch kind {
    case .void: return .voided
    case .setup: return receipt.succeeded ? .settled : .reverted
    case .pay:
      guard receipt.succeeded else { return .reverted }
      guard let token else { return .paid }
      guard let payer = question.payees.count > 1 ? batchContract : EVMAddress(question.account.bytes) else {
        return nil
      }
      let credits = credits(question.payees, token: token, payer: payer, logs: receipt.logs)
      return credits.allSatisfy { $0 == .full } ? .paid : .credited(credits)
    }
  }
}
