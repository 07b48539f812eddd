/// Who is asked about: a recipient, with everything that is known of it.
package struct ScreeningSubject: Hashable, Sendable {
  /// An address with the asset or chain it is on, for providers that want to know: ETH, XBT, ...
  package struct Place: Hashable, Sendable {
    package let asset: String
    package let key: AddressKey

    package init(asset: String, key: AddressKey) {
      self.asset = asset
      self.key = key
    }
  }

  package let addresses: [Place]
  /// Names as the file has them; empty when none is known.
  package let names: [String]
  /// Nil when it is not known.
  package let kind: ListEntry.Kind?
  /// ISO 3166-1 alpha-2, as the file has it.
  package let country: String?
  /// YYYY, YYYY-MM or YYYY-MM-DD.
  package let birthDate: String?

  package init(
    addresses: [Place], names: [String] = [], kind: ListEntry.Kind? = nil, country: String? = nil,
    birthDate: String? = nil
  ) {
    self.addresses = addresses
    self.names = names
    self.kind = kind
    self.country = country
    self.birthDate = birthDate
  }
}

/// One listed party that a subject is, or is like.
package struct ListHit: Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// The address is listed, byte for byte.
    case address(asset: String, text: String)
    /// The name is like a listed one. `asked` is the subject's, `listed` the list's.
    case name(asked: String, listed: String, kind: ListEntry.Name.Kind)
  }
  /// The list, as in `ListSource.name`.
  package let list: String
  /// The publisher's id of the entry.
  package let entry: String
  package let title: String
  package let programs: [String]
  package let reason: Reason
  /// 0 to 10,000; an address is always 10,000.
  package let score: Int

  package init(list: String, entry: String, title: String, programs: [String], reason: Reason, score: Int) {
    self.list = list
    self.entry = entry
    self.title = title
    self.programs = programs
    self.reason = reason
    self.score = score
  }

  package var isExact: Bool { if case .address = reason { true } else { false } }
}

/// What an answer rests on, kept with the verdict.
package struct ListSource: Hashable, Sendable {
  package let name: String
  /// The version asked: a number and content hash for our own, whatever the provider says for others.
  package let version: String
  /// Milliseconds since the list was published, or imported when that is not known; nil when a provider does not say.
  package let ageMilliseconds: Int64?

  package init(name: String, version: String, ageMilliseconds: Int64?) {
    self.name = name
    self.version = version
    self.ageMilliseconds = ageMilliseconds
  }
}

/// The answer for one subject. No hit means: asked, and not found - never: not asked.
package struct ProviderAnswer: Hashable, Sendable {
  /// The gravest first: exact ones, then by score.
  package let hits: [ListHit]
  package let sources: [ListSource]

  package init(hits: [ListHit], sources: [ListSource]) {
    self.hits = hits.sorted { ($1.isExact ? 1 : 0, $1.score, $0.entry) < ($0.isExact ? 1 : 0, $0.score, $1.entry) }
    self.sources = sources
  }
}

/// Somebody who knows sanctions lists. Blocks until all subjects are answered, bounded in time and size.
package protocol SanctionsProvider: Sendable {
  /// For verdicts and metrics: `lists`, `watchman`, `yente`, `oracle`.
  var name: String { get }

  /// One answer for each subject, in their order, as of `now` (milliseconds since 1970).
  ///
  /// Throws when even one subject has no answer: missing, stale, changed or unsigned lists, a provider that does not
  /// answer or lies. The caller then holds all of them.
  func screen(_ subjects: [ScreeningSubject], at now: Int64) throws(ListError) -> [ProviderAnswer]
}
