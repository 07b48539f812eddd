import Codecs
import Testing
import Transport

@Suite("JSON-RPC batch")
struct RPCBatchTests {
  private let pair = RPCBatch([RPCCall("a", ["1"]), RPCCall("b")], firstID: 10)

  private func results(_ batch: RPCBatch, _ body: String) -> [Result<JSON, RPCError>] {
    batch.results(status: 200, retryAfter: nil, body: Array(body.utf8))
  }

  private func codes(_ batch: RPCBatch, _ body: String) -> [RPCError.Code?] {
    results(batch, body).map { result in
      if case .failure(let error) = result { error.code } else { nil }
    }
  }

  @Test func `a batch is an array and one call an object`() {
    #expect(
      String(decoding: pair.body, as: UTF8.self)
        == #"[{"jsonrpc":"2.0","id":10,"method":"a","params":["1"]},{"jsonrpc":"2.0","id":11,"method":"b","params":[]}]"#
    )
    #expect(
      String(decoding: RPCBatch([RPCCall("a")], firstID: 3).body, as: UTF8.self)
        == #"{"jsonrpc":"2.0","id":3,"method":"a","params":[]}"#)
  }

  @Test func `answers are matched by id, in any order`() throws {
    let found = results(pair, #"[{"jsonrpc":"2.0","id":11,"result":null},{"jsonrpc":"2.0","id":10,"result":"x"}]"#)
    #expect(try found.map { try $0.get() } == ["x", .null])
  }

  @Test(
    arguments: [
      (#"[{"jsonrpc":"2.0","id":10,"result":1}]"#, [nil, .missing]),
      (#"[]"#, [.missing, .missing]),
      (#"[{"jsonrpc":"2.0","id":10,"result":1},{"jsonrpc":"2.0","id":10,"result":1}]"#, [.duplicate, .missing]),
      (
        #"[{"jsonrpc":"2.0","id":10,"result":1},{"jsonrpc":"2.0","id":10,"result":1},{"jsonrpc":"2.0","id":10,"result":1},{"jsonrpc":"2.0","id":11,"result":1}]"#,
        [.duplicate, nil]
      ),
      (#"[{"jsonrpc":"2.0","id":9,"result":1},{"jsonrpc":"2.0","id":12,"result":1}]"#, [.missing, .missing]),
      (#"[{"jsonrpc":"2.0","id":"10","result":1},{"jsonrpc":"2.0","id":11,"result":1}]"#, [.missing, nil]),
      (#"[{"jsonrpc":"2.0","id":10.0,"result":1},{"jsonrpc":"2.0","id":-11,"result":1}]"#, [.missing, .missing]),
      (#"[{"jsonrpc":"2.0","id":18446744073709551615,"result":1}]"#, [.missing, .missing]),
      (#"[1,"x",null,[]]"#, [.missing, .missing]),
      (#"[{"jsonrpc":"1.0","id":10,"result":1},{"id":11,"result":1}]"#, [.malformed, .malformed]),
      (
        #"[{"jsonrpc":"2.0","id":10},{"jsonrpc":"2.0","id":11,"result":1,"error":{"code":1,"message":""}}]"#,
        [.malformed, .malformed]
      ),
      (
        #"[{"jsonrpc":"2.0","id":10,"error":{"code":1}},{"jsonrpc":"2.0","id":11,"error":{"code":1.5,"message":"x"}}]"#,
        [.malformed, .malformed]
      ),
      (
        #"[{"jsonrpc":"2.0","id":10,"error":null,"result":1},{"jsonrpc":"2.0","id":11,"error":{"code":1,"message":"x"},"result":null}]"#,
        [nil, .server]
      ),
      (#"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"too large"}}"#, [.server, .server]),
      (#"{"jsonrpc":"2.0","id":10,"result":1}"#, [.malformed, .malformed]),
      (#"7"#, [.malformed, .malformed]), (#""#, [.malformed, .malformed]), (#"[{"#, [.malformed, .malformed]),
    ] as [(String, [RPCError.Code?])])
  func `every wrong answer is an error for the call it belongs to`(body: String, expected: [RPCError.Code?]) {
    #expect(codes(pair, body) == expected)
  }

  @Test func `a single call takes an object, and an error without an id`() {
    let one = RPCBatch([RPCCall("a")], firstID: 5)
    #expect(codes(one, #"{"jsonrpc":"2.0","id":5,"result":1}"#) == [nil])
    #expect(codes(one, #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse"}}"#) == [.server])
    #expect(codes(one, #"{"jsonrpc":"2.0","id":null,"result":1}"#) == [.missing])
    #expect(codes(one, #"{"jsonrpc":"2.0","id":4,"result":1}"#) == [.missing])
    #expect(codes(one, #"[{"jsonrpc":"2.0","id":5,"result":1}]"#) == [.malformed])
  }

  @Test func `an error object is kept whole, and our message repeats none of it`() throws {
    let one = RPCBatch([RPCCall("a")], firstID: 5)
    let body = #"{"jsonrpc":"2.0","id":5,"error":{"code":-32000,"message":"nonce too low","data":["0x5"]}}"#
    guard case .failure(let error)? = results(one, body).first else { throw Unexpected() }
    #expect(error.server == RPCError.Server(code: -32000, message: "nonce too low", data: ["0x5"]))
    #expect(!error.message.contains("nonce"))
    #expect(error.mayHaveArrived)
  }

  @Test(arguments: [(429, .rateLimited), (500, .status), (302, .status), (204, .status)] as [(Int, RPCError.Code)])
  func `another status than 200 is an error whatever the body says`(status: Int, code: RPCError.Code) throws {
    let body = Array(#"[{"jsonrpc":"2.0","id":10,"result":1},{"jsonrpc":"2.0","id":11,"result":1}]"#.utf8)
    let found = pair.results(status: status, retryAfter: .seconds(3), body: body)
    #expect(found.count == 2)
    for result in found {
      guard case .failure(let error) = result else { throw Unexpected() }
      #expect(error.code == code && error.httpStatus == status && error.retryAfter == .seconds(3))
    }
  }

  private struct Unexpected: Error {}
}
