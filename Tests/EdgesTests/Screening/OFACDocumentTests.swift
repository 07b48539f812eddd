import Expat
import Foundation
import Policy
import Screening
import TestSupport
import Testing

@Suite("OFAC lists")
struct OFACDocumentTests {
  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(VectorFolder.repositoryPath)/Tests/Samples/lists/\(name)")))
  }

  /// Reads in pieces of `size` bytes, as a file is read.
  static func read(
    _ bytes: [UInt8], pieces size: Int = 4096, limits: XMLLimits = XMLLimits()
  ) throws(ListError) -> ImportedList {
    var rest = bytes[...]
    return try OFACDocument().read(limits: limits) { () throws(ListError) in
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
  }

  private func code(_ text: String, limits: XMLLimits = XMLLimits()) -> ListError.Code? {
    do throws(ListError) {
      _ = try Self.read(Array(text.utf8), limits: limits)
      return nil
    } catch { return error.code }
  }

  @Test(arguments: [1, 7, 4096]) func `the plain form is read in pieces of any size`(size: Int) throws {
    let list = try Self.read(Self.bytes("sdn.xml"), pieces: size)
    #expect(list.publishedAt.map(ListDate.text) == "2026-11-18")
    #expect(list.entries.map(\.id) == ["90001", "90002", "90003", "90004"])
    #expect(list.entries.map(\.kind) == [.entity, .person, .vessel, .aircraft])
    #expect(
      list.entries[0].names == [
        .init(.primary, "NORTHERN LANTERN EXCHANGE"), .init(.alias, "LANTERN & SONS TRADING"),
        .init(.weakAlias, "LAMP"),
      ])
    #expect(
      list.entries[0].addresses == [
        .init(asset: "ETH", text: "0x00000000000000000000000000000000DeaDBeef"),
        .init(asset: "USDT", text: "TLanternLanternLanternLanternLante"),
      ])
    #expect(list.entries[0].programs == ["CYBER2", "TCO"])
    #expect(list.entries[1].title == "Ruslan Timofeyevich VYDUMSHCHIKOV")
    #expect(list.entries[1].birthDates == ["01 Jan 1970"])
    #expect(list.entries[1].addresses == [.init(asset: "XBT", text: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")])
  }

  @Test func `the advanced form says the same of the same parties`() throws {
    let plain = try Self.read(Self.bytes("sdn.xml"))
    let advanced = try Self.read(Self.bytes("sdn_advanced.xml"), pieces: 11)
    #expect(advanced.publishedAt == plain.publishedAt)
    #expect(advanced.entries.count == 3)
    for (a, b) in zip(plain.entries, advanced.entries) {
      #expect(a.id == b.id && a.kind == b.kind && a.names == b.names)
      #expect(a.addresses == b.addresses && a.programs == b.programs)
    }
    #expect(advanced.entries[1].birthDates == ["1970"])
  }

  @Test func `what is not whole or not a list is refused by name`() throws {
    let text = String(decoding: try Self.bytes("sdn.xml"), as: UTF8.self)
    #expect(code(text) == nil)
    for length in stride(from: 0, to: text.utf8.count - 10, by: 97) {
      #expect(code(String(text.utf8.prefix(length)) ?? "") == .badFile, "cut off at \(length)")
    }
    // An entry lost on the way: the count says so.
    #expect(code(text.replacingOccurrences(of: "<Record_Count>4<", with: "<Record_Count>5<")) == .badFile)
    #expect(code("<html><body>503</body></html>") == .badFile)
    #expect(code("<sdnList><sdnEntry></sdnEntry></sdnList>") == .badFile)
    #expect(code("<Sanctions><DistinctParties/></Sanctions>") == .badFile)
    #expect(code("\u{0}\u{1}") == .badFile)
  }

  @Test func `hostile documents end within their bounds`() throws {
    let bomb = """
      <!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><sdnList>&c;</sdnList>
      """
    #expect(code(bomb) == .badFile)
    #expect(code("<!DOCTYPE b SYSTEM \"file:///etc/passwd\"><sdnList/>") == .badFile)
    #expect(code(String(repeating: "<a>", count: 100_000)) == .badFile)
    #expect(code("<sdnList>" + String(repeating: "<a>", count: 100_000)) == .tooLarge)
    #expect(code("<sdnList>\(String(repeating: "x", count: 100_000))</sdnList>") == .tooLarge)
    #expect(code("<sdnList \((0..<50).map { "a\($0)='1'" }.joined(separator: " "))/>") == .tooLarge)
    #expect(code("<sdnList><\(String(repeating: "n", count: 200))/></sdnList>") == .tooLarge)
    #expect(
      code("<sdnList></sdnList>" + String(repeating: " ", count: 5_000), limits: XMLLimits(bytes: 4_000)) == .tooLarge)
  }

  @Test func `the place of a mistake is named`() throws {
    do throws(ListError) {
      _ = try Self.read(Array("<sdnList>\n  <sdnEntry></oops>\n</sdnList>".utf8))
      Issue.record("accepted")
    } catch { #expect(error.message.hasPrefix("line 2, column ")) }
  }

  @Test func `plain lists of addresses and names are read line by line, or from an array`() throws {
    let eth = try PlainLists.addresses(Self.bytes("sanctioned_addresses_ETH.txt"), asset: "ETH")
    #expect(eth.map(\.addresses.first?.asset) == ["ETH", "ETH"])
    let xbt = try PlainLists.addresses(Self.bytes("sanctioned_addresses_XBT.json"), asset: "XBT")
    #expect(xbt.map(\.id) == ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"])
    #expect(PlainLists.asset(ofFileNamed: "sanctioned_addresses_ETH.txt") == "ETH")
    #expect(PlainLists.asset(ofFileNamed: "sanctioned_addresses_.txt") == nil)
    #expect(PlainLists.asset(ofFileNamed: "addresses.txt") == nil)
    let names = try PlainLists.names(Array("# ours\n\nJane Roe\r\n  John Doe \n".utf8))
    #expect(names.map(\.title) == ["Jane Roe", "John Doe"])
    for (bad, place) in [("ok\nnot an address\n", "line 2"), ("[\"ok\", 3]", "element 1"), ("[\"ok\"", "byte 5")] {
      do throws(ListError) {
        _ = try PlainLists.addresses(Array(bad.utf8), asset: "*")
        Issue.record("accepted \(bad)")
      } catch {
        #expect(error.code == .badFile && error.message.contains(place), "\(error.message)")
      }
    }
    #expect(throws: ListError.self) { try PlainLists.names([0xff, 0xfe]) }
    #expect(throws: ListError.self) { try PlainLists.names(Array("...\n".utf8)) }
  }
}
