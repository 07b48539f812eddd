import Codecs
import TestSupport
import Testing

@Suite("JSON")
struct JSONTests {
  static let document = #"{"a":[1,-0.5e+3,true,false,null],"b":{"c":"\u00e9\ud83d\ude00\n\"\\/","":""}}"#

  @Test func `a document is read with numbers as text, and written in its own order`() throws {
    let json = try JSON.parse(JSONTests.document)
    #expect(json["a"]?.array == [.number("1"), .number("-0.5e+3"), true, false, .null])
    #expect(json["b"]?["c"] == "é😀\n\"\\/")
    #expect(json.text == #"{"a":[1,-0.5e+3,true,false,null],"b":{"c":"é😀\n\"\\/","":""}}"#)
    #expect(try JSON.parse(json.utf8) == json)
  }

  @Test(arguments: [
    ("", JSONError.Code.truncated), (" ", .truncated), ("[1", .truncated), ("{\"a\"", .truncated), ("\"a", .truncated),
    ("tru", .truncated), ("1.", .truncated), ("-", .truncated), ("1e", .truncated), ("[1,]", .syntax),
    ("{,}", .syntax), ("{\"a\":1,}", .syntax), ("{1:2}", .syntax), ("[1 2]", .syntax), ("{\"a\" 1}", .syntax),
    ("nul1", .syntax), ("NaN", .syntax), ("'a'", .syntax), ("+1", .syntax), (".5", .syntax), ("\u{feff}1", .syntax),
    ("01", .badNumber), ("-01", .badNumber), ("1.x", .badNumber), ("1e+x", .badNumber), ("-a", .badNumber),
    ("1 2", .trailingBytes), ("{}{}", .trailingBytes), ("1/**/", .trailingBytes), ("0x1", .trailingBytes),
    ("{\"a\":1,\"a\":1}", .duplicateKey), ("{\"a\":1,\"\\u0061\":2}", .duplicateKey), ("\"\n\"", .badString),
    ("\"\\x\"", .badString), ("\"\\u12g4\"", .badString), ("\"\\ud800\"", .badString), ("\"\\udc00\"", .badString),
    ("\"\\ud800\\u0041\"", .badString), ("\"\\ud800\\n\"", .badString), ("\"\\udc00\\udc00\"", .badString),
    ("\"\\\n\"", .badString),
  ])
  func `text outside the grammar is refused by its code`(text: String, code: JSONError.Code) {
    #expect { try JSON.parse(text) } throws: { ($0 as? JSONError)?.code == code }
  }

