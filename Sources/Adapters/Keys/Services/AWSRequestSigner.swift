import Codecs
package import Money
package import OpenSSL

/// Signature version 4 of AWS requests (AWS General Reference, "Create a signed AWS API request").
package struct AWSRequestSigner: Sendable {
  package let accessKeyID: String
  package let region: String
  package let service: String
  private let secret: SecretBytes

  package init(accessKeyID: String, secret: SecretBytes, region: String, service: String = "kms") {
    self.accessKeyID = accessKeyID
    self.secret = secret
    self.region = region
    self.service = service
  }

  /// The headers of a JSON call by POST to `/`, but for Host, which the client sends itself. Throws `crypto.*`.
  package func headers(
    host: String, target: String, body: [UInt8], at moment: Timestamp
  ) throws(CryptoError) -> [(name: String, value: String)] {
    let date = AWSRequestSigner.text(moment)
    let type = "application/x-amz-json-1.1"
    let signed = [
      ("content-type", type), ("host", host.lowercased()), ("x-amz-date", date), ("x-amz-target", target),
    ]
    let authorization = try authorization(
      method: "POST", path: "/", query: "", headers: signed, body: body, date: date)
    return [
      ("Content-Type", type), ("X-Amz-Date", date), ("X-Amz-Target", target), ("Authorization", authorization),
    ]
  }

  /// `headers`: lower-case names, in order.
  package func authorization(
    method: String, path: String, query: String, headers: [(String, String)], body: [UInt8], date: String
  ) throws(CryptoError) -> String {
    let names = headers.map(\.0).joined(separator: ";")
    let lines = headers.map { "\($0.0):\($0.1)\n" }.joined()
    let request = [method, path, query, lines, names, Hex.text(try SHA256.hash(body).bytes)].joined(separator: "\n")
    let day = String(date.prefix(8))
    let scope = "\(day)/\(region)/\(service)/aws4_request"
    let text = ["AWS4-HMAC-SHA256", date, scope, Hex.text(try SHA256.hash(Array(request.utf8)).bytes)].joined(
      separator: "\n")
    var key = try secret.withBytes { secret throws(CryptoError) in
      var bytes = Array("AWS4".utf8)
      for index in 0..<secret.count { bytes.append(secret[index]) }
      return try SecretBytes(wiping: &bytes)
    }
    for part in [day, region, service, "aws4_request"] {
      var next = try HMACSHA256.code(for: Array(part.utf8), key: key)
      key = try SecretBytes(wiping: &next)
    }
    let signature = Hex.text(try HMACSHA256.code(for: Array(text.utf8), key: key))
    return "AWS4-HMAC-SHA256 Credential=\(accessKeyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
  }

  /// `20150830T123600Z`.
  package static func text(_ moment: Timestamp) -> String {
    let seconds = moment.milliseconds >= 0 ? moment.milliseconds / 1000 : 0
    let (days, rest) = (seconds / 86_400, seconds % 86_400)
    // Days to a date of the Gregorian calendar, years beginning with March.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)\(two(month))\(two(day))T\(two(rest / 3600))\(two(rest / 60 % 60))\(two(rest % 60))Z"
  }
}
