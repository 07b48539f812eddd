import Foundation
import Testing
import Transport

@Suite("Retry-After")
struct RetryAfterTests {
  @Test func `seconds are read and cut at a day`() {
    #expect(RetryAfter(parsing: "0") == .seconds(0))
    #expect(RetryAfter(parsing: "120") == .seconds(120))
    #expect(RetryAfter(parsing: "999999999") == .seconds(86_400))
  }

  @Test(
    arguments: [0, 951_782_400, 951_868_799, 784_111_777, 1_709_164_800, 4_107_542_399, 253_402_300_799] as [Int64])
  func `a date is the moment that Foundation writes as that date`(moment: Int64) {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    let text = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(moment)))
    #expect(RetryAfter(parsing: text) == .at(moment), "\(text)")
  }

  @Test(arguments: [
    "", "-1", "+1", "1.5", "1e3", " 1", "9999999999999999999", "soon", "Sun, 06 Nov 1994 08:49:37",
    "06 Nov 1994 08:49:37 GMT",
    "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "١٢٣",
  ])
  func `anything else is nothing`(text: String) {
    #expect(RetryAfter(parsing: text) == nil)
  }
}
