import Codecs

/// One call, as it goes out: `POST` to the configured address, with the key in a header of its own.
package struct CustodialRequest: Equatable, Sendable {
  /// Header names and values, lower case names; the key is the caller's to add, so that it never lies in a value here.
  package static let contentType = ("content-type", "application/json")
  package let method: String
  package let body: [UInt8]

  /// Members whose value is nil are left out.
  init(_ method: String, _ fields: KeyValuePairs<String, JSON?>) {
    var object = JSONObject()
    _ = object.append("method", .string(method))
    for (key, value) in fields {
      if let value { _ = object.append(key, value) }
    }
    self.method = method
    body = JSON.object(object).utf8
  }
}

/// Reading members that must be there.
struct CustodialFields {
  let object: JSONObject

  func text(_ key: String) throws(CustodialError) -> String {
    guard let text = object[key]?.string else {
      throw CustodialError(.malformedResponse, "the answer has no text '\(key)'")
    }
    return text
  }

  func optionalText(_ key: String) -> String? { object[key]?.string }

  /// An amount as it was written, as a text or as a number; checked to be one.
  func amount(_ key: String) throws(CustodialError) -> String {
    guard let text = object[key]?.string ?? object[key]?.number, PlainAmount.isNumber(text) else {
      throw CustodialError(.malformedResponse, "the answer has no amount '\(key)'")
    }
    return text
  }

  func flag(_ key: String) throws(CustodialError) -> Bool {
    guard let flag = object[key]?.bool else {
      throw CustodialError(.malformedResponse, "the answer has no flag '\(key)'")
    }
    return flag
  }

  func whole(_ key: String) throws(CustodialError) -> UInt64 {
    guard let number = object[key]?.uint64 else {
      throw CustodialError(.malformedResponse, "the answer has no whole number '\(key)'")
    }
    return number
  }
}

/// The object of an answer. Throws `custodial.http_status` outside 200...299, `custodial.malformed_response`.
func answer(status: Int, body: [UInt8]) throws(CustodialError) -> JSONObject {
  guard (200..<300).contains(status) else {
    throw CustodialError(.httpStatus, "the custodian answered with status \(status)")
  }
  do {
    guard let object = try JSON.parse(body).object else {
      throw CustodialError(.malformedResponse, "the answer is no JSON object")
    }
    return object
  } catch let error as CustodialError {
    throw error
  } catch {
    throw CustodialError(.malformedResponse, "the answer is no JSON")
  }
}

/// Amounts on the wire: plain notation, the scale as supplied.
package enum PlainAmount {
  /// `digits[.digits][e..]`: a text without an exponent goes out as it was supplied; one with an exponent is written out.
  /// Throws `custodial.bad_request`.
  package static func text(_ supplied: String) throws(CustodialError) -> String {
    let parts = supplied.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard isNumber(supplied), let mantissa = parts.first else {
      throw CustodialError(.badRequest, "an amount is not a number")
    }
    guard parts.count == 2 else { return supplied }
    guard let exponent = Int(parts[1]), abs(exponent) <= 77 else {
      throw CustodialError(.badRequest, "an amount has too large an exponent")
    }
    let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = halves.count == 2 ? String(halves[1]) : ""
    var digits = String(halves[0]) + fraction
    var places = fraction.utf8.count - exponent
    if places < 0 {
      digits += String(repeating: "0", count: -places)
      places = 0
    }
    let missing = max(0, places + 1 - digits.utf8.count)
    digits = String(repeating: "0", count: missing) + digits
    let whole = digits.dropLast(places).drop { $0 == "0" }
    let start = whole.isEmpty ? "0" : String(whole)
    return places == 0 ? start : "\(start).\(digits.suffix(places))"
  }

  static func isNumber(_ text: String) -> Bool {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard parts.count <= 2, let mantissa = parts.first else { return false }
    let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count <= 2, halves.allSatisfy({ isDigits($0) }) else { return false }
    guard parts.count == 2 else { return true }
    let exponent = parts[1]
    let digits = exponent.hasPrefix("+") || exponent.hasPrefix("-") ? exponent.dropFirst() : exponent
    return isDigits(digits)
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }
}
