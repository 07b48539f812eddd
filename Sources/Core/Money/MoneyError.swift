/// Why a number or a sum was refused. Codes are stable: docs/errors.md.
package struct MoneyError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case badNumber = "money.bad_number"
    case overflow = "money.overflow"
    case underflow = "money.underflow"
    case assetMismatch = "money.asset_mismatch"
    case tooPrecise = "money.too_precise"
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package static func overflow(_ what: String) -> MoneyError { .init(.overflow, "\(what) does not fit in 256 bits") }
  package static func underflow(_ what: String) -> MoneyError { .init(.underflow, "\(what) would fall below zero") }
  package static func badNumber(_ why: String) -> MoneyError { .init(.badNumber, why) }
}
