import Chains
import Codecs
import Policy
import TestSupport
import Testing

@Suite("Address set")
struct AddressSetTests {
  private func key(_ text: String) throws -> AddressKey { try AddressKey(text) }

  @Test func `an EVM address is one address in any letter case`() throws {
    let mixed = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    let keys = try [mixed, mixed.lowercased(), "0x" + mixed.dropFirst(2).uppercased(), " \(mixed)\r\n"].map(key)
    #expect(Set(keys).count == 1)
    // A wrong checksum must not hide a listed address.
    #expect(try key("0x5fBDB2315678afecb367f032d93F642f64180aa3") == keys[0])
    #expect(try AddressKey(Address(EIP55.parse(mixed).address.bytes)) == keys[0])
  }

  @Test func `bech32 counts in either case, base58 letter by letter`() throws {
    #expect(
      try key("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4") == key("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"))
    #expect(try key("1BoatSLRHtKNngkdXEeobR76b53LETtpyT") != key("1boatSLRHtKNngkdXEeobR76b53LETtpyT"))
    #expect(try key("0xAB" + String(repeating: "0", count: 62)) == key("0xab" + String(repeating: "0", count: 62)))
  }

  @Test(arguments: ["", "   ", "a b", "0x\u{e9}", String(repeating: "a", count: 257)])
  func `what cannot be an address is refused`(text: String) {
    #expect { try AddressKey(text) } throws: { ($0 as? ListError)?.code == .badQuery }
  }

  @Test func `it agrees with a dictionary over many addresses, listed and not`() throws {
    var random = SplitMix64(seed: 7)
    func address() throws -> EVMAddress {
      try #require(EVMAddress((0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }))
    }
    let listed = try (0..<5_000).map { _ in try address() }
    var pairs = listed.enumerated().map { (key: AddressKey.evm($1), value: UInt32($0)) }
    let texts = (0..<2_000).map { "T\($0)x\(random.next())" }
    for (place, text) in texts.enumerated() { pairs.append((try key(text), UInt32(10_000 + place))) }
    // The same key again keeps its first value.
    pairs.append((.evm(listed[3]), 99))
    let set = AddressSet(pairs)
    #expect(set.count == 7_000)
    for (place, address) in listed.enumerated() { #expect(set.value(of: address) == UInt32(place)) }
    for (place, text) in texts.enumerated() { #expect(try set.value(of: key(text)) == UInt32(10_000 + place)) }
    for _ in 0..<20_000 { #expect(set.value(of: try address()) == nil) }
    #expect(try set.value(of: key("T0x")) == nil)
    #expect(AddressSet([]).value(of: listed[0]) == nil)
  }

  @Test func `a scan names the lines that are listed and those it cannot read`() throws {
    let listed = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    let set = AddressSet([
      (key: try key(listed), value: 4), (key: try key("1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), value: 9),
    ])
    let other = "0x0000000000000000000000000000000000000001"
    let text = "\(other)\n\(listed.lowercased())\r\n\n 1BoatSLRHtKNngkdXEeobR76b53LETtpyT\nno address\n\(listed)"
    let scan = set.scan(Array(text.utf8).span)
    #expect(scan.lines == 6)
    #expect(scan.unreadable == 2)
    #expect(scan.hits.map { [$0.line, Int($0.value)] } == [[1, 4], [3, 9], [5, 4]])
    #expect(set.scan([UInt8]().span) == AddressSet.Scan())
    // A line of 42 characters that is followed by something else than its end.
    #expect(set.scan(Array("\(listed)7\n".utf8).span).hits.isEmpty)
  }
}
