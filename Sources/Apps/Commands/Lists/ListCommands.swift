import Codecs
import Foundation
import Money
import Policy
import Screening
import Terminal

/// `lists ...`: whom nobody may pay, imported as signed versions.
enum ListCommands {
  private static let dir = CommandSpec.Option.value("dir", "DIR", "the folder of lists, instead of AM_LISTS_DIR")
  private static let named = CommandSpec.Option.value("name", "NAME", "the list, such as ofac")

  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "lists import", "Import a published list as a new signed version",
      example: "almoner lists import --from sdn.xml --kind ofac-sdn-xml --name ofac",
      [
        .value("from", "FILE,...", "the files, in the publisher's form"),
        .value("kind", "KIND", ListSourceKind.allCases.map(\.rawValue).joined(separator: ", ")), named,
        .value("published", "DATE", "the day of publication, YYYY-MM-DD, when the file does not say"), dir,
      ], run: add),
    CommandSpec(
      .common, "lists show", "Show each list: version, age, entries", example: "almoner lists show", [dir], run: show),
    CommandSpec(
      .common, "lists verify", "Verify every version of every list: bytes, signatures, order",
      example: "almoner lists verify", [dir], run: verify),
    CommandSpec(
      .common, "lists check", "Ask everybody who is configured about an address or a name",
      example: "almoner lists check --address 0x5FbDB2315678afecb367f032d93F642f64180aa3",
      [
        .value("address", "ADDRESS", "an address on any chain"),
        .value("asset", "ASSET", "what the address is of, for outside providers (ETH)"),
        .value("name", "NAME", "the name of a person or a firm"), dir,
      ], run: check),
  ]

  // MARK: Import

  private static func add(_ app: App) throws -> ExitStatus {
    let name = try app.arguments.required("name")
    let word = try app.arguments.required("kind")
    guard let kind = ListSourceKind(rawValue: word) else {
      throw CommandError(
        .usage, "--kind \(word) is not known", hint: ListSourceKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    var list = ImportedList(entries: [])
    var source: [UInt8] = []
    for path in try app.arguments.required("from").split(separator: ",").map(String.init) {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw CommandError(.cannotRead, "\(path) cannot be read")
      }
      let bytes = Array(data)
      let part = try read(bytes, kind, path)
      list.entries += part.entries
      list.publishedAt = [list.publishedAt, part.publishedAt].compactMap { $0 }.min()
      source += bytes
    }
    if let text = app.arguments["published"] {
      guard let date = ListDate.parse(iso: text) else {
        throw CommandError(.usage, "--published \(text) is no date like 2026-11-21")
      }
      if let said = list.publishedAt, said != date {
        throw CommandError(.usage, "the file says that it was published \(ListDate.text(said)), --published \(text)")
      }
      list.publishedAt = date
    }
    let folder = try app.listsFolder()
    let made = try folder.add(list, to: name, kind: kind.rawValue, source: source, at: app.clock.now().milliseconds)
    tell(made, try folder.newest(of: name).seal, app)
    return .success
  }

  private static func read(_ bytes: [UInt8], _ kind: ListSourceKind, _ path: String) throws -> ImportedList {
    let file = URL(fileURLWithPath: path).lastPathComponent
    do throws(ListError) {
      switch kind {
      case .ofacXML:
        var rest = bytes[...]
        return try OFACDocument().read { () throws(ListError) in
          defer { rest = rest.dropFirst(1 << 20) }
          return Array(rest.prefix(1 << 20))
        }
      case .ofacAddresses:
        guard let asset = PlainLists.asset(ofFileNamed: file) else {
          throw ListError(
            .badFile, "the name of the file does not say its asset", hint: "as in sanctioned_addresses_ETH.txt")
        }
        return ImportedList(entries: try PlainLists.addresses(bytes, asset: asset))
      case .addresses: return ImportedList(entries: try PlainLists.addresses(bytes, asset: "*"))
      case .names: return ImportedList(entries: try PlainLists.names(bytes))
      }
    } catch {
      throw ListError(error.code, "\(file): \(error.message)", hint: error.hint)
    }
  }

  // MARK: Show, verify

  private static func show(_ app: App) throws -> ExitStatus {
    let folder = try app.listsFolder()
    for name in try folder.lists() {
      let newest = try folder.newest(of: name)
      tell(newest.snapshot, newest.seal, app)
    }
    // Says what an answer would rest on, or why there would be none.
    let sources = try app.importedLists().sources(at: app.clock.now().milliseconds)
    app.terminal.note("\(sources.count) lists, none older than \(try app.listsMaxAge() / 3_600_000) hours")
    return .success
  }

  private static func tell(_ snapshot: ListSnapshot, _ seal: ListSeal, _ app: App) {
    let addresses = snapshot.entries.reduce(0) { $0 + $1.addresses.count }
    let names = snapshot.entries.reduce(0) { $0 + $1.names.count }
    let published = snapshot.publishedAt.map(ListDate.text)
    app.tell(
      [
        "event": "list", "list": .string(snapshot.name), "version": .integer(snapshot.number),
        "kind": .string(snapshot.kind), "imported_at": .integer(snapshot.importedAt),
        "published": published.map { .string($0) } ?? .null, "entries": .integer(snapshot.entries.count),
        "names": .integer(names), "addresses": .integer(addresses), "hash": .string(seal.hash.description),
      ],
      or: "\(snapshot.name) version \(snapshot.number): \(snapshot.entries.count) entries, \(names) names, "
        + "\(addresses) addresses, published \(published ?? "unknown"), \(seal.hash)")
  }

  private static func verify(_ app: App) throws -> ExitStatus {
    let folder = try app.listsFolder()
    var versions = 0
    for name in try folder.lists() {
      _ = try folder.newest(of: name)
      var previous = Hash32.zero
      for (place, number) in try folder.versions(of: name).enumerated() {
        let found = try folder.version(number, of: name)
        guard number == UInt64(place) + 1, found.snapshot.previous == previous else {
          throw ListError(.rolledBack, "version \(number) of \(name) does not follow the one before")
        }
        previous = found.seal.hash
        versions += 1
      }
    }
    app.tell(
      ["event": "lists_verified", "versions": .integer(versions)],
      or: "\(versions) versions, each signed, none changed, none missing")
    return .success
  }

  // MARK: Check

  private static func check(_ app: App) throws -> ExitStatus {
    let asset = app.arguments["asset"] ?? "ETH"
    let addresses = try app.arguments["address"].map {
      [ScreeningSubject.Place(asset: asset, key: try AddressKey($0))]
    }
    let subject = ScreeningSubject(addresses: addresses ?? [], names: app.arguments["name"].map { [$0] } ?? [])
    guard !subject.addresses.isEmpty || !subject.names.isEmpty else {
      throw CommandError(.usage, "--address or --name is needed")
    }
    var found = 0
    for provider in try app.sanctionsProviders() {
      for answer in try provider.screen([subject], at: app.clock.now().milliseconds) {
        for source in answer.sources { tell(source, app) }
        for hit in answer.hits { tell(hit, app) }
        found += answer.hits.count
      }
    }
    if found == 0 { app.terminal.note("Asked everybody, found nothing") }
    return found == 0 ? .success : .findings
  }

  private static func tell(_ source: ListSource, _ app: App) {
    app.tell(
      [
        "event": "list_source", "name": .string(source.name), "version": .string(source.version),
        "age_ms": source.ageMilliseconds.map { .integer($0) } ?? .null,
      ],
      or: "asked \(Printable.foreign(source.name)), version \(Printable.foreign(source.version))")
  }

  private static func tell(_ hit: ListHit, _ app: App) {
    let (kind, listed) =
      switch hit.reason {
      case .address(_, let text): ("address", text)
      case .name(_, let listed, _): ("name", listed)
      }
    app.tell(
      [
        "event": "list_hit", "list": .string(hit.list), "entry": .string(hit.entry), "title": .string(hit.title),
        "kind": .string(kind), "listed": .string(listed), "score": .integer(hit.score),
        "programs": .array(hit.programs.map { .string($0) }),
      ],
      or: "\(app.terminal.colour("hit", .red)) \(kind) \(Printable.foreign(listed)) in \(Printable.foreign(hit.list)): "
        + "\(Printable.foreign(hit.title)) (\(Printable.foreign(hit.entry))), score \(hit.score)")
  }
}
