import Codecs
import Foundation
import Keys
import Policy
import Screening
import TestSupport
import Testing

@Suite("Sealed lists")
struct SnapshotTests {
  private static let hour: Int64 = 3_600_000
  private let folder: TestFolder
  private let seal: ListSealFolder
  private let lists: SnapshotFolder

  init() throws {
    folder = try TestFolder("lists")
    seal = try ListSealFolder(path: folder.file("seal"))
    lists = SnapshotFolder(path: folder.file("lists"), sealing: seal)
  }

  private func imported(published: String? = nil, extra: String? = nil) throws -> ImportedList {
    var list = try OFACDocumentTests.read(OFACDocumentTests.bytes("sdn.xml"))
    list.publishedAt = published.flatMap { ListDate.parse(iso: $0) }
    if let extra { list.entries.append(ListEntry(id: extra, kind: .person, names: [.init(.primary, extra)])) }
    return list
  }

  @discardableResult
  private func add(_ list: ImportedList, at: Int64, to name: String = "ofac") throws -> ListSnapshot {
    try lists.add(list, to: name, kind: "ofac-sdn-xml", source: [1, 2, 3], at: at)
  }

  private func code(_ body: () throws -> Void) -> ListError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? ListError)?.code }
  }

  private func file(_ number: Int, _ name: String = "ofac") -> String {
    folder.file("lists/\(name)/0000000\(number).list")
  }

  private var subject: ScreeningSubject {
    get throws {
      ScreeningSubject(
        addresses: [.init(asset: "ETH", key: try AddressKey("0x00000000000000000000000000000000deadbeef"))],
        names: ["Vydumshchikov, Ruslan"])
    }
  }

  @Test func `a version is written once, found again, and answers with its source`() throws {
    let first = try add(imported(published: "2026-11-18"), at: 1_000)
    let second = try add(imported(published: "2026-11-19", extra: "Jane Roe"), at: 2_000)
    #expect((first.number, second.number) == (1, 2))
    #expect(try lists.versions(of: "ofac") == [1, 2])
    let newest = try lists.newest(of: "ofac")
    #expect(newest.snapshot == second)
    #expect(newest.snapshot.previous == (try lists.version(1, of: "ofac").seal.hash))
    let provider = SnapshotLists(lists, mostAge: Self.hour)
    let nobody = ScreeningSubject(addresses: [], names: ["Nobody Known"])
    let answers = try provider.screen([subject, nobody], at: 2_500)
    #expect(answers.map { $0.hits.map(\.entry) } == [["90001", "90002"], []])
    #expect(answers[0].hits.map(\.isExact) == [true, false])
    #expect(answers[0].hits[1].score >= NameQuery.threshold)
    #expect(answers[1].sources.map(\.name) == ["ofac"])
    #expect(answers[1].sources[0].ageMilliseconds == 500)
    #expect(answers[1].sources[0].version.hasPrefix("2 0x"))
    // An import shows in the next answer.
    try add(imported(published: "2026-11-20", extra: "Nobody Known"), at: 3_000)
    #expect(try provider.screen([nobody], at: 3_100)[0].hits.map(\.entry) == ["Nobody Known"])
  }

  @Test func `a weak alias is a hit only when it is nearly the name`() throws {
    try add(imported(), at: 0)
    let provider = SnapshotLists(lists, mostAge: Self.hour)
    func hits(_ name: String) throws -> [String] {
      try provider.screen([ScreeningSubject(addresses: [], names: [name])], at: 1)[0].hits.map(\.entry)
    }
    #expect(try hits("Lamp") == ["90001"])
    #expect(try hits("Lampe") == [])
    #expect(try hits("Lantern and Sons Trading") == ["90001"])
  }

  @Test func `nothing imported, too old, or from the future is no clearance`() throws {
    let provider = SnapshotLists(lists, mostAge: Self.hour)
    #expect(code { _ = try provider.screen([], at: 0) } == .missing)
    try add(imported(), at: 10 * Self.hour)
    #expect(code { _ = try provider.screen([], at: 11 * Self.hour) } == nil)
    #expect(code { _ = try provider.screen([], at: 11 * Self.hour + 1) } == .stale)
    #expect(code { _ = try provider.screen([], at: 10 * Self.hour - 6 * 60_000) } == .stale)
    #expect(code { _ = try provider.screen([], at: .min) } == .stale)
    let other = SnapshotLists(lists, required: ["ofac", "ours"], mostAge: Self.hour)
    #expect(code { _ = try other.screen([], at: 10 * Self.hour) } == .missing)
  }

  @Test func `every changed byte is noticed`() throws {
    try add(imported(), at: 0)
    let whole = try Data(contentsOf: URL(filePath: file(1)))
    for place in stride(from: 0, to: whole.count, by: 13) {
      var changed = whole
      changed[place] ^= 1
      try changed.write(to: URL(filePath: file(1)))
      let found = code { _ = try lists.newest(of: "ofac") }
      #expect(found == .changed || found == .unsigned, "byte \(place)")
    }
    for count in [0, 10, whole.count - 1] {
      try whole.prefix(count).write(to: URL(filePath: file(1)))
      #expect(code { _ = try lists.newest(of: "ofac") } == .changed)
    }
    try (whole + [0]).write(to: URL(filePath: file(1)))
    #expect(code { _ = try lists.newest(of: "ofac") } == .changed)
    try whole.write(to: URL(filePath: file(1)))
    #expect(code { _ = try lists.newest(of: "ofac") } == nil)
  }

  @Test func `a roll-back is noticed, whether the newest is removed or replaced`() throws {
    try add(imported(), at: 0)
    try add(imported(extra: "Jane Roe"), at: 1)
    let provider = SnapshotLists(lists, mostAge: Self.hour)
    _ = try provider.screen([], at: 2)
    let second = try Data(contentsOf: URL(filePath: file(2)))
    try FileManager.default.removeItem(atPath: file(2))
    #expect(code { _ = try provider.screen([], at: 2) } == .rolledBack)
    #expect(code { try add(imported(), at: 3) } == .rolledBack)
    // The old one under the new one's name.
    try FileManager.default.copyItem(atPath: file(1), toPath: file(2))
    #expect(code { _ = try lists.newest(of: "ofac") } == .unsigned)
    try FileManager.default.removeItem(atPath: folder.file("lists"))
    #expect(code { _ = try provider.screen([], at: 2) } == .rolledBack)
    try FileManager.default.createDirectory(atPath: folder.file("lists/ofac"), withIntermediateDirectories: true)
    try second.write(to: URL(filePath: file(2)))
    #expect(code { _ = try provider.screen([], at: 2) } == nil)
  }

  @Test func `another key's seal counts for nothing`() throws {
    try add(imported(), at: 0)
    let stranger = SnapshotFolder(
      path: folder.file("lists"), sealing: try ListSealFolder(path: folder.file("other-seal")))
    #expect(code { _ = try stranger.newest(of: "ofac") } == .unsigned)
    // A list under another's name.
    try FileManager.default.copyItem(atPath: folder.file("lists/ofac"), toPath: folder.file("lists/ours"))
    #expect(code { _ = try lists.newest(of: "ours") } == .unsigned)
  }

  @Test func `a version that a crash left unnoted counts, and is noted by the next import`() throws {
    try add(imported(), at: 0)
    let register = try folder.read("seal/lists.jsonl")
    try add(imported(extra: "Jane Roe"), at: 1)
    try folder.write(register, to: "seal/lists.jsonl")
    #expect(try lists.newest(of: "ofac").snapshot.number == 2)
    try add(imported(extra: "John Doe"), at: 2)
    #expect(try seal.noted(list: "ofac").map(\.number) == [1, 2, 3])
    // A register with a line of its own making.
    let forged = try folder.read("seal/lists.jsonl").replacingOccurrences(of: "\"number\":3", with: "\"number\":9")
    try folder.write(forged, to: "seal/lists.jsonl")
    #expect(code { _ = try lists.newest(of: "ofac") } == .changed)
  }

  @Test func `an empty list, an older one and a bad name are not imported`() throws {
    #expect(code { try add(ImportedList(entries: []), at: 0) } == .badFile)
    #expect(code { try add(imported(), at: 0, to: "../x") } == .badFile)
    #expect(code { try add(imported(), at: 0, to: "") } == .badFile)
    try add(imported(published: "2026-11-18"), at: 0)
    #expect(code { try add(imported(published: "2026-11-17"), at: 1) } == .rolledBack)
    #expect(try lists.versions(of: "ofac") == [1])
    #expect(try folder.names == ["lists", "seal"])
  }

  @Test func `a name that cannot be compared gives no answer for anybody`() throws {
    try add(imported(), at: 0)
    let provider = SnapshotLists(lists, mostAge: Self.hour)
    let bad = ScreeningSubject(addresses: [], names: [String(repeating: "x", count: 600)])
    #expect(code { _ = try provider.screen([subject, bad], at: 1) } == .badQuery)
  }
}
