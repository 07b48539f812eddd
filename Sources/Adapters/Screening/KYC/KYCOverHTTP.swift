import Codecs
import Money
package import Policy
package import Transport

/// A KYC provider over HTTP: `POST {url}` with `{subject, address, country?}` answers `{status, level, checked_at,
/// reference}`. Anything else than that, in time and in size, is no answer.
package struct KYCOverHTTP: KYCProvider {
  package let name: String
  private let url: URLText
  private let http: HTTPClient
  private let headers: [HTTPHeader]
  private let limits: HTTPLimits

  /// Enough for every honest answer.
  private static let mostBytes = 64 << 10
  private static let mostText = 200

  /// `key`: sent as `Authorization: Bearer KEY`. Throws `kyc.refused` for a key that no header can hold.
  package init(_ url: URLText, key: String? = nil, http: HTTPClient, timeoutMilliseconds: Int = 5_000) throws(KYCError)
  {
    var headers: [HTTPHeader] = []
    do throws(TransportError) {
      headers.append(try HTTPHeader("Content-Type", "application/json"))
      if let key { headers.append(try HTTPHeader("Authorization", "Bearer \(key)")) }
    } catch { throw KYCError(.refused, "the key of the KYC provider is no printable ASCII on one line") }
    // Without path and query: they may hold a key. Whoever changes the provider behind one host clears what is kept.
    self.name = url.description
    self.url = url
    self.http = http
    self.headers = headers
    self.limits = HTTPLimits(
      connectTimeoutMilliseconds: min(5_000, timeoutMilliseconds), totalTimeoutMilliseconds: timeoutMilliseconds,
      responseBytes: KYCOverHTTP.mostBytes)
  }

  package func ask(_ questions: [KYCQuestion]) -> [Result<KYCAnswer, KYCError>] {
    let requests = questions.map { question in
      var body: [(key: String, value: JSON)] = [
        (key: "subject", value: .string(question.subject)), (key: "address", value: .string(question.address)),
      ]
      if let country = question.country { body.append((key: "country", value: .string(country))) }
      var object = JSONObject()
      for member in body { _ = object.append(member.key, member.value) }
      return HTTPRequest(.post(JSON.object(object).utf8), url, headers: headers, limits: limits)
    }
    return http.perform(requests).map { result in
      Result { () throws(KYCError) in try answer(result) }
    }
  }

  private func answer(_ result: Result<HTTPResponse, TransportError>) throws(KYCError) -> KYCAnswer {
    switch result {
    case .failure(let error):
      guard error.code != .tooLarge, error.code != .malformed else { throw bad(error.message) }
      throw KYCError(.unreachable, "\(name): \(error.message)", hint: error.hint, isPassing: true)
    case .success(let response):
      guard response.status == 200 else {
        let isPassing = response.status == 429 || response.status >= 500
        throw KYCError(
          isPassing ? .unreachable : .refused, "\(name) answered \(response.status)",
          hint: isPassing ? "it is asked again" : "check AM_KYC_URL and AM_KYC_KEY_FILE", isPassing: isPassing)
      }
      return try read(response.body)
    }
  }

  private func read(_ bytes: [UInt8]) throws(KYCError) -> KYCAnswer {
    let json: JSON
    do throws(JSONError) {
      json = try JSON.parse(bytes, limits: JSON.Limits(bytes: KYCOverHTTP.mostBytes, depth: 8))
    } catch { throw bad("it is no JSON") }
    guard let word = json["status"]?.string, let status = KYCStatus(rawValue: word) else {
      throw bad("the status is none of approved, pending, rejected, expired")
    }
    guard let time = json["checked_at"]?.string.flatMap({ Moment.parse($0) }) else {
      throw bad("checked_at is no time such as 2026-01-03T08:01:00Z")
    }
    guard let level = text(json["level"]), let reference = text(json["reference"]) else {
      throw bad("level and reference are not short texts on one line")
    }
    return KYCAnswer(
      status: status, level: level, reference: reference, checkedAt: Timestamp(milliseconds: time))
  }

  private func text(_ json: JSON?) -> String? {
    json?.string.flatMap { text in
      text.utf8.count <= KYCOverHTTP.mostText && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        ? text : nil
    }
  }

  private func bad(_ why: String) -> KYCError {
    KYCError(.badAnswer, "\(name) gave no answer that counts: \(why)", hint: "check its version and its logs")
  }
}
