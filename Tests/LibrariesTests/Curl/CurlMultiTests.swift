import Curl
import Foundation
import TestSupport
import Testing

@Suite("libcurl")
struct CurlMultiTests {
  static let server = Result { try LocalServer() }

  private func request(
    _ path: String, _ method: CurlRequest.Method = .get, milliseconds: Int = 5000, bytes: Int = 1 << 20
  ) throws -> CurlRequest {
    CurlRequest(
      url: try Self.server.get().base + path, method: method, totalTimeoutMilliseconds: milliseconds,
      maximumResponseBytes: bytes)
  }

  /// One exchange by an engine of its own.
  private func send(_ request: CurlRequest) throws -> Result<CurlResponse, CurlError> {
    try #require(try CurlMulti().perform([request]).first)
  }

  private func failure(_ request: CurlRequest) throws -> CurlError? {
    switch try send(request) {
    case .success(let response):
      Issue.record("answered \(response.status)")
      return nil
    case .failure(let error): return error
    }
  }

  private func text(_ response: CurlResponse) -> String { String(decoding: response.body, as: UTF8.self) }

  @Test func `a POST arrives whole with its headers and our name`() throws {
    var post = try request("/echo", .post(body: Array("héllo".utf8)))
    post.headers = [.init(name: "X-Key", value: "v1"), .init(name: "X-Empty", value: "")]
    let response = try send(post).get()
    let seen = try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
    let headers = try #require(seen["headers"] as? [String: String])
    #expect(response.status == 200)
    #expect(seen["method"] as? String == "POST")
    #expect(
      (seen["body"] as? String)?.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } == Array("héllo".utf8))
    #expect(headers["x-key"] == "v1")
    #expect(headers["x-empty"] == "")
    #expect(headers["user-agent"] == "almoner")
    #expect(headers["accept-encoding"] == nil)
  }

  @Test func `a large and an empty POST arrive too`() throws {
    for count in [0, 3_000_000] {
      let response = try send(try request("/echo", .post(body: [UInt8](repeating: 97, count: count)), bytes: 8 << 20))
        .get()
      let seen = try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
      #expect((seen["body"] as? String)?.utf8.count == count)
      #expect((seen["headers"] as? [String: String])?["expect"] == nil)
    }
  }

  @Test func `results keep the order of the requests, errors among them`() throws {
    let requests = [
      try request("/slow/200"), try request("/close"), try request("/bytes/7"),
      CurlRequest(url: "http://127.0.0.1:1/"), try request("/bytes/3"),
    ]
    let results = try CurlMulti().perform(requests)
    #expect(results.map { try? $0.get().body.count } == [4, nil, 7, nil, 3])
  }

  @Test func `requests of one set are under way together`() throws {
    let name = UUID().uuidString
    let results = try CurlMulti().perform((0..<6).map { _ in try request("/meet/\(name)/6") })
    #expect(try results.map { text(try $0.get()) } == [String](repeating: "together", count: 6))
  }

  @Test func `no more than the maximum are under way, and the rest follow`() throws {
    let name = UUID().uuidString
    let results = try CurlMulti(maximumInFlight: 2).perform((0..<3).map { _ in try request("/meet/\(name)/3") })
    // The third can only start when one of the first two has given up waiting for it.
    #expect(try results.filter { text(try $0.get()) == "alone" }.count >= 1)
    #expect(results.allSatisfy { (try? $0.get().status) == 200 })
  }

  @Test func `a connection is kept for the next set`() throws {
    let multi = try CurlMulti()
    let bodies = try (0..<3).map { _ in
      let response = try #require(multi.perform([try request("/echo")]).first).get()
      let seen = try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
      return try #require(seen["connection"] as? Int)
    }
    #expect(Set(bodies).count == 1)
  }

  @Test func `a kept connection that the server forgot is replaced`() throws {
    let multi = try CurlMulti()
    let numbers = try (0..<3).map { _ in text(try #require(multi.perform([try request("/forgets")]).first).get()) }
    #expect(Set(numbers).count == 3)
  }

  @Test func `nothing of one request is left for the next on the same handle`() throws {
    let multi = try CurlMulti()
    var first = try request("/echo", .post(body: Array("secret".utf8)))
    first.headers = [.init(name: "X-Secret", value: "1")]
    _ = multi.perform([first])
    let response = try #require(multi.perform([try request("/echo")]).first).get()
    #expect(!text(response).lowercased().contains("secret"))
    #expect(text(response).contains("\"GET\""))
  }

  @Test(arguments: ["/silent", "/drip", "/endless-interim"])
  func `an answer that does not come in time is a timeout that may have arrived`(path: String) throws {
    let start = ContinuousClock.now
    let error = try failure(try request(path, milliseconds: 300))
    // The endless interim responses end at whichever bound is met first.
    #expect(error?.code == .timeout || (path == "/endless-interim" && error?.code == .tooLarge))
    #expect(error?.mayHaveArrived == true)
    #expect(ContinuousClock.now - start < .seconds(3))
  }

  @Test(arguments: ["/giant", "/endless", "/endless-headers", "/endless-interim", "/long-header", "/bytes/1048577"])
  func `an answer past the limit is cut off`(path: String) throws {
    #expect(try failure(try request(path))?.code == .tooLarge)
  }

  @Test func `an answer of exactly the limit is taken`() throws {
    #expect(try send(try request("/bytes/1048576")).get().body.count == 1_048_576)
    #expect(try send(try request("/bytes/0", bytes: 0)).get().body.isEmpty)
    #expect(try failure(try request("/bytes/1", bytes: 0))?.code == .tooLarge)
  }

  @Test(arguments: ["/cut", "/cut-chunk", "/close", "/reset", "/bad-chunk"])
  func `a broken connection is an error and not a shorter answer`(path: String) throws {
    let error = try failure(try request(path))
    #expect(error?.code == .connectionLost)
    #expect(error?.mayHaveArrived == true)
  }

  @Test(arguments: ["/not-http", "/bad-length"])
  func `what is not HTTP is refused`(path: String) throws {
    let error = try failure(try request(path))
    #expect(error?.code == .malformed)
    #expect(error?.mayHaveArrived == true)
  }

  @Test func `a peer that hangs up during a TLS write is a lost connection`() throws {
    let secure = try LocalServer(tls: true)
    let ask = CurlRequest(
      url: secure.base + "/hangup", method: .post(body: [UInt8](repeating: 1, count: 8 << 20)),
      certificateAuthorityFile: secure.certificateFile)
    #expect(try failure(ask)?.code == .connectionLost)
  }

  @Test func `a redirect is an answer and not followed`() throws {
    let response = try send(try request("/redirect")).get()
    #expect(response.status == 302)
    #expect(response.headers.contains { $0.name == "location" && $0.value == "/echo" })
  }

  @Test func `headers of an interim answer are not the answer's`() throws {
    let response = try send(try request("/interim")).get()
    #expect(response.status == 200)
    #expect(response.headers.contains { $0.name == "x-final" })
    #expect(!response.headers.contains { $0.name == "x-interim" })
  }

  @Test func `a body that says it is compressed comes as it is`() throws {
    #expect(text(try send(try request("/gzip")).get()) == "not really")
  }

  @Test func `nobody listening is an error that did not arrive`() throws {
    let error = try failure(CurlRequest(url: "http://127.0.0.1:1/"))
    #expect(error?.code == .cannotConnect)
    #expect(error?.mayHaveArrived == false)
    let unknown = try failure(CurlRequest(url: "http://no-such-host.invalid/"))
    #expect(unknown?.code == .cannotResolve)
    #expect(unknown?.mayHaveArrived == false)
  }

  @Test(arguments: [
    "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "", "http://a b/", "http://x/\r\nA: b",
  ])
  func `only http and https are spoken, and only clean URLs`(url: String) throws {
    let error = try failure(CurlRequest(url: url))
    #expect(error?.code == .badRequest)
    #expect(error?.mayHaveArrived == false)
  }

  @Test(arguments: [("X", "a\r\nB: c"), ("X", "a\nb"), ("X", "a\u{0}b"), ("X: y", "a"), ("", "a"), ("X\r\nY", "a")])
  func `a header cannot begin another one`(name: String, value: String) throws {
    var bad = try request("/echo")
    bad.headers = [.init(name: name, value: value)]
    #expect(try failure(bad)?.code == .badRequest)
  }

  @Test func `limits that bound nothing are refused`() throws {
    #expect(try failure(try request("/echo", milliseconds: 0))?.code == .badRequest)
    #expect(try failure(try request("/echo", milliseconds: Int.max))?.code == .badRequest)
    #expect(try failure(try request("/echo", bytes: -1))?.code == .badRequest)
  }

  @Test func `a certificate nobody vouches for is refused, and a trusted one for the wrong name too`() throws {
    let secure = try LocalServer(tls: true)
    var ask = CurlRequest(url: secure.base + "/bytes/5")
    let error = try failure(ask)
    #expect(error?.code == .tls)
    #expect(error?.mayHaveArrived == false)
    ask.certificateAuthorityFile = secure.certificateFile
    #expect(try send(ask).get().body.count == 5)
    ask.url = ask.url.replacing("localhost", with: "127.0.0.1")
    #expect(try failure(ask)?.code == .tls)
  }

  @Test func `no proxy is taken from the environment`() async throws {
    // In a process of its own, since the environment belongs to all tests.
    await #expect(processExitsWith: .success) {
      for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { unsafe setenv(name, "http://127.0.0.1:1", 1) }
      let server = try LocalServer()
      let response = try CurlMulti().perform([CurlRequest(url: server.base + "/bytes/5")]).first?.get()
      exit(response?.body.count == 5 ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  @Test func `four threads share one engine without mixing answers`() async throws {
    let multi = try CurlMulti()
    let base = try Self.server.get().base
    let right = await withTaskGroup(of: Int.self) { group in
      for thread in 1...4 {
        group.addTask {
          (0..<20).count { turn in
            let size = thread * 100 + turn
            return (try? multi.perform([CurlRequest(url: "\(base)/bytes/\(size)")]).first?.get().body.count) == size
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(right == 80)
  }
}
