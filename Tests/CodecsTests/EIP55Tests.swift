import Codecs
import Testing

@Suite("EIP-55 addresses")
struct EIP55Tests {
  /// The examples of the EIP itself.
  static let published = [
    "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
  ]

  @Test(arguments: published)
  func `a published address is verified and written back the same`(text: String) throws {
    let (address, checksum) = try EIP55.parse(text)
    #expect(checksum == .verified)
    #expect(address.lowercase == text.lowercased())
    #expect(EIP55.text(address) == text)
  }

  @Test func `text of one letter case is read but marked as without checksum`() throws {
    let text = EIP55Tests.published[4]
    let lower = try EIP55.parse(text.lowercased())
    let upper = try EIP55.parse("0x" + text.dropFirst(2).uppercased())
    #expect(lower.checksum == .absent && upper.checksum == .absent)
    #expect(lower.address == upper.address)
  }

  @Test func `an address without letters needs no checksum`() throws {
    #expect(try EIP55.parse("0x" + String(repeating: "0", count: 40)).checksum == .verified)
  }

  @Test func `changing the case of any one letter is refused`() throws {
    let text = Array(EIP55Tests.published[4].utf8)
    for index in 2..<42 where text[index] >= 0x41 {
      var wrong = text
      wrong[index] ^= 0x20
      #expect(throws: EIP55Error(.badChecksum)) { try EIP55.parse(String(decoding: wrong, as: UTF8.self)) }
    }
  }

  @Test func `every byte that is no hex digit is refused at every place, and nothing is appended`() throws {
    let text = Array(EIP55Tests.published[4].lowercased().utf8)
    for index in 2..<42 {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[index] = byte
        var out: [UInt8] = [1]
        let isDigit = Hex.value(ofDigit: byte) != nil
        let result = Result { try EIP55.append(changed[...], to: &out) }
        switch result {
        case .success: #expect(isDigit && out.count == 21)
        case .failure(let error):
          #expect((error as? EIP55Error) == EIP55Error(isDigit ? .badChecksum : .badHex) && out == [1])
        }
      }
    }
  }

  @Test func `other lengths and prefixes are refused`() {
    let text = EIP55Tests.published[4]
    #expect(throws: EIP55Error(.badLength)) { try EIP55.parse("") }
    #expect(throws: EIP55Error(.badLength)) { try EIP55.parse(String(text.dropLast())) }
    #expect(throws: EIP55Error(.badLength)) { try EIP55.parse(text + "0") }
    #expect(throws: EIP55Error(.badLength)) { try EIP55.parse(String(text.dropFirst(2))) }
    #expect(throws: EIP55Error(.badHex)) { try EIP55.parse("0X" + text.dropFirst(2)) }
    #expect(throws: EIP55Error(.badHex)) { try EIP55.parse("00" + text.dropFirst(2)) }
  }

  @Test func `the fast form appends the bytes of a slice inside a longer line`() throws {
    let line = Array("id,\(EIP55Tests.published[5]),12".utf8)
    var out: [UInt8] = []
    #expect(try EIP55.append(line[3..<45], to: &out) == .verified)
    #expect(EVMAddress(out)?.lowercase == EIP55Tests.published[5].lowercased())
  }
}
