/// Who asks, and when: all that an operation may know about the world.
///
/// The shell fills it from its own clock and block source; nobody who asks supplies it. An engine that is given the
/// same calls with the same contexts ends in the same state.
package struct Context: Hashable, Sendable {
  /// The caller, already authenticated.
  package let actor: LotteryAddress
  /// Whole seconds since 1970: the `now_ts`, `timestamp` and `finalized_at` of the specification.
  package let now: UInt64
  /// The height of the block, or of whatever sequence counts for one.
  package let block: UInt64
  package let chainID: UInt8

  package init(actor: LotteryAddress, now: UInt64, block: UInt64 = 0, chainID: UInt8 = 0) {
    self.actor = actor
    self.now = now
    self.block = block
    self.chainID = chainID
  }
}
