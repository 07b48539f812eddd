package import Audit
package import Chains
package import Ledger
package import Money
package import Payouts
package import Signing

extension EngineError {
  package init(_ error: StoreError) {
    self.init(
      code: error.code.rawValue, message: error.message, hint: error.hint,
      isPassing: [.busy, .staleFence, .staleState, .commitUnknown, .unavailable].contains(error.code))
  }
  package init(_ error: RailError) {
    self.init(code: error.code.rawValue, message: error.message, hint: error.hint, isPassing: error.isPassing)
  }
  package init(_ error: SigningError) {
    self.init(code: error.code.rawValue, message: error.message, hint: error.hint, isPassing: error.isPassing)
  }
  package init(_ error: PayoutError) {
    self.init(code: error.code.rawValue, message: error.message, hint: error.hint, isPassing: false)
  }
  package init(_ error: CampaignError) {
    self.init(code: error.code.rawValue, message: error.message, hint: error.hint, isPassing: false)
  }
  package init(_ error: MoneyError) {
    self.init(code: error.code.rawValue, message: error.message, hint: nil, isPassing: false)
  }
  package init(_ error: LedgerError) {
    self.init(code: error.code.rawValue, message: error.message, hint: nil, isPassing: false)
  }
  package init(_ error: BrokerError) {
    self.init(code: error.code.rawValue, message: error.message, hint: error.hint, isPassing: error.isPassing)
  }
  package init(_ error: AuditError) {
    self.init(code: error.code.rawValue, message: error.message, hint: error.hint, isPassing: false)
  }

  /// Runs `body` and turns the error of any subsystem into one.
  package static func catching<Value>(_ body: () throws -> Value) throws(EngineError) -> Value {
    do { return try body() } catch { throw EngineError(any: error) }
  }

  package init(any error: any Error) {
    switch error {
    case let error as EngineError: self = error
    case let error as StoreError: self.init(error)
    case let error as RailError: self.init(error)
    case let error as SigningError: self.init(error)
    case let error as PayoutError: self.init(error)
    case let error as CampaignError: self.init(error)
    case let error as MoneyError: self.init(error)
    case let error as LedgerError: self.init(error)
    case let error as AuditError: self.init(error)
    case let error as BrokerError: self.init(error)
    default: self.init(code: EngineError.Code.unexpected.rawValue, message: "\(error)", hint: nil, isPassing: false)
    }
  }
}
