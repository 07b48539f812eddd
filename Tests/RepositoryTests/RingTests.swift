import Foundation
import Testing

/// The arrows of docs/internals/architecture.md, read from the sources themselves: the manifest and the compiler hold
/// them too, but a manifest can be edited in the same change that breaks one.
@Suite("Rings")
struct RingTests {
  /// What a ring may import besides itself: see `mayImport`.
  enum Ring: String, CaseIterable { case Core, Products, Adapters, Libraries, System, Apps }

  struct Import {
    let file: Repository.File
    let line: Int
    let ring: Ring
    let target: String
    let module: String
    var place: String { "\(file.path):\(line): \(target) (\(ring.rawValue)) imports \(module)" }
  }

  /// Target name -> ring, from the folders.
  static func targets() throws -> [String: Ring] {
    var found: [String: Ring] = [:]
    for ring in Ring.allCases {
      let folder = Repository.root.appending(path: "Sources/\(ring.rawValue)")
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !name.hasPrefix(".") {
        found[name] = ring
      }
    }
    return found
  }

  /// The module that a line of code imports, whatever its access level, attributes and kind.
  static func module(in line: String) -> String? {
    let pattern =
      /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
    return line.firstMatch(of: pattern).map { String($0.1) }
  }

  static func imports() throws -> [Import] {
    let rings = try targets()
    return try Repository.sources.get().flatMap { file -> [Import] in
      let parts = file.path.split(separator: "/").map(String.init)
      guard parts.count > 3, let ring = rings[parts[2]] else { return [] }
      return zip(1..., file.code).compactMap { number, line in
        !line.contains("import")
          ? nil : module(in: line).map { Import(file: file, line: number, ring: ring, target: parts[2], module: $0) }
      }
    }
  }

  static func mayImport(_ target: String, _ ring: Ring, _ module: String, _ to: Ring) -> Bool {
    switch (ring, to) {
    case (.Core, .Core), (.Products, .Core), (.Apps, .Core), (.Apps, .Products), (.Apps, .Adapters): true
    case (.Apps, .Libraries), (.Apps, .Apps): true
    case (.Adapters, .Core), (.Adapters, .Products), (.Adapters, .Libraries): true
    case (.Adapters, .Adapters): module == "Transport"
    case (.Libraries, .System): module == "C\(target)"
    case (.Products, .Products), (.Libraries, .Libraries): module == target
    default: false
    }
  }

  @Test func `no import points outwards, and none crosses between products, adapters or libraries`() throws {
    let rings = try Self.targets()
    let imports = try Self.imports()
    let inside = imports.compactMap { entry in rings[entry.module].map { (entry, $0) } }
    #expect(rings.count > 20)
    let wrong = inside.filter { !Self.mayImport($0.0.target, $0.0.ring, $0.0.module, $0.1) }.map { $0.0.place }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test(
    arguments: [
      ("import Money", "Money"), ("package import Codecs", "Codecs"), ("@testable import Engine", "Engine"),
      ("@preconcurrency private import Foundation", "Foundation"), ("import struct Foundation.URL", "Foundation"),
      ("let importance = 1", nil), ("important", nil),
    ])
  func `an import is found in every form it is written`(line: String, module: String?) {
    #expect(Self.module(in: line) == module)
  }

  @Test func `the rule refuses an outward, a sideways and a skipping arrow`() {
    #expect(!Self.mayImport("Ledger", .Core, "Store", .Adapters))
    #expect(!Self.mayImport("Airdrop", .Products, "Lottery", .Products))
    #expect(!Self.mayImport("Store", .Adapters, "EVMDriver", .Adapters))
    #expect(!Self.mayImport("Store", .Adapters, "CSQLite", .System))
    #expect(!Self.mayImport("SQLite", .Libraries, "CCurl", .System))
    #expect(Self.mayImport("EVMDriver", .Adapters, "Transport", .Adapters))
  }

  @Test func `the core imports nothing from outside but the standard library`() throws {
    let rings = try Self.targets()
    let allowed: Set = ["Swift", "Synchronization"]
    let wrong = try Self.imports().filter {
      $0.ring == .Core && rings[$0.module] == nil && !allowed.contains($0.module)
    }
    #expect(wrong.isEmpty, "\(wrong.map(\.place).joined(separator: "\n"))")
  }

  @Test func `core and products know no file, socket, clock, thread or randomness of their own`() throws {
    let files = try Repository.sources.get().filter {
      $0.path.hasPrefix("Sources/Core/") || $0.path.hasPrefix("Sources/Products/")
    }
    let outside =
      #"\b(FileManager|FileHandle|URLSession|ProcessInfo|Thread|DispatchQueue|SystemRandomNumberGenerator|ContinuousClock|SuspendingClock|getenv|Task)\b|\bDate\(\)|\bUUID\(\)|\.random\(in:[^)]*\)(?!.*using)|\bDate\.now\b"#
    let words = [
      "FileManager", "FileHandle", "URLSession", "ProcessInfo", "Thread", "DispatchQueue", "RandomNumberGenerator",
      "Clock", "getenv", "Task", "Date", "UUID", ".random",
    ]
    let places = try Repository.places(of: outside, words: words, in: files)
    #expect(places.isEmpty, "\(places.joined(separator: "\n"))")
  }

  @Test func `unsafe code stands in the library wrappers alone`() throws {
    let files = try Repository.sources.get().filter {
      !$0.path.hasPrefix("Sources/Libraries/")
    }
    let places = try Repository.places(
      of:
        #"\bunsafe\b|@unsafe\b|\bUnsafe(Mutable)?(Raw)?(Buffer)?Pointer\b|\bOpaquePointer\b|nonisolated\(unsafe\)|\bUnmanaged\b"#,
      words: ["unsafe", "Unsafe", "OpaquePointer", "Unmanaged"], in: files)
    #expect(places.isEmpty, "\(places.joined(separator: "\n"))")
  }

  @Test func `every C package of the manifest is in the package list, in the section that builds`() throws {
    let manifest = try Repository.file("Package.swift").text
    let wanted = Set(manifest.matches(of: /apt:\s*"([^"]+)"/).map { String($0.1) }).subtracting(["apt"])
    var section = ""
    var listed: Set<String> = []
    for line in try Repository.file("tools/packages.txt").lines {
      let word = line.trimmingCharacters(in: .whitespaces)
      if word.hasPrefix("[") { section = word } else if section == "[build]" { listed.insert(word) }
    }
    #expect(!wanted.isEmpty)
    #expect(wanted.subtracting(listed).isEmpty, "missing in tools/packages.txt: \(wanted.subtracting(listed))")
  }
}
