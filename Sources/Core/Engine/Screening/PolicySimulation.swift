import Chains
package import Money
package import Payouts
package import Policy

/// What another policy would have said of payouts that are there already: nothing is written.
package struct PolicySimulation {
  /// Payouts that would be judged otherwise, from one verdict to another, by one rule.
  package struct Change: Hashable, Sendable {
    package let from: VerdictKind
    package let to: VerdictKind
    package let rule: String
    package internal(set) var count: Int64 = 0
    package internal(set) var units = UInt256.zero
    /// The first few.
    package internal(set) var examples: [String] = []
  }
  package static let mostExamples = 3

  package private(set) var payouts: Int64 = 0
  /// How many verdicts of each word and rule the new policy gives.
  package private(set) var counts: [String: Int64] = [:]
  package private(set) var changes: [Change] = []

  /// Judges every payout of the campaign, whatever became of it, by both policies; nil for the policy that allows
  /// everything. What a rule asks an outside list is unknown here, for both. Sums past 2^256 throw `money.overflow`.
  package mutating func add(
    _ campaign: Campaign, store: any PayoutStore, new: PolicyDocument, old: PolicyDocument?, civil: any CivilTime,
    at now: Timestamp
  ) throws {
    let context = try ScreeningContext.of(campaign, [new] + (old.map { [$0] } ?? []), store, civil, at: now)
    let evaluators = (new: Evaluator(new, context), old: old.map { Evaluator($0, context) })
    let cleared = try store.clearedFingerprints()
    let asksBook = new.asksAddressBook || old?.asksAddressBook ?? false
    let ages = try asksBook ? book(campaign.chain, store, now) : [:]
    var same = Duplicates()
    try walk(campaign, store) { same.count(ScreeningSubject($0)) }
    try walk(campaign, store) { view in
      let subject = ScreeningSubject(view)
      let counted = same.counts(subject)
      let facts = ScreeningFacts(
        sanctions: .unknown("a simulation asks no list"), sameEmail: counted.email, sameIP: counted.ip,
        bookAge: ages[view.address])
      let after = evaluators.new.verdict(subject, facts, cleared: cleared)
      let before = evaluators.old?.verdict(subject, facts, cleared: cleared).kind ?? .allow
      try note(view, from: before, after)
    }
  }

  /// Milliseconds for which each entry of the address book has been usable.
  private func book(_ chain: ChainID, _ store: any PayoutStore, _ now: Timestamp) throws -> [Address: Int64] {
    var ages: [Address: Int64] = [:]
    var after: Address?
    while true {
      let page = try store.bookEntries(chain, after: after, limit: 5_000)
      for entry in page { ages[entry.address] = entry.age(at: now) }
      guard let last = page.last, page.count == 5_000 else { return ages }
      after = last.address
    }
  }

  private func walk(_ campaign: Campaign, _ store: any PayoutStore, _ body: (PayoutView) throws -> Void) throws {
    var after: PayoutID?
    while true {
      let page = try store.payouts(campaign.id, status: nil, after: after, limit: 5_000)
      for view in page { try body(view) }
      guard let last = page.last, page.count == 5_000 else { return }
      after = last.payout
    }
  }

  private mutating func note(_ view: PayoutView, from: VerdictKind, _ after: ScreeningVerdict) throws {
    payouts += 1
    counts["\(after.kind.rawValue) \(after.rule)", default: 0] += 1
    guard from != after.kind else { return }
    let place =
      changes.firstIndex { $0.from == from && $0.to == after.kind && $0.rule == after.rule }
      ?? {
        changes.append(Change(from: from, to: after.kind, rule: after.rule))
        return changes.count - 1
      }()
    changes[place].count += 1
    changes[place].units = try changes[place].units.adding(view.units)
    if changes[place].examples.count < PolicySimulation.mostExamples { changes[place].examples.append(view.key) }
  }

  package init() {}
}

extension ScreeningSubject {
  fileprivate init(_ view: PayoutView) {
    self.init(payout: view.payout, address: view.address, units: view.units, metadata: view.metadata)
  }
}

extension ScreeningContext {
  /// What is the same for all recipients of a campaign, as these policies ask for it.
  static func of(
    _ campaign: Campaign, _ policies: [PolicyDocument], _ store: any PayoutStore, _ civil: any CivilTime,
    at now: Timestamp
  ) throws -> ScreeningContext {
    let tally = try store.tally(campaign.id)
    let total = try tally.parts.values.reduce(UInt256.zero) { try $0.adding($1.units) }
    var minutes: [String: Int] = [:]
    for zone in policies.flatMap(\.zones) { minutes[zone] = civil.minuteOfDay(now, zone: zone) }
    return ScreeningContext(
      actor: campaign.createdBy, campaign: campaign.name, asset: campaign.asset, total: total, minutes: minutes)
  }
}
