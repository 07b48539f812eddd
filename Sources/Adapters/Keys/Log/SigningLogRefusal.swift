import Signing

/// What every signing log refuses, in the same words. These are second guards: `SigningGuard` checks first, and only
/// two guards on one log at the same moment, or a fault in the first, get here.
enum SigningLogRefusal {
  static func staleFence(_ fence: Int64, _ highest: Int64) -> SigningError {
    SigningError(
      .staleFence, "fence \(fence) is behind \(highest)",
      hint: "another worker holds the lane now; nothing was signed")
  }

  static func slotTaken(_ slot: UInt64) -> SigningError {
    SigningError(
      .slotTaken, "slot \(slot) was permitted for other content",
      hint: "only the same payees at another fee, or a void, can be signed for this slot; run reconcile")
  }

  static func payoutTaken(_ slot: UInt64) -> SigningError {
    SigningError(
      .payoutTaken, "a payout of slot \(slot) is permitted in another slot",
      hint: "it can be paid again once the signer sees by its own nodes that the other slot is dead")
  }

  static func notPermitted(_ slot: UInt64) -> SigningError {
    SigningError(.logFailed, "a signature for slot \(slot) was never permitted, so it is not recorded")
  }

  static func unsigned(_ slot: UInt64) -> SigningError {
    SigningError(.logFailed, "the record of slot \(slot) brings no signed bytes")
  }
}
