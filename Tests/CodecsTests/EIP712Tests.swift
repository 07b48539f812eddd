import Codecs
import Testing

@Suite("EIP-712 typed data")
struct EIP712Tests {
  /// The example of the EIP itself.
  static let mail = #"""
    {"types":{
      "EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
        {"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
      "Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
      "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},
     "primaryType":"Mail",
     "domain":{"name":"Ether Mail","version":"1","chainId":1,
       "verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
     "message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
       "to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}
    """#

  @Test func `the example of the EIP has its published hashes`() throws {
    let data = try EIP712.TypedData(JSON.parse(EIP712Tests.mail))
    #expect(
      data.domainSeparator.description == "0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f")
    #expect(data.structHash.description == "0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e")
    #expect(data.digest.description == "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2")
  }

  /// A document with one struct of one member.
  private func digest(_ type: String, _ value: String, more: String = "") throws -> Hash32 {
    try EIP712.TypedData(
      JSON.parse(
        #"{"types":{"EIP712Domain":[],"T":[{"name":"x","type":"\#(type)"}]\#(more)},"primaryType":"T","domain":{},"#
          + #""message":{"x":\#(value)}}"#)
    ).structHash
  }

  @Test func `arrays are the hash of their elements' words, and the type text is the one declared`() throws {
    let typeHash = Keccak.hash256(Array("T(uint8[2][] x)".utf8))
    let one = [UInt8](repeating: 0, count: 31) + [1]
    let two = [UInt8](repeating: 0, count: 31) + [2]
    let inner = Keccak.hash256(one, two)
    let expected = Keccak.hash256(typeHash, Keccak.hash256(inner.bytes))
    #expect(try digest("uint8[2][]", "[[1,2]]") == expected)
  }

  @Test func `numbers are the same as a number, as decimal text and as hex`() throws {
    let expected = try digest("uint256", "255")
    #expect(try digest("uint256", "\"255\"") == expected && digest("uint256", "\"0xff\"") == expected)
    #expect(try digest("uint256", "\"0x0ff\"") == expected)
    #expect(try digest("int8", "-1") == digest("int8", "\"-1\""))
  }

  @Test(arguments: [
    ("uint8", "256"), ("uint8", "-1"), ("uint8", "1.0"), ("uint8", "1e2"), ("uint8", "null"), ("uint8", "true"),
    ("uint8", "\"\""), ("uint8", "\"0x\""), ("int8", "128"), ("bool", "1"), ("bool", "\"true\""),
    ("address", "\"0x00\""), ("address", "\"0xcD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826\""), ("bytes4", "\"0x010203\""),
    ("bytes", "\"0x1\""), ("bytes", "\"12\""), ("string", "1"), ("uint8[]", "1"), ("uint8[2]", "[1]"),
    ("uint8[]", "[[1]]"),
    ("T", "{}"), ("T", "1"), ("uint256", "\"0x1" + String(repeating: "0", count: 64) + "\""),
  ])
  func `a value that is not of its type is refused`(type: String, value: String) {
    #expect { try digest(type, value) } throws: { ($0 as? EIP712Error)?.code == .badValue }
  }

  @Test(arguments: [
    "Unknown", "uint256[", "uint256[0]", "uint256[x]", "a b", "", "(uint256)", "uint8[99999999999999999999]",
  ])
  func `a type that does not exist is refused`(type: String) {
    #expect { try digest(type, "1") } throws: { ($0 as? EIP712Error)?.code == .badType }
  }

  @Test func `missing or additional members are refused, because a person would believe to have signed them`() throws {
    for (change, by) in [
      (#""contents":"Hello, Bob!""#, #""other":"Hello, Bob!""#), (#","contents":"Hello, Bob!""#, ""),
      (#""contents":"Hello, Bob!""#, #""contents":"Hello, Bob!","more":1"#),
    ] {
      let text = EIP712Tests.mail.replacing(change, with: by)
      #expect { try EIP712.TypedData(JSON.parse(text)) } throws: { ($0 as? EIP712Error)?.code == .badValue }
    }
    let twice = EIP712Tests.mail.replacing(
      #"{"name":"contents","type":"string"}"#, with: #"{"name":"to","type":"string"}"#)
    #expect { try EIP712.TypedData(JSON.parse(twice)) } throws: { ($0 as? EIP712Error)?.code == .badType }
  }

  @Test(arguments: ["{}", "[]", "null", #"{"types":{},"primaryType":"T","domain":{},"message":{},"more":1}"#])
  func `a document of another shape is refused`(text: String) {
    #expect { try EIP712.TypedData(JSON.parse(text)) } throws: { ($0 as? EIP712Error)?.code == .badDocument }
  }

  @Test func `a struct type that refers to itself ends`() throws {
    let types = #"{"EIP712Domain":[],"N":[{"name":"next","type":"N[]"}]}"#
    let text = #"{"types":\#(types),"primaryType":"N","domain":{},"message":{"next":[{"next":[]}]}}"#
    let typeHash = Keccak.hash256(Array("N(N[] next)".utf8))
    let leaf = Keccak.hash256(typeHash, Keccak.hash256([]))
    #expect(
      try EIP712.TypedData(JSON.parse(text)).structHash == Keccak.hash256(typeHash, Keccak.hash256(leaf.bytes)))
  }
}
