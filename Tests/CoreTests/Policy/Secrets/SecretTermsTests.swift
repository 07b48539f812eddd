import Money
import Policy
import Testing

@Suite("Terms of secrets")
struct SecretTermsTests {
  private static let day: Int64 = 86_400_000
  private let now = Timestamp(milliseconds: 1_800_000_000_000)

  private func terms(_ text: String) throws -> SecretTerms {
    try SecretTerms(parsing: text, names: ["AM_KYC_KEY_FILE", "AM_HSM_PIN_FILE"])
  }

  private func warning(_ days: Int64, _ text: String = "90d", _ name: String = "AM_KYC_KEY_FILE") throws
    -> SecretWarning.Code?
  {
    try terms(text).warning(name, since: now.advanced(byMilliseconds: -days * Self.day), at: now)
  }

  @Test func `ninety days for all, and another number for one by its name`() throws {
    #expect(try warning(75) == nil && warning(76) == .dueSoon && warning(89) == .dueSoon && warning(90) == .overdue)
    let own = "90d,AM_KYC_KEY_FILE=60d"
    #expect(try warning(45, own) == nil && warning(46, own) == .dueSoon && warning(60, own) == .overdue)
    #expect(try warning(60, own, "AM_HSM_PIN_FILE") == nil)
    #expect(try terms(own).names("AM_KYC_KEY_FILE") && !terms(own).names("AM_HSM_PIN_FILE"))
    #expect(try terms(own).due("AM_KYC_KEY_FILE", since: now) == now.advanced(byMilliseconds: 60 * Self.day))
  }

  @Test func `a file from the future tells no age, a little of it is the difference of two clocks`() throws {
    #expect(try warning(-1) == .fromTheFuture && warning(-400) == .fromTheFuture)
    #expect(try terms("90d").warning("AM_KYC_KEY_FILE", since: now.advanced(byMilliseconds: 60_000), at: now) == nil)
    #expect(try terms("1d").warning("x", since: Timestamp(milliseconds: .min), at: now) == .overdue)
    #expect(try terms("1d").warning("x", since: Timestamp(milliseconds: .max), at: now) == .fromTheFuture)
  }

  @Test(
    arguments: [
      "", "90", "d", "0d", "-1d", "3651d", "90d,", "90d,AM_KYC_KEY_FILE", "90d,AM_KYC_KEY_FILE=", "90h", " 90d", "９０d",
      "90d,AM_KYC_KEY_FILE=1d=2d", "90d,AM_KYC_KEY_FILE=1d,AM_KYC_KEY_FILE=2d", "90d,AM_DB_DSN=60d",
      "99999999999999999999d",
    ])
  func `what is no list of terms is refused`(text: String) {
    let error = #expect(throws: SecretError.self) { try terms(text) }
    #expect(error?.code == .badTerms)
  }
}
