/// Why a posting was refused. Codes are stable: docs/errors.md.
package struct LedgerError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    case insufficient = "ledger.insufficient"
    case overflow = "ledger.overflow"
    case unknownHold = "ledger.unknown_hold"
    case holdExceeded = "ledger.hold_exceeded"
    case holdReused = "ledger.hold_reused"
    case sameAccount = "ledger.same_account"
    case assetMismatch = "ledger.asset_mismatch"
    case zeroAmount = "ledger.zero_amount"
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
