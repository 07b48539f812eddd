package import Chains
package import Codecs
package import Money

/// Payouts that one operation has decided: a campaign of the core, funded in the same commit.
package struct LotteryBatch: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Winners from this ordinal on.
    case prizes(first: UInt64, count: UInt64)
    /// Tickets from this one on.
    case refunds(first: UInt64, count: UInt64)
    case partner(LotteryAddress)
  }
  package let lottery: UInt64
  /// The round; for a partner the number of the journal's entry, since a round may have several.
  package let number: UInt64
  package let kind: Kind
  package let units: UInt64

  /// What the names of all campaigns of lotteries begin with, and of no others.
  package static let namePrefix = "lottery/"

  /// `lottery/7/prizes/1`: the campaign's name.
  package var name: String { "\(LotteryBatch.namePrefix)\(lottery)/\(word)s/\(number)" }

  var word: String {
    switch kind {
    case .prizes: "prize"
    case .refunds: "refund"
    case .partner: "partner"
    }
  }

  /// The pot that pays.
  var pot: LotteryPot {
    switch kind {
    case .prizes: .prize
    case .refunds: .refunds
    case .partner: .vault
    }
  }
}

/// One payout of a batch. Keys are unique for ever: `lottery-7-prize-0`.
package struct LotteryPayee: Hashable, Sendable {
  package let key: String
  package let address: Address
  package let units: UInt256
}

/// Puts the payouts of a batch into their campaign. The same batch again changes nothing.
///
/// Implemented over the stores' loads by whoever wires the desk; a campaign is loaded when its `readyOrdinal` is above 0.
package protocol LotteryPayoutLoading {
  /// `payees` ascend by address, no address twice; `content` names them.
  func load(_ payees: [LotteryPayee], content: Hash32, into campaign: CampaignID) throws
}

extension LotteryBatch {
  /// Who is paid what, ascending by address. The units are shared evenly, in order of ordinals or tickets; what does not
  /// divide goes to the first ones, a unit each. Who stands there more than once gets one payout, under the first key.
  ///
  /// Throws `lottery_desk.bad_batch`, `lottery_desk.not_payable`, and what the engine throws.
  package func payees(_ engine: LotteryEngine, on chain: ChainID) throws -> [LotteryPayee] {
    let owners = try owners(engine)
    guard !owners.isEmpty, units >= UInt64(owners.count) else {
      throw LotteryDeskError(.badBatch, "\(units) units for \(owners.count) payees of \(name)")
    }
    var found: [Address: (key: String, units: UInt256)] = [:]
    for (place, owner) in owners.enumerated() {
      guard let address = owner.address.payee(on: chain) else {
        throw LotteryDeskError(.notPayable, "\(owner.address) is no address of \(chain)")
      }
      let share = UInt256(LotteryBatch.share(of: units, place: UInt64(place), among: UInt64(owners.count)))
      if let known = found[address] {
        found[address] = (known.key, try known.units.adding(share))
      } else {
        found[address] = ("lottery-\(lottery)-\(word)-\(owner.ordinal)", share)
      }
    }
    return found.map { LotteryPayee(key: $0.value.key, address: $0.key, units: $0.value.units) }
      .sorted { $0.address < $1.address }
  }

  /// What the owner at a place gets of the units: the shares sum to them, and the first ones take what does not divide, a
  /// unit each.
  package static func share(of units: UInt64, place: UInt64, among owners: UInt64) -> UInt64 {
    guard owners > 0 else { return 0 }
    let (each, rest) = units.quotientAndRemainder(dividingBy: owners)
    return each + (place < rest ? 1 : 0)
  }

  /// Address and ordinal of each share, in order.
  private func owners(_ engine: LotteryEngine) throws -> [(address: LotteryAddress, ordinal: UInt64)] {
    switch kind {
    case .partner(let partner): return [(partner, number)]
    case .prizes(let first, let count):
      let records = engine.winners(
        lottery, from: Int(exactly: first) ?? .max, limit: Int(exactly: count) ?? .max)
      guard UInt64(records.count) == count else {
        throw LotteryDeskError(.badBatch, "\(name) names \(count) winners from \(first) on, and not all are known")
      }
      return records.enumerated().map { ($0.element.winner, first + UInt64($0.offset)) }
    case .refunds(let first, let count):
      let (end, isPast) = first.addingReportingOverflow(count)
      guard !isPast else { throw LotteryDeskError(.badBatch, "\(name) names too many tickets") }
      return try (first..<end).map { (try engine.ticketOwner(lottery, ticket: $0), $0) }
    }
  }

  /// Keccak-256 of the payees: what a load is known by.
  package static func content(_ payees: [LotteryPayee]) -> Hash32 {
    var writer = CanonicalBytes.Writer(tag: "almoner/lottery-batch/1")
    writer.appendCount(payees.count)
    for payee in payees {
      writer.append(payee.key)
      writer.append(payee.address.bytes)
      writer.append(payee.units.description)
    }
    return Keccak.hash256(writer.bytes)
  }
}
