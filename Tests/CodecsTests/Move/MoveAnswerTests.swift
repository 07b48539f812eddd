import Codecs
import Money
import Testing

/// Every form in which a node writes a value reads as the same value. Source: operator tools, 0.3 and 5.3.
@Suite("Move answers")
struct MoveAnswerTests {
  @Test(
    arguments: [
      ("u8", #"7"#), ("u8", #""7""#), ("u8", #"{"U8":7}"#), ("u8", #"{"u8":"7"}"#),
      ("u16", "513"), ("u32", "70000"), ("u64", #""18446744073709551615""#), ("u64", #"{"U64":"5"}"#), ("u64", "5"),
      ("u128", #""340282366920938463463374607431768211455""#), ("u256", #"{"U256":"1"}"#),
      ("bool", "true"), ("bool", #"{"bool":false}"#), ("bool", #""true""#),
      ("address", #""0x1""#), ("address", #""0xbc959517601034979f21fa2f2f41862219ea38554be27c2fdb4fd9a392caafe0""#),
      ("address", #"{"address":"0xa1"}"#),
      ("vector<u8>", #""0x0500""#), ("vector<u8>", "[5,0]"), ("vector<u8>", #""0x""#), ("vector<u8>", "[]"),
      ("vector<u64>", #"["1",2,{"u64":"3"}]"#), ("vector<address>", #"["0x1","0x2"]"#),
      ("0x1::string::String", #""Lot""#), ("0x1::option::Option<u64>", #"{"vec":[]}"#),
      ("0x1::option::Option<u64>", #"{"vec":["17"]}"#), ("0x1::option::Option<u64>", "[]"),
      ("0x1::option::Option<u64>", #"["17"]"#), ("0x1::option::Option<u64>", "null"),
      ("0x1::option::Option<vector<address>>", #"{"vec":[["0x1","0x2"]]}"#),
    ])
  func `every form of every type is read`(type: String, json: String) throws {
    let type = try MoveType(parsing: type)
    let value = try MoveValue(try JSON.parse(json), as: type)
    // What is written for a node reads as the same value.
    #expect(try MoveValue(value.json, as: type) == value)
  }

  @Test func `forms of one value are one value`() throws {
    func read(_ json: String, _ type: String) throws -> MoveValue {
      try MoveValue(try JSON.parse(json), as: try MoveType(parsing: type))
    }
    #expect(try read("[5,0]", "vector<u8>") == .bytes([5, 0]))
    #expect(try read(#""0x0500""#, "vector<u8>") == .bytes([5, 0]))
    for none in ["[]", "null", #"{"vec":[]}"#] {
      #expect(try read(none, "0x1::option::Option<u64>") == .option(nil))
    }
    for some in [#"["17"]"#, #"{"vec":["17"]}"#, #"{"vec":[{"U64":"17"}]}"#] {
      #expect(try read(some, "0x1::option::Option<u64>") == .option(.u64(17)))
    }
  }

  @Test(
    arguments: [
      ("u8", "256"), ("u64", "-1"), ("u64", "1.5"), ("u64", #""0x5""#), ("u64", "null"), ("bool", "1"),
      ("address", #""1""#), ("address", #""0xg""#), ("vector<u8>", #""05""#), ("vector<u8>", "[256]"),
      ("vector<u64>", #""1""#), ("0x1::option::Option<u64>", #"["1","2"]"#), ("0x1::string::String", "5"),
      ("0x5::m::S", "5"),
    ])
  func `what is not of the type is refused`(type: String, json: String) throws {
    let type = try MoveType(parsing: type)
    let json = try JSON.parse(json)
    #expect(throws: MoveError.self) { try MoveValue(json, as: type) }
  }

  @Test func `a struct keeps its fields, in the tool's form too`() throws {
    let plain = try JSON.parse(#"{"available_fund":"5","open":[]}"#)
    let forms = [
      #"{"available_fund":"5","open":{"vec":[]}}"#,
      #"{"struct":{"type":"0x1::d::F","fields":[{"name":"available_fund","value":{"u64":"5"}},{"name":"open","value":{"vec":[]}}]}}"#,
    ]
    for form in forms { #expect(MoveAnswer.plain(try JSON.parse(form)) == plain) }
  }

  @Test(
    arguments: [
      ("bool:true", "01"), ("u8:255", "ff"), ("u64:1", "0100000000000000"), ("hex:0xdeadbeef", "04deadbeef"),
      ("string:Lot", "034c6f74"),
    ])
  func `typed text gives its bytes and comes back`(text: String, bcs: String) throws {
    let value = try MoveValue(parsing: text)
    #expect(Hex.text(try value.bcs) == bcs && value.text == text)
  }

  @Test(
    arguments: [
      "u8:256", "u64:-1", "u64:", "u64", "bool:1", "address:0x10", "hex:0xabc", "vector<u8>:1", "u128:1e3", "nothing:1",
    ])
  func `typed text out of range is refused`(text: String) {
    #expect(throws: MoveError.self) { try MoveValue(parsing: text) }
  }

  @Test(
    arguments: [
      (
        "Move abort in 0x1::coin: EINSUFFICIENT_BALANCE(0x10006): Not enough", "0x1::coin", 0x10006,
        "EINSUFFICIENT_BALANCE"
      ),
      ("error: Move abort in 0xa1::main_v2: 0x7", "0xa1::main_v2", 7, nil),
      ("Move abort 0x1", nil, 1, nil),
      ("VM says: move abort 12, stopped", nil, 12, nil),
    ] as [(String, String?, UInt64, String?)])
  func `an abort's words give module, code and name`(text: String, module: String?, code: UInt64, name: String?) throws
  {
    let abort = try #require(MoveAbort(parsing: text))
    #expect(abort.module == module && abort.code == code && abort.name == name)
  }

  @Test(arguments: ["", "Executed successfully", "Move abort", "Move abort in 0x1::coin", "Move abort X(0xzz)"])
  func `other words are no abort`(text: String) { #expect(MoveAbort(parsing: text) == nil) }

  @Test(
    arguments: [
      "u64", "vector<vector<u8>>", "0x1::coin::CoinStore<0x1::supra_coin::SupraCoin>",
      "0x1::table::Table<address, vector<u64>>",
    ])
  func `a type's text comes back`(text: String) throws { #expect(try MoveType(parsing: text).description == text) }

  @Test(
    arguments: [
      "", "u63", "vector", "vector<>", "vector<u8", "vector<u8>>", "0x1::coin", "0x1::coin::", "coin::C::D",
      "0x1::m::S<u8,>", String(repeating: "vector<", count: 20) + "u8" + String(repeating: ">", count: 20),
    ])
  func `what is no type is refused`(text: String) {
    #expect(throws: MoveError.self) { try MoveType(parsing: text) }
  }
}
