import Foundation
import TestSupport
import Testing
import Transport

@Suite("HTTP client")
struct HTTPClientTests {
  static let server = Result { try LocalServer() }
  let http = HTTPClient()

  private func url(_ path: String) throws -> URLText { try URLText(parsing: try Self.server.get().base + path) }

  private func code(_ request: HTTPRequest) -> TransportError.Code? {
    do throws(TransportError) {
      _ = try http.perform(request)
      return nil
    } catch { return error.code }
  }

  @Test func `answers keep the order of the requests, failures among them`() throws {
    let results = http.perform([
      HTTPRequest(.get, try url("/slow/150")), HTTPRequest(.get, try url("/close")),
      HTTPRequest(.post([1, 2, 3]), try url("/bytes/9")),
    ])
    #expect(results.map { try? $0.get().body.count } == [4, nil, 9])
    #expect(http.perform([]).isEmpty)
  }

  @Test(
    arguments: [
      ("/silent", .timeout), ("/giant", .tooLarge), ("/endless", .tooLarge), ("/cut", .connectionLost),
      ("/close", .connectionLost), ("/not-http", .malformed), ("/no-colon", .malformed),
    ] as [(String, TransportError.Code)])
  func `every misbehaviour has its code, and may have arrived`(path: String, expected: TransportError.Code) throws {
    let limits = HTTPLimits(totalTimeoutMilliseconds: 400, responseBytes: 100_000)
    do throws(TransportError) {
      let response = try http.perform(HTTPRequest(.get, try! url(path), limits: limits))
      Issue.record("answered \(response.status)")
    } catch {
      #expect(error.code == expected)
      #expect(error.mayHaveArrived)
      #expect(!error.message.contains("127.0.0.1"))
    }
  }

  @Test func `nobody there is told from everything else`() throws {
    do throws(TransportError) {
      _ = try http.perform(HTTPRequest(.get, URLText(parsing: "http://127.0.0.1:1/key-in-path")))
      Issue.record("answered")
    } catch {
      #expect(error.code == .cannotConnect && !error.mayHaveArrived)
      #expect(error.hint != nil)
      #expect(!"\(error)".contains("key-in-path"))
    }
  }

  @Test func `a status and its headers are an answer`() throws {
    let response = try http.perform(HTTPRequest(.get, try url("/status/429/17")))
    #expect(response.status == 429)
    #expect(response.header("Retry-After") == "17")
    #expect(response.header("X-None") == nil)
    #expect(try http.perform(HTTPRequest(.get, try url("/redirect"))).status == 302)
  }

  @Test func `odd header lines do no harm`() throws {
    let response = try http.perform(HTTPRequest(.get, try url("/odd-headers")))
    #expect(response.header("x-odd") == "one")
    #expect(response.header("x-bytes") == "\u{fffd}")
    #expect(response.header("x-none") == "")
    #expect(response.body == [UInt8(ascii: "x")])
  }

  @Test func `a header cannot begin another one, nor hold what is not text`() throws {
    for value in ["a\r\nB: c", "a\nb", "a\rb", "a\u{0}", "é"] {
      #expect(throws: TransportError.self) { try HTTPHeader("X", value) }
    }
    for name in ["", "X:", "X Y", "X\r\nY", "é"] {
      #expect(throws: TransportError.self) { try HTTPHeader(name, "v") }
    }
    let secret = try HTTPHeader("Authorization", "Bearer s3cret")
    #expect(!"\(secret)".contains("s3cret"))
    #expect(!String(reflecting: [secret]).contains("s3cret"))
  }

  @Test func `many threads share one client`() async throws {
    let http = http
    let base = try Self.server.get().base
    let right = await withTaskGroup(of: Int.self) { group in
      for thread in 1...12 {
        group.addTask {
          (0..<10).count { turn in
            let size = thread * 100 + turn
            guard let url = try? URLText(parsing: "\(base)/bytes/\(size)") else { return false }
            return (try? http.perform(HTTPRequest(.get, url)).body.count) == size
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(right == 120)
  }
}
