import Codecs
import Foundation
import Money
import Policy
import TestSupport
import Testing

/// The vectors of the withdrawal service: order of rules, inclusive limits, findings, known devices. Its stored events and
/// notices are the wallet product's.
@Suite("Withdrawal risk")
struct WithdrawalRiskTests {
  private static func units(_ text: String) throws -> UInt256 {
    try DecimalText.units(Array(text.utf8), decimals: 18)
  }

  private static func limits(_ config: JSON) throws -> WithdrawalLimits {
    func limit(_ key: String) throws -> WithdrawalLimits.Limit {
      let text = try #require(config[key]?.string)
      return WithdrawalLimits.Limit(units: try units(text), text: text)
    }
    func ranges(_ key: String) throws -> [IPRange] {
      try (config[key]?.array ?? []).map { try #require(IPRange($0.string ?? "")) }
    }
    return WithdrawalLimits(
      review: try limit("warn"), block: try limit("block"),
      deviceReview: try config["device_review"]?.string.map { try units($0) }, blocked: try ranges("blocked_ips"),
      trusted: try ranges("trusted_ips"))
  }

  private static func cases() throws -> [JSON] {
    let path = VectorFolder.repositoryPath + "/Tests/Vectors/wallet-mining/risk_rules.json"
    let json = try JSON.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
    return try #require(json["cases"]?.array)
  }

  @Test func `every vector of the withdrawal service holds`() throws {
    var checked = 0
    for vector in try Self.cases() {
      let name = vector["name"]?.string ?? ""
      let limits = try Self.limits(#require(vector["config"]))
      var devices = Set((vector["known_devices"]?.array ?? []).compactMap { Device($0) })
      for evaluation in try #require(vector["evaluations"]?.array) {
        let given = try #require(evaluation["context"])
        let expected = try #require(evaluation["expected"])
        let text = try #require(given["amount"]?.string)
        let context = WithdrawalContext(
          user: given["user_id"]?.string ?? "", amount: try Self.units(text), amountText: text, ip: given["ip"]?.string,
          device: given["device"]?.string)
        let device = context.device.map { Device(user: context.user, name: $0) }
        let report = limits.report(context, isKnownDevice: device.map { devices.contains($0) } ?? false)
        if let device { devices.insert(device) }
        let place: Comment = "\(name) \(given.text)"
        #expect(report.refusal == expected["rejected"]?.string, place)
        #expect(
          report.findings.map { [$0.category.rawValue, $0.severity.rawValue, $0.message] }
            == (expected["events"]?.array ?? []).map { event in
              ["category", "severity", "message"].map { event[$0]?.string ?? "" }
            }, place)
        if let findings = expected["findings"]?.array {
          #expect(report.isAllowed == expected["allowed"]?.bool, place)
          #expect(report.needsReview == expected["requires_review"]?.bool, place)
          #expect(
            report.findings.map { $0.seen.map { "\($0.name)=\($0.value)" } }
              == findings.map { $0["metadata"]?.object?.members.first.map { "\($0.key)=\($0.value.string ?? "")" } },
            place)
        }
        #expect(devices == Set((expected["known_devices"]?.array ?? []).compactMap { Device($0) }), place)
        checked += 1
      }
    }
    #expect(checked == 19)
  }

  @Test func `ranges are known by what they hold, not by their letters`() throws {
    let limits = WithdrawalLimits(
      review: .init(units: .max, text: ""), block: .init(units: .max, text: ""), deviceReview: nil,
      blocked: [try #require(IPRange("198.51.100.0/24"))], trusted: [])
    func isAllowed(_ ip: String) -> Bool {
      limits.report(
        WithdrawalContext(user: "u", amount: .zero, amountText: "0", ip: ip, device: nil), isKnownDevice: false
      ).isAllowed
    }
    #expect(!isAllowed("198.51.100.77"))
    #expect(!isAllowed("::ffff:198.51.100.77"))
    #expect(isAllowed("198.51.101.77"))
  }

  private struct Device: Hashable {
    let user: String
    let name: String
    init(user: String, name: String) {
      self.user = user
      self.name = name
    }
    init?(_ json: JSON) {
      guard let pair = json.array, pair.count == 2, let user = pair[0].string, let name = pair[1].string else {
        return nil
      }
      self.init(user: user, name: name)
    }
  }
}
