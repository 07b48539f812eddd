import Codecs
import TestSupport
import Testing
import Transport

@Suite("JSON-RPC client")
struct JSONRPCClientTests {
  static let server = Result { try LocalServer() }
  let client = JSONRPCClient(
    http: HTTPClient(), limits: HTTPLimits(totalTimeoutMilliseconds: 3000, responseBytes: 1 << 20))

  private func url(_ path: String) throws -> URLText { try URLText(parsing: try Self.server.get().base + path) }

  /// Each call's parameters are its number, which a good server gives back.
  private func calls(_ count: Int) -> [RPCCall] { (0..<count).map { RPCCall("echo", [.integer($0)]) } }

  private func codes(_ row: [Result<JSON, RPCError>]?) -> [RPCError.Code?] {
    (row ?? []).map { result in
      if case .failure(let error) = result { error.code } else { nil }
    }
  }

  @Test(arguments: ["good", "shuffled", "null-error"])
  func `every call gets its own answer`(how: String) throws {
    let rows = client.call(endpoints: [try url("/rpc/\(how)")], batch: calls(20))
    #expect(try rows.map { try $0.map { try $0.get() } } == [(0..<20).map { [.integer($0)] }])
  }

  @Test(arguments: [0, 1, 99, 100, 101, 250])
  func `a long batch goes out in several requests and comes back whole`(count: Int) throws {
    let rows = client.call(endpoints: [try url("/rpc/shuffled"), try url("/rpc/good")], batch: calls(count))
    let expected = (0..<count).map { [.integer($0)] as JSON }
    #expect(try rows.map { try $0.map { try $0.get() } } == [expected, expected])
  }

  @Test(
    arguments: [
      ("missing", [nil, .missing, nil]), ("duplicate", [nil, .duplicate, nil]), ("errors", [nil, .server, nil]),
      ("wrong-ids", [.missing, .missing, .missing]), ("text-ids", [.missing, .missing, .missing]),
      ("no-ids", [.missing, .missing, .missing]), ("both", [.malformed, .malformed, .malformed]),
      ("neither", [.malformed, .malformed, .malformed]), ("old-version", [.malformed, .malformed, .malformed]),
      ("bad-error", [.malformed, .malformed, .malformed]), ("scalars", [.missing, .missing, .missing]),
      ("scalar", [.malformed, .malformed, .malformed]), ("not-json", [.malformed, .malformed, .malformed]),
      ("cut-json", [.malformed, .malformed, .malformed]), ("refused-batch", [.server, .server, .server]),
    ] as [(String, [RPCError.Code?])])
  func `a lying server is an error for the calls it lies about`(how: String, expected: [RPCError.Code?]) throws {
    #expect(codes(client.call(endpoints: [try url("/rpc/\(how)")], batch: calls(3)).first) == expected)
  }

  @Test(arguments: ["twice-the-key", "deep", "not-json"])
  func `a single answer that is no clean JSON is malformed`(how: String) throws {
    #expect(codes(client.call(endpoints: [try url("/rpc/\(how)")], batch: calls(1)).first) == [.malformed])
  }

  @Test func `an error object comes through whole`() throws {
    do throws(RPCError) {
      _ = try client.call(try! url("/rpc/error"), RPCCall("eth_sendRawTransaction", ["0x00"]))
      Issue.record("answered")
    } catch {
      #expect(error.server?.code == -32000)
      #expect(error.server?.message == "nonce too low \u{1b}[2J")
      #expect(error.server?.data == ["nonce": "0x5"])
      #expect(!error.message.contains("\u{1b}"))
    }
  }

  @Test func `endpoints are asked at once, and one that fails spoils no other`() throws {
    let start = ContinuousClock.now
    let rows = client.call(
      endpoints: [
        try url("/slow/1500"), try url("/rpc/good"), try url("/close"), try url("/slow/1500"), try url("/status/429/7"),
        try URLText(parsing: "http://127.0.0.1:1/"), try url("/giant"), try url("/redirect"),
      ], batch: calls(2))
    #expect(ContinuousClock.now - start < .milliseconds(2800))
    #expect(
      rows.map { codes($0) } == [
        [.malformed, .malformed], [nil, nil], [.transport, .transport], [.malformed, .malformed],
        [.rateLimited, .rateLimited], [.transport, .transport], [.transport, .transport], [.status, .status],
      ])
    let errors = rows.map { row -> RPCError? in if case .failure(let error)? = row.first { error } else { nil } }
    #expect(errors[2]?.mayHaveArrived == true)
    #expect(errors[4]?.retryAfter == .seconds(7))
    #expect(errors[5]?.mayHaveArrived == false)
    #expect(errors[6]?.transport?.code == .tooLarge)
    #expect(errors[7]?.httpStatus == 302)
  }

  @Test func `a silent endpoint takes no longer than its limit`() throws {
    let client = JSONRPCClient(http: HTTPClient(), limits: HTTPLimits(totalTimeoutMilliseconds: 250))
    let start = ContinuousClock.now
    let row = client.call(endpoints: [try url("/silent")], batch: calls(250)).first
    #expect(codes(row) == [RPCError.Code?](repeating: .transport, count: 250))
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test func `a header given to the client goes with every call`() throws {
    let client = JSONRPCClient(http: HTTPClient(), headers: [try HTTPHeader("X-Api-Key", "k1")])
    #expect(codes(client.call(endpoints: [try url("/rpc/needs-key")], batch: calls(2)).first) == [nil, nil])
    #expect(
      codes(self.client.call(endpoints: [try url("/rpc/needs-key")], batch: calls(2)).first) == [.status, .status])
  }

  @Test func `no endpoints and no calls are no work`() throws {
    #expect(client.call(endpoints: [], batch: calls(3)).isEmpty)
    #expect(client.call(endpoints: [try url("/rpc/good")], batch: []).map(\.count) == [0])
  }
}
