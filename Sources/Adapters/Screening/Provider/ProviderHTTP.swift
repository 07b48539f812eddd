import Codecs
import Policy
import Transport

/// Asking an outside provider: bounded in time and size, and every failure an error of ours.
struct ProviderHTTP: Sendable {
  let name: String
  let base: URLText
  let http: HTTPClient
  let headers: [HTTPHeader]
  let limits: HTTPLimits

  init(_ name: String, _ base: URLText, _ http: HTTPClient, headers: [HTTPHeader] = [], _ limits: ProviderLimits) {
    self.name = name
    self.base = base
    self.http = http
    self.headers = headers
    self.limits = HTTPLimits(
      connectTimeoutMilliseconds: min(5_000, limits.timeoutMilliseconds),
      totalTimeoutMilliseconds: limits.timeoutMilliseconds, responseBytes: limits.answerBytes)
  }

  func get(_ path: String) throws(ListError) -> HTTPRequest {
    HTTPRequest(.get, try url(path), headers: headers, limits: limits)
  }

  func post(_ path: String, _ body: JSON) throws(ListError) -> HTTPRequest {
    HTTPRequest(
      .post(body.utf8), try url(path), headers: headers + [try header("Content-Type", "application/json")],
      limits: limits)
  }

  private func header(_ name: String, _ value: String) throws(ListError) -> HTTPHeader {
    do throws(TransportError) { return try HTTPHeader(name, value) } catch {
      throw ListError(.badQuery, error.message)
    }
  }

  /// One answer for each request, in order; the first that is none ends it.
  func ask(_ requests: [HTTPRequest]) throws(ListError) -> [JSON] {
    let results = http.perform(requests)
    guard results.count == requests.count else { throw bad("an answer is missing") }
    var out: [JSON] = []
    out.reserveCapacity(results.count)
    for result in results { out.append(try json(result)) }
    return out
  }

  func bad(_ why: String) -> ListError {
    ListError(.badAnswer, "\(name): \(why)", hint: "check its version and its logs")
  }

  private func json(_ result: Result<HTTPResponse, TransportError>) throws(ListError) -> JSON {
    switch result {
    case .failure(let error):
      let code: ListError.Code = error.code == .tooLarge || error.code == .malformed ? .badAnswer : .unreachable
      throw ListError(
        code, "\(name) at \(base): \(error.message)", hint: error.hint, isPassing: code == .unreachable)
    case .success(let response):
      guard response.status == 200 else {
        let isPassing = response.status == 429 || response.status >= 500
        throw ListError(
          isPassing ? .unreachable : .providerRefused, "\(name) at \(base) answered \(response.status)",
          hint: isPassing ? "ask again later" : "check its URL, credentials and data set", isPassing: isPassing)
      }
      do throws(JSONError) {
        return try JSON.parse(response.body, limits: JSON.Limits(bytes: limits.responseBytes, depth: 32))
      } catch { throw bad("the answer is no JSON: \(error.code.rawValue)") }
    }
  }

  private func url(_ path: String) throws(ListError) -> URLText {
    var root = base.full[...]
    while root.hasSuffix("/") { root.removeLast() }
    do throws(TransportError) { return try URLText(parsing: root + path) } catch {
      throw ListError(.badQuery, "\(name): what is asked does not fit in a URL")
    }
  }

  /// A text as part of a query or a path. Source: RFC 3986, section 2.3.
  static func escaped(_ text: String) -> String {
    var out: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x41...0x5a, 0x61...0x7a, 0x30...0x39, 0x2d, 0x2e, 0x5f, 0x7e: out.append(byte)
      default: out += Array("%".utf8) + Array(Hex.text([byte]).uppercased().utf8)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// A score of 0 to 1 as ten-thousandths; nil for anything else.
  static func score(_ value: JSON?) -> Int? {
    guard let text = value?.number, let score = Double(text), score >= 0, score <= 1 else { return nil }
    return Int((score * 10_000).rounded())
  }

  /// Texts of an array, at most so many; nil when it is none.
  static func texts(_ value: JSON?, most: Int = 200) -> [String]? {
    guard let array = value?.array, array.count <= most else { return nil }
    let texts = array.compactMap(\.string)
    return texts.count == array.count ? texts : nil
  }
}

/// How long and how much one answer of an outside provider may take, and how old its lists may be.
package struct ProviderLimits: Hashable, Sendable {
  package var timeoutMilliseconds: Int
  package var answerBytes: Int
  package var mostAge: Int64

  package init(timeoutMilliseconds: Int = 10_000, answerBytes: Int = 4 << 20, mostAge: Int64 = 48 * 3_600_000) {
    self.timeoutMilliseconds = timeoutMilliseconds
    self.answerBytes = answerBytes
    self.mostAge = mostAge
  }

  /// Throws `lists.stale` for lists older than allowed, or from the future.
  func check(_ age: Int64, of name: String) throws(ListError) {
    guard age >= -5 * 60_000 else {
      throw ListError(.stale, "\(name) says that its lists are from the future", hint: "check both clocks")
    }
    guard age <= mostAge else {
      throw ListError(
        .stale, "\(name)'s lists are \(age / 3_600_000) hours old, more than \(mostAge / 3_600_000)",
        hint: "see why it does not refresh them, or see AM_LISTS_MAX_AGE")
    }
  }
}
