extension LotteryEngine {
  /// Whether a draw was ever requested.
  package func hasDrawState(_ id: UInt64) -> Bool { draws?.states[id] != nil }

  /// How the request stands. Throws nothing: without one it is idle.
  package func vrfStateView(_ id: UInt64) -> VrfStateView {
    var view = VrfStateView()
    guard let state = draws?.states[id] else { return view }
    view.status = state.vrf.status.rawValue
    view.attempt = state.vrf.attempt
    view.consumed = state.vrf.consumed
    view.retryAfterTs = state.vrf.retryAfterTs
    view.retryStrategy = state.vrf.retryStrategy
    view.lastRequestTs = state.lastRequestTs
    view.requestId = state.vrf.requestId
    return view
  }

  /// What the archive takes from the draw. Throws `registryMissing`, `lotteryNotFound`.
  package func finalizationSnapshot(_ id: UInt64) throws(LotteryError) -> FinalizationSnapshot {
    guard draws != nil else { throw LotteryError(.registryMissing) }
    guard let state = draws?.states[id] else { throw LotteryError(.lotteryNotFound, "lottery \(id) has no draw") }
    var snapshot = FinalizationSnapshot()
    snapshot.snapshotHash = state.snapshotHash
    snapshot.payloadHash = state.vrf.payloadHash
    snapshot.winnersBatchHash = state.winnersBatchHash
    snapshot.checksumAfterBatch = state.checksumAfterBatch
    snapshot.schemaVersion = state.vrf.schemaVersion
    snapshot.attempt = state.vrf.attempt
    snapshot.closingBlockHeight = state.vrf.closingBlockHeight
    snapshot.chainId = state.vrf.chainId
    snapshot.requestTs = state.lastRequestTs
    snapshot.vrfStatus = state.vrf.status
    #if ALMONER_MUTANTS
      if LotteryMutant.finalizationAltered.isActive { snapshot.attempt = state.vrf.attempt &+ 1 }
    #endif
    return snapshot
  }

  /// The draw whose randomness the winners may take. Throws `registryMissing`, `lotteryNotFound`,
  /// `winnerVrfNotReady`, `vrfConsumed`.
  func preparedForWinnerComputation(_ id: UInt64) throws(LotteryError) -> DrawState {
    guard draws != nil else { throw LotteryError(.registryMissing) }
    guard let state = draws?.states[id] else { throw LotteryError(.lotteryNotFound, "lottery \(id) has no draw") }
    guard state.vrf.status == .fulfilled else { throw LotteryError(.winnerVrfNotReady) }
    guard !state.vrf.consumed else { throw LotteryError(.vrfConsumed) }
    return state
  }
}
