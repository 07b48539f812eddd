package import Codecs

/// A status of HTTP with its body: what a use case came to, for whatever carries it.
package struct WalletAnswer: Equatable, Sendable {
  package let status: Int
  package let body: JSON

  package init(_ status: Int, _ body: JSON) {
    self.status = status
    self.body = body
  }

  /// Errors of routes that existed before keep the plain form: `detail` alone.
  package init(_ status: Int, detail: String) { self.init(status, ["detail": .string(detail)]) }

  package init(_ error: WalletError) { self.init(error.status, detail: error.message) }
}

extension WalletError {
  /// The one table from codes to statuses of HTTP.
  package var status: Int {
    switch code {
    case .walletNotFound, .withdrawalNotFound: 404
    case .insufficientBalance, .walletSuspended, .invalidState, .holdTooSmall, .secondApprovalNeeded, .sameApprover,
      .finalizeNeeded, .ownRequest, .coinMissing, .alreadyPlaced, .keyConflict, .bonusState, .overCap:
      409
    case .keyInProgress: 425
    case .badSignature: 401
    case .riskRejected: 403
    case .badAmount, .badOrder: 422
    case .upstreamFailed, .upstreamUnknown: 502
    case .orderFailed: 500
    case .keyRequired, .badDays, .badTree, .sponsorNotAssigned, .buyerNotInTree, .emptyOrder, .productUnavailable,
      .challengeFailed, .challengeMissing:
      400
    }
  }
}
