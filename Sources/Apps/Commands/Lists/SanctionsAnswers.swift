import Engine
import Money
import Policy
import Screening
import Store

/// What a policy hears when it asks for `sanctions`: everybody who is configured is asked, and each must answer.
struct SanctionsAnswers: SanctionsLists {
  let imported: SnapshotLists?
  /// All of them, the imported lists among them.
  let providers: [any SanctionsProvider]
  let clock: any EngineClock

  /// Imported lists are named by version and hash; of outside providers only the name is known before they are asked.
  /// Lists that are missing, changed or stale are another version than good ones: verdicts of before do not outlive them.
  func version() -> String {
    let others = providers.map(\.name).filter { $0 != imported?.name }
    do throws(ListError) {
      let lists = try (imported?.sources(at: clock.now().milliseconds) ?? []).map { "\($0.name) \($0.version)" }
      return (lists + others).joined(separator: ", ")
    } catch {
      return ([error.code.rawValue] + others).joined(separator: ", ")
    }
  }

  func answers(_ subjects: [ScreeningSubject]) throws(ListError) -> [ListAnswer] {
    let now = clock.now().milliseconds
    let asked = subjects.map(SanctionsSubject.init)
    var answers = subjects.map { _ in ListAnswer.unknown("nobody was asked") }
    for provider in providers {
      let told = try provider.screen(asked, at: now)
      guard told.count == asked.count else {
        throw ListError(.badAnswer, "\(provider.name) answered \(told.count) of \(asked.count) questions")
      }
      for (place, answer) in told.enumerated() { answers[place] = answers[place].joined(with: answer) }
    }
    return answers
  }
}

extension ListAnswer {
  /// A hit stays one, whoever else finds nothing.
  fileprivate func joined(with answer: ProviderAnswer) -> ListAnswer {
    if case .hit = self { return self }
    if let hit = answer.hits.first { return .hit("\(hit.list):\(hit.entry)") }
    // An answer that rests on nothing is none.
    return answer.sources.isEmpty ? self : .clear
  }
}

extension SanctionsSubject {
  /// The address, and the columns `name` and `country` of the recipient's row.
  fileprivate init(_ subject: ScreeningSubject) {
    let columns = subject.columns() ?? [:]
    self.init(
      addresses: [Place(asset: "ETH", key: AddressKey(subject.address))],
      names: columns["name"].map { $0.isEmpty ? [] : [$0] } ?? [], country: columns["country"])
  }
}

extension App {
  /// Beside a server's store there is no folder of lists by itself: without AM_LISTS_DIR only others are asked.
  func sanctionsAnswers() throws -> SanctionsAnswers {
    let hasPlace = if case .sqlite = try dsn { true } else { settings["AM_LISTS_DIR"] != nil }
    let imported = hasPlace ? try importedLists() : nil
    let providers: [any SanctionsProvider] = imported.map { [$0] } ?? []
    return SanctionsAnswers(imported: imported, providers: providers + (try outsideProviders()), clock: clock)
  }
}
