import Chains
import Codecs
import Money
import Payouts
import Policy

/// Gathers KYC answers for a walk over a campaign: kept ones first, then the provider, a wave at a time.
///
/// Answers are durable before they are used. One that is `pending` is asked for again in the next walk. A provider that
/// answers nobody is an error, and the campaign waits; one that fails for some holds those. Not thread-safe.
final class KYCDesk {
  private let source: KYCSource
  private let store: any FactStore
  private var walks: [CampaignID: Walk] = [:]

  private struct Walk {
    let startedAt: Timestamp
    /// Questions without an answer, and why.
    var failed: [Hash32: KYCError] = [:]
    var answered: Set<Hash32> = []
  }

  init(_ source: KYCSource, store: any FactStore) {
    self.source = source
    self.store = store
  }

  /// One fact for each, in order; nil when there is more to ask, by calling again.
  ///
  /// Throws what the store throws, and the provider's own error as long as it has answered nobody in this walk.
  func facts(
    _ subjects: [ScreeningSubject], of campaign: CampaignID, startedAt: Timestamp, until: Timestamp, at now: Timestamp
  ) throws -> [KYCFact]? {
    let known = walks[campaign].flatMap { $0.startedAt == startedAt ? $0 : nil }
    let walk = known ?? Walk(startedAt: startedAt)
    walks[campaign] = walk
    let asked = subjects.map { subject in question(subject).map { ($0, $0.key(provider: source.provider.name)) } }
    let kept = try store.kycRecords(Array(Set(asked.compactMap { $0?.1 })))
    let isUsable = { (record: KYCRecord) in
      record.answer.counts(from: now, until: until, mostAge: self.source.mostAge)
        && (record.answer.status != .pending || walk.answered.contains(record.key))
    }
    var open: [(question: KYCQuestion, key: Hash32)] = []
    var seen: Set<Hash32> = []
    for case .some(let (question, key)) in asked
    where !(kept[key].map(isUsable) ?? false) && !walk.answered.contains(key) && walk.failed[key] == nil {
      if seen.insert(key).inserted { open.append((question: question, key: key)) }
      if open.count == source.wave { break }
    }
    guard open.isEmpty else {
      try ask(open, of: campaign, at: now)
      return nil
    }
    return asked.map { pair in
      guard let key = pair?.1 else { return .unknown("the recipient's row cannot be read") }
      guard let record = kept[key], isUsable(record) else {
        if let error = walk.failed[key] { return .unknown("\(error.code.rawValue): \(error.message)") }
        return .unknown("the provider's check is too old, or from the future")
      }
      return .told(status: record.answer.status.rawValue, level: record.answer.level)
    }
  }

  private func ask(_ wave: [(question: KYCQuestion, key: Hash32)], of campaign: CampaignID, at now: Timestamp) throws {
    let results = source.provider.ask(wave.map(\.question))
    guard results.count == wave.count else {
      throw KYCError(.badAnswer, "\(source.provider.name) answered \(results.count) of \(wave.count) questions")
    }
    var records: [KYCRecord] = []
    var last: KYCError?
    for (asked, result) in zip(wave, results) {
      switch result {
      case .success(let answer): records.append(KYCRecord(key: asked.key, answer: answer, askedAt: now))
      case .failure(let error): last = error
      }
    }
    if let last, records.isEmpty, walks[campaign]?.answered.isEmpty ?? true, last.code != .badAnswer { throw last }
    try store.keep(records)
    for (asked, result) in zip(wave, results) {
      switch result {
      case .success: walks[campaign]?.answered.insert(asked.key)
      case .failure(let error): walks[campaign]?.failed[asked.key] = error
      }
    }
  }

  /// Nil for a row that cannot be read.
  private func question(_ subject: ScreeningSubject) -> KYCQuestion? {
    guard let columns = subject.columns() else { return nil }
    let address = "0x" + Hex.text(subject.address.bytes)
    let named = ["kyc_subject", "email"].lazy.compactMap { columns[$0] }.first { !$0.isEmpty }
    return KYCQuestion(
      subject: named ?? address, address: address,
      country: columns["country"].flatMap { Attribute.country.normalized($0) })
  }
}
