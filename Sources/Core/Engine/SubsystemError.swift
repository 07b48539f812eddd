import Audit
import Chains
import Ledger
import Money
import Payouts
import Policy
import Signing

/// An error that a subsystem names, as the edge shows it: stable code, one sentence, next step.
package protocol SubsystemError: Error {
  associatedtype Code: RawRepresentable<String>
  var code: Code { get }
  var message: String { get }
  var hint: String? { get }
  /// Whether the same again may succeed later without a person's help.
  var isPassing: Bool { get }
}

extension SubsystemError {
  package var hint: String? { nil }
  package var isPassing: Bool { false }
}

extension StoreError: SubsystemError {
  package var isPassing: Bool {
    [.busy, .staleFence, .staleState, .overLimit, .commitUnknown, .unavailable].contains(code)
  }
}
extension AuditError: SubsystemError {}
extension BrokerError: SubsystemError {}
extension CampaignError: SubsystemError {}
extension LedgerError: SubsystemError {}
extension MoneyError: SubsystemError {}
extension PayoutError: SubsystemError {}
extension ListError: SubsystemError {}
extension PolicyError: SubsystemError {}
extension PeopleError: SubsystemError {}
extension KYCError: SubsystemError {}
extension RailError: SubsystemError {}
extension SigningError: SubsystemError {
  /// A newer fence was announced: another worker holds the lane, and this one asks for it again. Or the signer apart is
  /// away for a while.
  package var isPassing: Bool { code == .staleFence || code == .signerUnreachable }
}

extension EngineError {
  package init(_ error: some SubsystemError) {
    self.init(code: error.code.rawValue, message: error.message, hint: error.hint, isPassing: error.isPassing)
  }

  package init(any error: any Error) {
    switch error {
    case let error as EngineError: self = error
    case let error as any SubsystemError: self.init(error)
    default: self.init(code: EngineError.Code.unexpected.rawValue, message: "\(error)", hint: nil, isPassing: false)
    }
  }
}
