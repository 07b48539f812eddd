import Codecs

/// One file of vectors being checked: sections of cases, and the file's own notes.
package struct VectorFile {
  package private(set) var report: VectorReport
  private let root: VectorNode

  /// Takes the file apart. A file that is no JSON object is a failure of the report, with no cases.
  package init(_ name: VectorFileName, part: VectorPart, bytes: [UInt8]) {
    report = VectorReport(name, part: part)
    do {
      root = VectorNode(try JSON.parse(bytes, limits: JSON.Limits(bytes: 256 << 20)))
    } catch {
      root = VectorNode(.null)
      report.fail("not JSON: \(error.code.rawValue) at byte \(error.offset), \(error.message)")
    }
  }

  /// Checks every element of the array under `key`; each is a case.
  package mutating func each(_ key: String, _ body: (VectorNode, VectorChecks) throws -> Void) {
    guard let section = section(key, { try $0.list() }) else { return }
    for (index, element) in section.enumerated() {
      // Paths inside a case begin at the case, wherever the case stands.
      let node = VectorNode(element.whole())
      let name = (try? node.optional("id")?.text()) ?? "\(key)[\(index)]"
      report.run(name, node, body)
    }
  }

  /// Checks every member of the object under `key`; each is a case, named by its key.
  package mutating func eachMember(_ key: String, _ body: (String, VectorNode, VectorChecks) throws -> Void) {
    guard let section = section(key, { try $0.entries() }) else { return }
    for (name, value) in section {
      report.run("\(key).\(name)", VectorNode(value.whole(), path: name)) { try body(name, $0, $1) }
    }
  }

  /// A note to people that some files have.
  package func optionalNote(_ key: String) { _ = try? root.optional(key)?.note() }

  /// Checks the object under `key` as one case.
  package mutating func one(_ key: String, _ body: (VectorNode, VectorChecks) throws -> Void) {
    guard let node = section(key, { $0 }) else { return }
    let value = VectorNode(node.whole())
    report.run(key, value, body)
  }

  /// Reads the notes and the count that every file has, and reports what nobody read.
  package mutating func finish() -> VectorReport {
    if report.part == .lottery {
      for path in root.unread { report.fail("nobody checks \(path)") }
      if report.passed == 0 && report.failures.isEmpty { report.fail("the file holds no case") }
      return report
    }
    do {
      _ = try root("format").note()
      _ = try root("source").note()
      let count = try root("count").count()
      let cases = try root("cases").list()
      if count != cases.count { report.fail("count is \(count), but there are \(cases.count) cases") }
    } catch {
      report.fail("\(error)")
    }
    // Sections that a signing suite leaves alone are the other part's.
    if report.part == .codecs || report.file.parts == [.signing] {
      for path in root.unread { report.fail("nobody checks \(path)") }
    }
    if report.passed == 0 && report.failures.isEmpty { report.fail("the file holds no case") }
    return report
  }

  private mutating func section<Section>(
    _ key: String, _ read: (VectorNode) throws -> Section
  ) -> Section? {
    do {
      return try read(try root(key))
    } catch {
      report.fail("\(error)")
      return nil
    }
  }
}
