import Codecs
import Foundation
import TestSupport
import Testing

/// Facts from outside, as settings name them: with the real binary and real servers.
@Suite("Facts from outside, with the real binary")
struct FactsProgramTests {
  static let partner = Result { try ScreeningPartner() }
  let desk: Desk

  init() throws { desk = try Desk() }

  private func kyc(_ how: String) throws -> [String: String] {
    ["AM_KYC_URL": "\(try Self.partner.get().base)/\(how)/kyc", "AM_KYC_TIMEOUT_MS": "300"]
  }

  /// A campaign of recipients whose rows end so, under a policy of one rule.
  private func campaign(_ columns: String, _ rows: [String], rule: String) throws {
    let policy = "{\"format\":1,\"name\":\"p\",\"rules\":[\(rule)],\"otherwise\":\"allow\"}"
    try desk.scratch.write(policy, to: "policy.json")
    let lines = rows.enumerated().map { "\(Recipient.text($0)),10,p\($0),\($1)" }
    try desk.campaign(
      "Q4", token: nil, file: (["address,amount,payout_id,\(columns)"] + lines).joined(separator: "\n") + "\n")
    try desk.run(["policy", "activate", desk.scratch("policy.json"), "--yes"]).succeeded()
  }

  /// Verdicts that are not allow, by payout.
  private func verdicts(_ settings: [String: String]) throws -> [String: String] {
    _ = try desk.run(["airdrop", "screen", "--campaign", "Q4", "--json"], environment: settings)
    let rows = try desk.run(["airdrop", "reviews", "list", "--campaign", "Q4", "--json"], environment: settings)
      .succeeded().events(named: "verdict")
    return Dictionary(
      uniqueKeysWithValues: rows.map { ($0["payout_id"]?.string ?? "", $0["verdict"]?.string ?? "") })
  }

  private static let approved = """
    {"id":"kyc","when":[{"attribute":"recipient.kyc","op":"not_in","value":["approved"]}],"then":"deny","reason":"kyc"}
    """

  /// What a desk of its own hears of three recipients, whose rows say other things than the provider does.
  private static func heard(_ settings: [String: String]) throws -> (code: String?, verdicts: [String: String]) {
    let tests = try FactsProgramTests()
    try tests.campaign(
      "kyc,kyc_subject", ["rejected,approved-1", "approved,rejected-2", "approved,pending-3"], rule: approved)
    let screened = try tests.desk.run(["airdrop", "screen", "--campaign", "Q4", "--json"], environment: settings)
    return (screened.code, try tests.verdicts(settings))
  }

  @Test(
    arguments: [
      ("silent", true), ("500", true), ("429", true), ("html", false), ("other-status", false), ("cut", true),
      ("stale", false), ("future", false), ("401", false),
    ])
  func `the word of a KYC provider decides, and silence or a lie lets nobody go`(how: String, isPassing: Bool) throws {
    let (code, verdicts) = try Self.heard(kyc(how))
    // It is asked again, is refused, or everybody is held: in no case is anybody cleared.
    #expect(
      ["kyc.unreachable", "kyc.refused"].contains(code) || verdicts == ["p0": "held", "p1": "held", "p2": "held"],
      "\(verdicts)")
    if isPassing { #expect(code == "kyc.unreachable") }
  }

  @Test func `an answer that counts beats the column, and the column counts where there is no provider`() throws {
    #expect(try Self.heard(kyc("good")).verdicts == ["p1": "deny", "p2": "deny"])
    #expect(try Self.heard([:]).verdicts == ["p0": "deny"])
    let nobody = try Self.heard(["AM_KYC_URL": "http://127.0.0.1:1", "AM_KYC_TIMEOUT_MS": "300"])
    #expect(nobody.code == "kyc.unreachable")
  }

  @Test func `a key is read from its file, and one that others can read is told`() throws {
    var settings = try kyc("keyed")
    settings["AM_KYC_KEY_FILE"] = try desk.scratch.write("open-sesame\n", to: "kyc.key")
    #expect(try Self.heard(settings).verdicts == ["p1": "deny", "p2": "deny"])
    #expect(try desk.run(["secrets", "report"], environment: settings).out.contains("secrets.exposed"))
    settings["AM_KYC_KEY_FILE"] = try desk.scratch.write("guessed\n", to: "kyc.key")
    #expect(try Self.heard(settings).code == "kyc.refused")
    settings["AM_KYC_KEY_FILE"] = desk.scratch("missing")
    #expect(try Self.heard(settings).code == "signing.file_failed")
  }

