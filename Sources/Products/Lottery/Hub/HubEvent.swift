/// What the VRF hub made known. Source: spec 2.18.
package enum HubEvent: Hashable, Sendable {
  case lotteryRegistered(lotteryId: UInt64, owner: LotteryAddress, lottery: LotteryAddress)
  case lotteryMetadataUpdated(lotteryId: UInt64, metadata: [UInt8])
  case lotteryStatusChanged(lotteryId: UInt64, active: Bool)
  case callbackSenderUpdated(previous: LotteryAddress?, current: LotteryAddress?)
  case randomnessRequested(requestId: UInt64, lotteryId: UInt64, payload: [UInt8], payloadHash: [UInt8])
  case randomnessFulfilled(requestId: UInt64, lotteryId: UInt64, randomness: [UInt8])
}
