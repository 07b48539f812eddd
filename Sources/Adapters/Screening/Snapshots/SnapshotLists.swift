package import Policy
import Synchronization

/// Imported lists as a provider of verdicts: no network, bounded by memory only.
///
/// Each question looks whether a newer version was imported, and checks hash, seal and register of what it loads.
package final class SnapshotLists: SanctionsProvider {
  package let name = "lists"
  private let folder: SnapshotFolder
  private let required: [String]
  private let mostAge: Int64
  private let threshold: Int
  private let loaded = Mutex<[String: Loaded]>([:])

  private struct Loaded: Sendable {
    let matcher: ListMatcher
    let source: (version: String, importedAt: Int64)
  }

  /// A clock may be set back a little; a version from further ahead is not believed.
  private static let clockSlack: Int64 = 5 * 60_000

  /// `required` lists must be there whatever the folder holds; without any, every list in the folder counts, and one at least
  /// must be. `mostAge` in milliseconds since import.
  package init(
    _ folder: SnapshotFolder, required: [String] = [], mostAge: Int64, threshold: Int = NameQuery.threshold
  ) {
    self.folder = folder
    self.required = required
    self.mostAge = mostAge
    self.threshold = threshold
  }

  package func screen(_ subjects: [ScreeningSubject], at now: Int64) throws(ListError) -> [ProviderAnswer] {
    let lists = try current()
    let sources = try lists.map { list throws(ListError) in try source(list, at: now) }
    var out: [ProviderAnswer] = []
    out.reserveCapacity(subjects.count)
    var scratch = NameIndex.Scratch()
    for subject in subjects {
      var hits: [ListHit] = []
      for list in lists { hits += try list.matcher.hits(subject, threshold: threshold, &scratch) }
      out.append(ProviderAnswer(hits: hits, sources: sources))
    }
    return out
  }

  /// The lists as they are now, for `lists show`: what an answer would rest on. Throws as `screen` does.
  package func sources(at now: Int64) throws(ListError) -> [ListSource] {
    try current().map { list throws(ListError) in try source(list, at: now) }
  }

  private func source(_ list: Loaded, at now: Int64) throws(ListError) -> ListSource {
    let snapshot = list.matcher.snapshot
    let (age, overflow) = now.subtractingReportingOverflow(snapshot.importedAt)
    guard !overflow, age >= -SnapshotLists.clockSlack else {
      throw ListError(
        .stale, "the list \(snapshot.name) was imported after now, says this machine's clock", hint: "check the clock")
    }
    guard age <= mostAge else {
      throw ListError(
        .stale, "the list \(snapshot.name) was imported \(age / 3_600_000) hours ago, more than \(mostAge / 3_600_000)",
        hint: "import it again: almoner lists import --name \(snapshot.name) ..., or see AM_LISTS_MAX_AGE")
    }
    return ListSource(name: snapshot.name, version: list.source.version, ageMilliseconds: max(0, age))
  }

  private func current() throws(ListError) -> [Loaded] {
    let names = Set(required).union(try folder.lists()).sorted()
    guard !names.isEmpty else {
      throw ListError(
        .missing, "no list was ever imported", hint: "almoner lists import --from FILE --kind ofac-sdn-xml --name ofac")
    }
    var out: [Loaded] = []
    for name in names { out.append(try list(name)) }
    return out
  }

  /// The kept one while the folder has no newer version.
  private func list(_ name: String) throws(ListError) -> Loaded {
    if let kept = loaded.withLock({ $0[name] }), try folder.versions(of: name).last == kept.matcher.snapshot.number {
      return kept
    }
    let (snapshot, seal) = try folder.newest(of: name)
    let made = Loaded(
      matcher: try ListMatcher(snapshot), source: ("\(snapshot.number) \(seal.hash)", snapshot.importedAt))
    loaded.withLock { $0[name] = made }
    return made
  }
}
