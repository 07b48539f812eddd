@testable import Commands
import Foundation
import TestSupport
import Testing

/// The files of deploy/ by the tools that will read them.
@Suite("Recipes")
struct DeployTests {
  private static let folder = VectorFolder.repositoryPath + "/deploy"

  private static func read(_ path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  private static var units: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder + "/systemd").sorted() }
  }

  /// The words after the program in a line of a recipe.
  private static func words(_ line: Substring) -> [String]? {
    guard let found = line.firstRange(of: "/usr/local/bin/almoner ") else { return nil }
    return line[found.upperBound...].split(separator: " ").prefix { $0 != "2>&1" && $0 != "|" }.map(String.init)
  }

  @Test func `systemd takes every unit`() throws {
    let scratch = try Scratch()
    let units = try Self.units
    #expect(units.count == 11)
    for unit in units {
      // The program is where the build left it, and its user is whoever runs the test.
      let text = try Self.read("systemd/\(unit)").replacing("/usr/local/bin/almoner", with: Program.path)
        .replacing("User=almoner\nGroup=almoner\n", with: "")
      try scratch.write(text, to: unit)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/systemd-analyze")
    process.arguments = ["verify", "--man=no"] + units.map { scratch($0) }
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    // It only warns of a key that it does not know.
    #expect(!said.contains("Unknown") && !said.contains("Failed"), "\(said)")
  }

  @Test func `every command of a unit or of cron is one that the program takes`() throws {
    let files = try Self.units.map { "systemd/\($0)" } + ["cron/almoner.cron"]
    var lines = 0
    for file in files {
      for line in try Self.read(file).split(separator: "\n") {
        guard let words = Self.words(line) else { continue }
        lines += 1
        #expect(CommandLineNames.problem(words) == nil, "\(file): \(line)")
      }
    }
    #expect(lines == 11)
  }

  @Test func `cron's lines have five fields in range, a user and a command, as the timers have`() throws {
    let ranges = [0...59, 0...23, 1...31, 1...12, 0...7]
    var jobs: Set<[String]> = []
    for line in try Self.read("cron/almoner.cron").split(separator: "\n") {
      guard line.first != "#", !line.prefix(8).contains("=") else { continue }
      let fields = line.split(separator: " ", maxSplits: 6)
      try #require(fields.count == 7, "\(line)")
      for (field, range) in zip(fields, ranges) {
        let isStep = field.hasPrefix("*/") && Int(field.dropFirst(2)).map(range.contains) == true
        #expect(field == "*" || isStep || Int(field).map(range.contains) == true, "\(line): \(field)")
      }
      #expect(fields[5] == "almoner" && !fields[6].contains("%"))
      jobs.insert(try #require(Self.words(line)))
    }
    let timed = try Self.units.filter { $0.hasSuffix(".timer") }.map { timer in
      try Self.read("systemd/" + timer.replacing(".timer", with: ".service")).split(separator: "\n").compactMap(
        Self.words)
    }
    #expect(jobs == Set(timed.flatMap { $0 }))
  }

  @Test func `the example of settings has every setting with its default`() throws {
    #expect(try Self.read("env.example") == ReferenceCommands.page("env").map { $0 + "\n" })
  }
}
