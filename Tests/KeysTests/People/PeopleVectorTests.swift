import Codecs
import Engine
import Foundation
import Keys
import Money
import OATH
import OpenSSL
import Policy
import TestSupport
import Testing

/// Texts and codes that other implementations made: Tests/Vectors/wallet-mining.
@Suite("Vectors: people")
struct PeopleVectorTests {
  static func cases(_ name: String) throws -> [JSON] {
    let path = VectorFolder.repositoryPath + "/Tests/Vectors/wallet-mining/\(name).json"
    let json = try JSON.parse(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    return try #require(json["cases"]?.array)
  }

  @Test func `stored passwords are read, compared, and rehashed at the next login`() throws {
    let cases = try Self.cases("passwords")
    #expect(cases.count == 8)
    for one in cases {
      let (typed, stored) = (try #require(one["password"]?.string), try #require(one["stored"]?.string))
      let right = TypedPassword(try SecretBytes(copying: Array(typed.utf8)))
      let wrong = TypedPassword(try SecretBytes(copying: Array((typed + "x").utf8)))
      if one["error"] == nil {
        #expect(right.matches(stored) == .rightButOld && wrong.matches(stored) == .wrong, "\(stored)")
      } else {
        #expect(throws: PeopleError.self) { try PasswordText(parsing: stored) }
        #expect(right.matches(stored) == .wrong)
      }
    }
  }

  @Test func `one-time codes and their addresses are those of others`() throws {
    var wider = 0
    for one in try Self.cases("totp") {
      let text = try #require(one["secret"]?.string)
      switch one["kind"]?.string {
      case "generate":
        let secret = try OneTimePassword.bytes(base32: text)
        let step = try #require(one["step"]?.uint64)
        let code = try OneTimePassword.text(
          secret.span, counter: try #require(one["timestamp"]?.uint64) / step,
          digits: Int(try #require(one["digits"]?.uint64)))
        #expect(code == one["expected"]?.string)
      case "verify" where one["window"]?.uint64 != 1:
        // The desk takes the steps beside now, and no more.
        wider += 1
      case "verify":
        let secret = try OneTimePassword.bytes(base32: text)
        let now = Timestamp(milliseconds: Int64(try #require(one["now"]?.uint64)) * 1000)
        let accepted = try SecondFactor(sealedSecret: [], recovery: []).steps(at: now).contains { step in
          try OneTimePassword.text(secret.span, counter: UInt64(step)) == one["code"]?.string
        }
        #expect(.bool(accepted) == one["expected"], "\(one)")
      case "otpauth_uri":
        let label = try #require(one["label"]?.string ?? one["user_id"]?.string)
        #expect(
          ProvisioningURI.text(secret: text, label: label, issuer: one["issuer"]?.string) == one["expected"]?.string)
      default: Issue.record("a case of no kind we know: \(one)")
      }
    }
    #expect(wider == 2)
  }

  @Test func `recovery codes are stored as others store them`() throws {
    let secrets = PeopleKeyFile(path: "/nonexistent")
    for one in try Self.cases("two_factor") {
      if let code = one["code"]?.string, let hash = one["sha256"]?.string {
        #expect(Hex.text(secrets.digest(code).bytes) == hash)
      }
      guard one["kind"]?.string == "consume" else { continue }
      let codes = try #require(one["codes"]?.array).compactMap(\.string)
      var factor = SecondFactor(sealedSecret: [], recovery: codes.map { secrets.digest($0) })
      for step in try #require(one["steps"]?.array) {
        let accepted = factor.useRecovery(secrets.digest(try #require(step["code"]?.string)))
        #expect(accepted == (step["accepted"] == .bool(true)))
        #expect(factor.recovery.count == Int(try #require(step["remaining"]?.uint64)))
      }
    }
  }
}
