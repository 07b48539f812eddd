@testable import Commands
import Foundation
import TestSupport
import Testing

/// The rules of deploy/prometheus, by Prometheus' own tool.
@Suite("Alert rules")
struct AlertRuleTests {
  private static let folder = VectorFolder.repositoryPath + "/deploy/prometheus"

  private static func lines(_ name: String, after prefix: String) throws -> [String] {
    let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      line.firstRange(of: prefix).map { String(line[$0.upperBound...]) }
    }
  }

  @Test func `sample series fire each rule when they should, and not before`() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/promtool")
    process.arguments = ["test", "rules", "almoner.test.yml"]
    process.currentDirectoryURL = URL(filePath: Self.folder)
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
  }

  @Test func `every rule has samples, a severity, and a runbook that is shipped`() throws {
    let rules = try Self.lines("almoner.rules.yml", after: "- alert: ")
    #expect(rules.count == 29 && Set(rules).count == 29)
    #expect(try Self.lines("almoner.test.yml", after: "- name: ") == rules)
    let severities = try Self.lines("almoner.rules.yml", after: " severity: ")
    #expect(severities.count == rules.count && Set(severities).isSubset(of: ["critical", "high", "medium"]))
    let runbooks = try Self.lines("almoner.rules.yml", after: " runbook: almoner runbook run ")
    #expect(runbooks.count > 20 && Set(runbooks).isSubset(of: ShippedRunbooks.names))
  }

  @Test func `the rules of the specification are all there`() throws {
    let rules = Set(try Self.lines("almoner.rules.yml", after: "- alert: "))
    #expect(
      rules.isSuperset(of: [
        "VrfDepositLow", "DualWriteMismatch", "PayoutBacklog", "AutomationDryRunStale", "AutomationTimelockBreach",
        "SalesDrop", "PriceFeedFallback", "PriceFeedClamp", "RoleCapExpiring", "RefundBacklog", "RefundRoundStalled",
        "RefundAging", "RefundSlaBreach",
      ]))
  }
}