  @Test func `bytes that are no UTF-8 are refused, also behind an escape`() {
    for bad: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]] {
      #expect { try JSON.parse([0x22] + bad + [0x22]) } throws: { ($0 as? JSONError)?.code == .badString }
      #expect { try JSON.parse([0x22, 0x5c, 0x6e] + bad + [0x22]) } throws: { ($0 as? JSONError)?.code == .badString }
    }
  }

  @Test func `an error says at which byte`() {
    #expect { try JSON.parse(#"{"a": [1, x]}"#) } throws: { ($0 as? JSONError)?.offset == 10 }
    #expect { try JSON.parse(#"{"a":1, "a":2}"#) } throws: { ($0 as? JSONError)?.offset == 8 }
  }

  @Test func `depth and size have bounds`() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try JSON.parse(nested(64))
    #expect { try JSON.parse(nested(65)) } throws: { ($0 as? JSONError)?.code == .tooDeep }
    #expect { try JSON.parse(String(repeating: "[", count: 1_000_000)) } throws: {
      ($0 as? JSONError)?.code == .tooDeep
    }
    // Depth counts what is open, not what was.
    _ = try JSON.parse("[" + Array(repeating: nested(60), count: 100).joined(separator: ",") + "]")
    let limits = JSON.Limits(bytes: 10, depth: 1)
    _ = try JSON.parse("[12345678]", limits: limits)
    #expect { try JSON.parse("[123456789]", limits: limits) } throws: { ($0 as? JSONError)?.code == .tooLarge }
  }

  @Test func `an object of many keys finds each, refuses a double one, and is equal in any order`() throws {
    let text = (0..<500).map { "\"k\($0)\":\($0)" }
    let json = try JSON.parse("{" + text.joined(separator: ",") + "}")
    for key in 0..<500 { #expect(json["k\(key)"]?.uint64 == UInt64(key)) }
    #expect(json["k500"] == nil)
    #expect(try JSON.parse("{" + text.reversed().joined(separator: ",") + "}") == json)
    #expect { try JSON.parse("{" + (text + ["\"k77\":1"]).joined(separator: ",") + "}") } throws: {
      ($0 as? JSONError)?.code == .duplicateKey
    }
  }

  @Test func `a number is 64 bits only when it is plain and fits`() {
    #expect(JSON.number("18446744073709551615").uint64 == .max)
    for text in ["18446744073709551616", "-1", "1.0", "1e3"] { #expect(JSON.number(text).uint64 == nil) }
    #expect(JSON.string("1").uint64 == nil)
  }

  @Test func `canonical text has sorted keys, no blanks and the fewest escapes`() throws {
    let json = try JSON.parse(
      #" { "b" : [ 1 , "\u0001\u001f\/\"\\\b\f\n\r\t\u007f" ] , "a" : { "é" : null , "z" : true } } "#)
    let expected = #"{"a":{"z":true,"é":null},"b":[1,"\u0001\u001f/\"\\\b\f\n\r\t"# + "\u{7f}" + #""]}"#
    #expect(String(decoding: try CanonicalJSON.bytes(json), as: UTF8.self) == expected)
  }

  @Test func `keys are sorted by UTF-16 unit, as RFC 8785 says`() throws {
    // U+1F600 begins with the unit D83D, which sorts before U+FB33, though its scalar is larger.
    let json: JSON = ["\u{fb33}": 1.json, "\u{1f600}": 2.json, "\u{20ac}": 3.json, "\r": 4.json, "1": 5.json]
    #expect(
      String(decoding: try CanonicalJSON.bytes(json), as: UTF8.self)
        == "{\"\\r\":4,\"1\":5,\"\u{20ac}\":3,\"\u{1f600}\":2,\"\u{fb33}\":1}")
  }

  @Test(arguments: ["1.0", "1e3", "-0", "01", "", "-", "1x"])
  func `a number with more than one spelling is refused by the canonical writer`(text: String) {
    #expect { try CanonicalJSON.bytes([.number(text)]) } throws: { ($0 as? JSONError)?.code == .notCanonical }
  }

  @Test(arguments: UInt64(0)..<200)
  func `changed bytes never trap, and what is accepted reads back the same`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      var bytes = Array(JSONTests.document.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
        }
      }
      if let text = String(validating: bytes, as: UTF8.self) {
        #expect(refusal { try JSON.check(text) } == refusal { _ = try JSON.parse(text) }, "\(text)")
      }
      guard let json = try? JSON.parse(bytes) else { continue }
      #expect(try JSON.parse(json.utf8) == json)
    }
  }

  private func refusal(_ body: () throws -> Void) -> JSONError? {
    do { try body() } catch { return error as? JSONError }
    return nil
  }

  @Test(arguments: [
    #"{"a":{"b":[1,-2.5e3,true,false,null,"x\n"]}}"#, #"{"a":1,"a":2}"#, #"{"a":{"b":1,"b":2}}"#, #"["\ud800"]"#,
    "[1,]", "01",
    "\"\u{1}\"", "[", "", "{} x", String(repeating: "[", count: 65),
  ])
  func `a check refuses what reading refuses, at the same byte`(text: String) {
    #expect(refusal { try JSON.check(text) } == refusal { _ = try JSON.parse(text) })
  }

  @Test func `a character that must be escaped is, wherever it stands`() throws {
    for byte in UInt8(0)...0x7f {
      for place in [0, 1, 15, 16, 40] {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 41)
        bytes[place] = byte
        let text = String(decoding: bytes, as: UTF8.self)
        let written = try CanonicalJSON.bytes(.string(text))
        let isPlain = byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        #expect((written.count == 43) == isPlain)
        #expect(try JSON.parse(written) == .string(text))
      }
    }
  }

  @Test func `every pair of keys is in the order of its UTF-16 units`() throws {
    let keys = [
      "", "a", "aa", "ab", "b", "\u{e9}", "\u{7ff}", "\u{d7ff}", "\u{e000}", "\u{ffff}", "\u{10000}", "\u{10ffff}",
    ]
    for first in keys {
      for second in keys where first != second {
        let written = try CanonicalJSON.bytes(.object(JSONObject([(first, .null), (second, .null)])))
        let sorted = [first, second].sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
        #expect(String(decoding: written, as: UTF8.self) == "{\"\(sorted[0])\":null,\"\(sorted[1])\":null}")
      }
    }
  }
}

extension Int {
  fileprivate var json: JSON { .integer(self) }
}
