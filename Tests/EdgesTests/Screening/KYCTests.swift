import Foundation
import Money
import Policy
import Screening
import TestSupport
import Testing
import Transport

/// A KYC provider, as the stand-in of tools/partners speaks.
@Suite("The KYC provider")
struct KYCTests {
  private func provider(_ how: String, timeout: Int = 3_000, key: String? = nil) throws -> KYCOverHTTP {
    try KYCOverHTTP(
      URLText(parsing: "\(ProviderTests.server.get().base)/\(how)/kyc"), key: key, http: HTTPClient(),
      timeoutMilliseconds: timeout)
  }

  private func question(_ subject: String, country: String? = nil) -> KYCQuestion {
    KYCQuestion(subject: subject, address: "0x" + String(repeating: "ab", count: 20), country: country)
  }

  private func answer(_ how: String, _ subject: String = "approved-1") throws -> Result<KYCAnswer, KYCError> {
    try #require(try provider(how).ask([question(subject)]).first)
  }

  @Test func `each question is answered in its place`() throws {
    let words = ["approved", "pending", "rejected", "expired", "approved"]
    let answers = try provider("good").ask(words.map { question("\($0)-\"1\"", country: "CH") }).map { try $0.get() }
    #expect(answers.map(\.status.rawValue) == words)
    #expect(answers.allSatisfy { $0.level == "full" && $0.reference == "ref CH" })
    let age = Date().timeIntervalSince1970 - Double(answers[0].checkedAt.milliseconds) / 1_000
    #expect((290...330).contains(age))
    #expect(try provider("good").ask([]).isEmpty)
    #expect(try provider("good").ask([question("a")])[0].get().reference == "ref -")
  }

  @Test(
    arguments: [
      ("silent", .unreachable), ("cut", .unreachable), ("flood", .badAnswer), ("html", .badAnswer),
      ("500", .unreachable), ("429", .unreachable), ("401", .refused), ("redirect", .refused),
      ("nowhere/else", .refused),
      ("wrong-shape", .badAnswer), ("other-status", .badAnswer), ("no-time", .badAnswer), ("number", .badAnswer),
      ("long", .badAnswer), ("null-level", .badAnswer), ("lines", .badAnswer), ("half", .badAnswer),
    ] as [(String, KYCError.Code)])
  func `a provider that stalls, lies or floods gives no answer`(how: String, code: KYCError.Code) throws {
    let start = ContinuousClock.now
    let result = try answer(how, "secret-name")
    #expect(throws: KYCError.self) { try result.get() }
    if case .failure(let error) = result {
      #expect(error.code == code, "\(how): \(error.message)")
      #expect(!error.message.contains("secret-name") && error.isPassing == (code == .unreachable))
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func `nobody there is no answer, and one that lies about one is believed about the others`() throws {
    let nowhere = try KYCOverHTTP(URLText(parsing: "http://127.0.0.1:1/kyc"), http: HTTPClient())
    guard case .failure(let error) = nowhere.ask([question("a")])[0] else {
      Issue.record("somebody answered")
      return
    }
    #expect(error.code == .unreachable && error.isPassing)
    let mixed = try provider("some").ask([question("a"), question("b-odd"), question("rejected")])
    #expect(try mixed[0].get().status == .approved && mixed[2].get().status == .rejected)
    #expect(throws: KYCError.self) { try mixed[1].get() }
  }

  @Test func `a key is sent where one is wanted, and never one that breaks the header`() throws {
    let keyed = try provider("keyed", key: "open-sesame")
    #expect(try keyed.ask([question("a")])[0].get().status == .approved)
    #expect(throws: KYCError.self) { try provider("keyed").ask([question("a")])[0].get() }
    #expect(throws: KYCError.self) { try provider("good", key: "two\nlines") }
  }

  @Test func `an answer counts until it is too old, and none from the future does`() throws {
    let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    let (day, month): (Int64, Int64) = (86_400_000, 30 * 86_400_000)
    let until = now.advanced(byMilliseconds: day)
    func counts(_ how: String) throws -> Bool { try answer(how).get().counts(from: now, until: until, mostAge: month) }
    #expect(try counts("good"))
    #expect(try !counts("stale"))
    #expect(try !counts("future"))
    let checked = KYCAnswer(status: .approved, level: "", reference: "", checkedAt: Timestamp(milliseconds: 1_000_000))
    func counts(_ from: Int64, _ until: Int64) -> Bool {
      checked.counts(from: Timestamp(milliseconds: from), until: Timestamp(milliseconds: until), mostAge: 500)
    }
    #expect(counts(1_000_000, 1_000_500) && !counts(1_000_000, 1_000_501))
    #expect(counts(1_000_000 - 300_000, 1_000_000) && !counts(1_000_000 - 300_001, 1_000_000))
  }

  @Test func `what is kept is found by provider, subject, address and country`() {
    let base = KYCQuestion(subject: "a", address: "b", country: "CH")
    let keys = [
      base.key(provider: "p"), base.key(provider: "q"),
      KYCQuestion(subject: "ab", address: "", country: "CH").key(provider: "p"),
      KYCQuestion(subject: "a", address: "b", country: nil).key(provider: "p"),
      KYCQuestion(subject: "a", address: "c", country: "CH").key(provider: "p"),
    ]
    #expect(Set(keys).count == keys.count)
  }
}
