import Policy
import Testing

@Suite("IP addresses and ranges")
struct IPRangeTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("1.2.3.4", "1.2.3.4", true),
    ("1.2.3.4", "1.2.3.5", false), ("0.0.0.0/0", "255.1.2.3", true), ("0.0.0.0/0", "2001:db8::1", false),
    ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false), ("::/0", "1.2.3.4", true),
    ("::1", "0:0:0:0:0:0:0:1", true), ("::ffff:10.0.0.0/104", "10.9.9.9", true),
    ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("fe80::/10", "fe80::1", true),
  ])
  func `an address is inside or outside`(range: String, address: String, isInside: Bool) throws {
    let parsed = try #require(IPRange(range))
    #expect(try parsed.contains(#require(IPAddress(address))) == isInside)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "::1::", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", ":::", "12345::", "+1::", "fe80::1%eth0", "1.2.3.4:80", "[::1]", "::1.2.3", "１.2.3.4",
    "1::2:3:4:5:6:7:8",
  ])
  func `what is no address is none`(text: String) { #expect(IPAddress(text) == nil) }

  @Test(arguments: ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "/8", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8"])
  func `what is no range is none`(text: String) { #expect(IPRange(text) == nil) }
}
