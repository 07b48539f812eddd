import Codecs
import Engine
import Foundation
import Keys
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
