import Foundation
import Policy
import Screening
import Synchronization
import TestSupport
import Testing

@Suite("Where IP addresses are")
struct GeoTests {
  private final class Hand: Sendable {
    let now = Mutex<Int64>(1_800_000_000_000)
    func move(_ milliseconds: Int64) { now.withLock { $0 += milliseconds } }
  }

  private static let countries = """
    192.0.2.0/24\t{"country": {"iso_code": "ch"}}
    198.51.100.0/24\t{"country": {"iso_code": "Switzerland"}, "registered_country": {"iso_code": "DE"}}
    2001:db8::/32\t{"country": {"iso_code": "DE"}}
    """
  private static let systems = """
    192.0.2.0/24\t{"autonomous_system_number": 64500}
    198.51.100.0/24\t{"autonomous_system_number": 0}
    203.0.113.0/24\t{"autonomous_system_number": "64500"}
    """

  private func write(_ folder: TestFolder, _ name: String, _ lines: String, built: Int64 = 1_800_000_000) throws {
    let bytes = try MMDBFile.bytes(lines, ["--built", "\(built)"])
    try Data(bytes).write(to: URL(filePath: folder.file(name)), options: .atomic)
  }

  private func origin(_ geo: GeoFiles, _ text: String) throws -> IPOrigin { geo.origin(try #require(IPAddress(text))) }

  @Test func `country and system are told where they are known`() throws {
    let folder = try TestFolder("geo")
    try write(folder, "c", Self.countries)
    try write(folder, "a", Self.systems)
    let geo = GeoFiles(
      country: folder.file("c"), asn: folder.file("a"), mostAge: 86_400_000, now: { 1_800_000_000_000 })
    #expect(try origin(geo, "192.0.2.77") == IPOrigin(country: "CH", asn: "64500"))
    #expect(try origin(geo, "::ffff:192.0.2.77") == IPOrigin(country: "CH", asn: "64500"))
    #expect(try origin(geo, "2001:db8::5") == IPOrigin(country: "DE", asn: nil))
    for text in ["198.51.100.7", "203.0.113.7", "10.0.0.1", "::1"] {
      #expect(try origin(geo, text) == .unknown, "\(text)")
    }
    let one = GeoFiles(country: nil, asn: folder.file("a"), mostAge: 86_400_000, now: { 1_800_000_000_000 })
    #expect(try origin(one, "192.0.2.77") == IPOrigin(country: nil, asn: "64500"))
  }

  @Test func `a file that is missing, damaged or old says nothing, and its version says why`() throws {
    let folder = try TestFolder("geo")
    let hand = Hand()
    let path = folder.file("c")
    let geo = GeoFiles(country: path, asn: nil, mostAge: 86_400_000, now: { hand.now.withLock { $0 } })
    #expect(try origin(geo, "192.0.2.1") == .unknown)
    #expect(geo.version() == "geo country maxmind.unreadable")
    try write(folder, "c", Self.countries)
    let good = geo.version()
    #expect(good.hasPrefix("geo country 0x") && geo.version() == good)
    #expect(try origin(geo, "192.0.2.1").country == "CH")
    hand.move(86_400_001)
    #expect(geo.version() == good + " stale")
    #expect(try origin(geo, "192.0.2.1") == .unknown)
    hand.move(-3 * 86_400_000)
    #expect(try origin(geo, "192.0.2.1") == .unknown, "a file of the future")
    hand.move(2 * 86_400_000)
    try write(folder, "c", Self.countries.replacing("\"ch\"", with: "\"AT\""), built: 1_800_000_001)
    #expect(geo.version() != good)
    #expect(try origin(geo, "192.0.2.1").country == "AT")
    try Data("<html>".utf8).write(to: URL(filePath: path))
    #expect(geo.version() == "geo country maxmind.damaged")
    #expect(try origin(geo, "192.0.2.1") == .unknown)
  }
}