  @Test func `where an address is, says the database; an old, missing or broken one holds everybody`() throws {
    try campaign(
      "ip", ["192.0.2.7", "198.51.100.7", "10.0.0.1"],
      rule: """
        {"id":"geo","when":[{"attribute":"ip.country","op":"in","value":["KP"]}],"then":"deny","reason":"country"},
        {"id":"asn","when":[{"attribute":"ip.asn","op":"in","value":["64500"]}],"then":"deny","reason":"network"}
        """)
    func database(_ name: String, _ lines: String, daysOld: Int = 0) throws -> String {
      let built = Int(Date().timeIntervalSince1970) - daysOld * 86_400
      return try desk.scratch.write(Data(MMDBFile.bytes(lines, ["--built", "\(built)"])), to: name)
    }
    let places =
      "192.0.2.0/24\t{\"country\": {\"iso_code\": \"KP\"}}\n198.51.100.0/24\t{\"country\": {\"iso_code\": \"CH\"}}\n"
    let systems =
      "192.0.2.0/24\t{\"autonomous_system_number\": 7}\n198.51.100.0/24\t{\"autonomous_system_number\": 64500}\n"
    let settings = [
      "AM_GEO_COUNTRY_DB": try database("c.mmdb", places), "AM_GEO_ASN_DB": try database("a.mmdb", systems),
    ]
    let held = ["p0": "held", "p1": "held", "p2": "held"]
    #expect(try verdicts([:]) == held)
    #expect(try verdicts(settings) == ["p0": "deny", "p1": "deny", "p2": "held"])
    let old = ["AM_GEO_COUNTRY_DB": try database("old.mmdb", places, daysOld: 40)]
    #expect(try verdicts(old) == held)
    #expect(try verdicts(old.merging(["AM_GEO_MAX_AGE": "366d"]) { $1 })["p0"] == "deny")
    for path in [desk.scratch("none.mmdb"), try desk.scratch.write("no database", to: "bad.mmdb")] {
      #expect(try verdicts(["AM_GEO_COUNTRY_DB": path]) == held)
    }
  }

  @Test(
    arguments: [
      ("AM_RATE_LIMIT_GLOBAL", "300"), ("AM_RATE_LIMIT_GLOBAL", "0:60"), ("AM_RATE_LIMIT_GLOBAL", "3:60:often"),
      ("AM_GEO_MAX_AGE", "0h"), ("AM_GEO_MAX_AGE", "367d"), ("AM_KYC_MAX_AGE", "soon"), ("AM_KYC_TIMEOUT_MS", "99"),
      ("AM_EGRESS_HOSTS", "https://a.example"), ("AM_EGRESS_HOSTS", "a.example,"), ("AM_EGRESS_HOSTS", "a b"),
    ])
  func `a value that is none is refused, by its setting's name`(name: String, value: String) throws {
    try campaign("ip", ["10.0.0.1"], rule: Self.any)
    var settings = [name: value, "AM_KYC_URL": "http://127.0.0.1:1", "AM_GEO_ASN_DB": "x"]
    settings["AM_EVM_RPC"] = "http://127.0.0.1:1"
    let screened = try desk.run(["airdrop", "screen", "--campaign", "Q4"], environment: settings)
    let checked = try desk.run(["config", "check"], environment: settings)
    #expect(screened.code == "config.bad_value" || checked.out.contains("config.bad_value"), "\(checked.out)")
    #expect((screened.error + checked.out).contains(name))
  }

  private static let any = """
    {"id":"all","when":[{"attribute":"amount","op":"ge","value":"1"}],"then":"review","reason":"x"}
    """

  @Test(
    arguments: [
      ("AM_KYC_URL", "http://kyc.example:8080/ask"), ("AM_YENTE_URL", "http://yente.example"),
      ("AM_WATCHMAN_URL", "http://watchman.example"), ("AM_WEB3SIGNER_URL", "http://signer.example:9000"),
      ("AM_KMS_URL", "https://kms.eu-central-1.amazonaws.com"), ("AM_EVM_RPC", "https://node.example/v3/key"),
    ])
  func `every URL of the settings stands under the list of hosts`(name: String, url: String) throws {
    let host = String(url.split(separator: "/")[1])
    let settings = [name: url, "AM_EGRESS_HOSTS": "other.example"]
    let refused = try desk.run(["config", "check"], environment: settings)
    #expect(refused.out.contains("config.bad_value") && refused.out.contains("\(name) names"), "\(refused.out)")
    #expect(!refused.out.contains("/v3/key"))
    let allowed = try desk.run(
      ["config", "check"], environment: settings.merging(["AM_EGRESS_HOSTS": "other.example,\(host)"]) { $1 })
    #expect(!allowed.out.contains("\(name) names"), "\(allowed.out)")
  }

  @Test func `keys behind Web3Signer and KMS are not asked for where the list leaves their hosts out`() throws {
    let web = ["AM_WEB3SIGNER_URL": "\(try Self.partner.get().base)", "AM_EGRESS_HOSTS": "localhost"]
    #expect(try desk.run(["keys", "show"], environment: web).code == "config.bad_value")
    try desk.scratch.write("AKID\nsecret\n", to: "kms")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: desk.scratch("kms"))
    let kms = [
      "AM_KMS_URL": "\(try Self.partner.get().base)", "AM_KMS_REGION": "eu", "AM_KMS_KEYS": "one",
      "AM_KMS_CREDENTIALS_FILE": desk.scratch("kms"), "AM_EGRESS_HOSTS": "kms.example",
    ]
    #expect(try desk.run(["keys", "show"], environment: kms).code == "config.bad_value")
  }
}
