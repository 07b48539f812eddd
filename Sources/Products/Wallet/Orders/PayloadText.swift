package import Codecs

/// The one spelling of an order's payload that is hashed: keys by code point at every depth, no blanks, everything but
/// printable ASCII as `\uXXXX`, numbers as they were written by the shortest form.
package enum PayloadText {
  /// Members that count, in their order.
  package static let keys = ["channel", "metadata", "order_id", "pv_amount", "total_amount", "user_id"]

  /// Bytes to hash. Members that the payload lacks are null; amounts stay the text that was given.
  package static func bytes(_ payload: JSONObject) -> [UInt8] {
    var out: [UInt8] = []
    var picked = JSONObject()
    for key in keys { _ = picked.append(key, payload[key] ?? .null) }
    append(.object(picked), to: &out)
    return out
  }

  /// The payload with amounts in plain notation, without trailing zeros: 200, 200.00 and 2E+2 are one payload.
  /// Throws `wallet.bad_order` for an amount that is no number.
  package static func normalised(_ payload: JSONObject) throws(WalletError) -> JSONObject {
    var result = JSONObject()
    for member in payload.members {
      guard member.key == "pv_amount" || member.key == "total_amount" else {
        _ = result.append(member.key, member.value)
        continue
      }
      guard let text = member.value.string ?? member.value.number, let exact = try? ExactDecimal(text) else {
        throw WalletError(.badOrder, "\(member.key) is not a number")
      }
      _ = result.append(member.key, .string(exact.text))
    }
    return result
  }

  private static func append(_ value: JSON, to out: inout [UInt8]) {
    switch value {
    case .null, .bool, .number: out += value.utf8
    case .string(let text): append(quoted: text, to: &out)
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        append(element, to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let object):
      out.append(UInt8(ascii: "{"))
      let sorted = object.members.sorted {
        $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars)
      }
      for (index, member) in sorted.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        append(quoted: member.key, to: &out)
        out.append(UInt8(ascii: ":"))
        append(member.value, to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  private static func append(quoted text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for unit in text.utf16 {
      switch unit {
      case 0x22: out += "\\\"".utf8
      case 0x5c: out += "\\\\".utf8
      case 0x08: out += "\\b".utf8
      case 0x09: out += "\\t".utf8
      case 0x0a: out += "\\n".utf8
      case 0x0c: out += "\\f".utf8
      case 0x0d: out += "\\r".utf8
      case 0x20..<0x7f: out.append(UInt8(truncatingIfNeeded: unit))
      default:
        out += "\\u".utf8
        out += Hex.text([UInt8(unit >> 8), UInt8(unit & 0xff)]).utf8
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
