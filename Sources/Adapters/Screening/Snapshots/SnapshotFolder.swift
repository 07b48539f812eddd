import Codecs
import Foundation
import POSIX
package import Policy

/// Versions of lists in a folder: `NAME/00000001.list`, `00000002.list`, ... A version is never replaced.
///
/// The folder is not trusted: what it holds counts only with this desk's seal, and only while its newest version is
/// the newest that the register of seals knows.
package struct SnapshotFolder: Sendable {
  package let path: String
  private let sealing: any ListSealing
  private static let mostVersions = 100_000

  package init(path: String, sealing: any ListSealing) {
    self.path = path
    self.sealing = sealing
  }

  /// Names of the lists that are in the folder or were ever sealed, sorted.
  package func lists() throws(ListError) -> [String] {
    Set(try sealing.notedLists()).union(try names(in: path).filter(ListSnapshot.isName)).sorted()
  }

  /// Numbers of the versions in the folder, ascending.
  package func versions(of list: String) throws(ListError) -> [UInt64] {
    guard ListSnapshot.isName(list) else {
      throw ListError(.missing, "a list's name is lower-case letters, digits and hyphens")
    }
    return try names(in: "\(path)/\(list)").compactMap { name in
      guard name.hasSuffix(".list"), let number = UInt64(name.dropLast(5)), SnapshotFolder.fileName(number) == name
      else { return nil }
      return number
    }.sorted()
  }

  /// One version, checked by itself.
  package func version(_ number: UInt64, of list: String) throws(ListError) -> (snapshot: ListSnapshot, seal: ListSeal)
  {
    try SnapshotFile.read(file(list, number), list: list, number: number, sealing: sealing)
  }

  /// The newest version, checked by itself and against the register. Throws `lists.missing`, `lists.rolled_back`,
  /// `lists.changed`, `lists.unsigned`, `lists.unwritable`.
  package func newest(of list: String) throws(ListError) -> (snapshot: ListSnapshot, seal: ListSeal) {
    let noted = try sealing.noted(list: list).last
    guard let number = try versions(of: list).last else {
      if let noted { throw SnapshotFolder.rolledBack(list, "none", noted.number) }
      throw ListError(
        .missing, "the list \(list) was never imported",
        hint: "almoner lists import --name \(list) --from FILE --kind ...")
    }
    if let noted, noted.number > number { throw SnapshotFolder.rolledBack(list, "\(number)", noted.number) }
    let found = try version(number, of: list)
    if let noted, noted.number == number, noted.hash != found.seal.hash {
      throw ListError(.changed, "version \(number) of \(list) is another than the one that was noted")
    }
    // A version that the register does not know was cut off between file and register: it must follow the noted one.
    if let noted, noted.number < number {
      guard noted.number + 1 == number, found.snapshot.previous == noted.hash else {
        throw ListError(.changed, "version \(number) of \(list) does not follow version \(noted.number)")
      }
    }
    return found
  }

  /// Imports a version after the newest one. It is on the disk, whole, before its seal is noted.
  ///
  /// Throws `lists.bad_file` for a list without an entry, `lists.rolled_back` for one published before the newest.
  package func add(
    _ imported: ImportedList, to list: String, kind: String, source: [UInt8], at now: Int64
  ) throws(ListError) -> ListSnapshot {
    guard ListSnapshot.isName(list) else {
      throw ListError(.badFile, "a list's name is 1 to 40 lower-case letters, digits and hyphens")
    }
    guard !imported.entries.isEmpty else {
      throw ListError(
        .badFile, "the files hold no entry", hint: "an empty list would clear everybody: check the download")
    }
    let noted = try sealing.noted(list: list).last
    let exists = try !versions(of: list).isEmpty
    // Whatever is wrong with the newest version must be looked at by a person before another covers it.
    let last = noted == nil && !exists ? nil : try newest(of: list)
    if let before = last?.snapshot.publishedAt, let now = imported.publishedAt, now < before {
      throw ListError(
        .rolledBack, "the files were published \(ListDate.text(now)), the newest version \(ListDate.text(before))",
        hint: "download the list again")
    }
    let snapshot = ListSnapshot(
      name: list, number: (last?.snapshot.number ?? 0) + 1, kind: kind, importedAt: now,
      publishedAt: imported.publishedAt, source: try SnapshotFile.hash(source), previous: last?.seal.hash ?? .zero,
      entries: imported.entries)
    // What cannot be asked later is refused now.
    _ = try ListMatcher(snapshot)
    if let last, noted.map({ $0.number < last.snapshot.number }) ?? true { try sealing.note(last.seal) }
    let content = snapshot.bytes
    let seal = try sealing.sign(list: list, number: snapshot.number, hash: try SnapshotFile.hash(content))
    try write(SnapshotFile.bytes(content, seal), to: file(list, snapshot.number), in: "\(path)/\(list)")
    try sealing.note(seal)
    return snapshot
  }

  // MARK: Files

  private func file(_ list: String, _ number: UInt64) -> String {
    "\(path)/\(list)/\(SnapshotFolder.fileName(number))"
  }

  private static func fileName(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + ".list"
  }

  private func names(in folder: String) throws(ListError) -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw ListError(
        .unwritable, "the folder \(folder) cannot be read", hint: "check AM_LISTS_DIR, its owner and mode")
    }
    guard names.count <= SnapshotFolder.mostVersions else {
      throw ListError(.tooLarge, "the folder \(folder) holds more than \(SnapshotFolder.mostVersions) files")
    }
    return names
  }

  private func write(_ bytes: [UInt8], to file: String, in folder: String) throws(ListError) {
    let draft = "\(folder)/.draft-\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let opened = try Descriptor.creating(draft)
      try opened.write(bytes)
      try opened.synchronize()
      // A link does not replace what another import has put there meanwhile.
      try FileName.link(draft, to: file)
      try FileName.remove(draft)
      try FileName.synchronize(folder: folder)
      try FileName.synchronize(folder: path)
    } catch {
      try? FileName.remove(draft)
      let why = (error as? FileError)?.message ?? "the folder cannot be made"
      throw ListError(.unwritable, "\(file) cannot be written: \(why)", hint: "check AM_LISTS_DIR, its owner and space")
    }
  }

  private static func rolledBack(_ list: String, _ found: String, _ known: UInt64) -> ListError {
    ListError(
      .rolledBack, "the newest version of \(list) in the folder is \(found), but version \(known) was sealed",
      hint: "bring the folder back from a backup, or find out who removed it")
  }
}
