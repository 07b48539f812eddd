package import Codecs

/// Who may ask for randomness through the hub, and which requests wait for an answer. Source: spec 2.18.
///
/// A package of its own: the engine uses only its insertion-ordered table. `state` is nil until `initialize`.
package struct VrfHub: Equatable, Sendable {
  /// One lottery that may ask.
  package struct Registration: Hashable, Sendable {
    package let owner: LotteryAddress
    package let lottery: LotteryAddress
    package internal(set) var metadata: [UInt8]
    package internal(set) var active = true
  }

  /// One request that waits.
  package struct Request: Hashable, Sendable {
    package let lotteryId: UInt64
    package let payload: [UInt8]
    package let payloadHash: Hash32
  }

  /// The content of an initialised hub. Ids count from 1.
  package struct State: Equatable, Sendable {
    package internal(set) var admin: LotteryAddress
    package internal(set) var nextLotteryId: UInt64 = 1
    package internal(set) var nextRequestId: UInt64 = 1
    package internal(set) var registrations = OrderedTable<UInt64, Registration>()
    package internal(set) var requests = OrderedTable<UInt64, Request>()
    package internal(set) var callbackSender: LotteryAddress?

    init(admin: LotteryAddress) { self.admin = admin }
  }

  /// The account that the hub belongs to.
  package let account: LotteryAddress
  package let schema: Schema
  package internal(set) var state: State?

  package init(account: LotteryAddress, schema: Schema = .v2) {
    self.account = account
    self.schema = schema
  }

  // MARK: Views

  /// Throws `notInitialized`.
  package func required() throws(HubError) -> State {
    guard let state else { throw HubError(.notInitialized) }
    return state
  }

  /// False for an unknown id.
  package func isLotteryActive(_ id: UInt64) throws(HubError) -> Bool {
    try required().registrations[id]?.active ?? false
  }

  /// Throws `unknownLottery`.
  package func registration(of id: UInt64) throws(HubError) -> Registration {
    guard let registration = try required().registrations[id] else {
      throw HubError(.unknownLottery, "no registration has the id \(id)")
    }
    return registration
  }

  /// nil for a request that was consumed or never made.
  package func request(_ id: UInt64) throws(HubError) -> Request? { try required().requests[id] }

  package func lotteryIds() throws(HubError) -> [UInt64] { try required().registrations.keys }

  package func activeLotteryIds() throws(HubError) -> [UInt64] {
    let registrations = try required().registrations
    return registrations.keys.filter { registrations[$0]?.active ?? false }
  }

  package func pendingRequestIds() throws(HubError) -> [UInt64] { try required().requests.keys }

  package func lotteryCount() throws(HubError) -> Int { try required().registrations.count }

  /// `ensure_callback_sender`. Throws `notInitialized`, `callbackNotConfigured`, `callbackNotAllowed`.
  package func requireCallbackSender(_ context: Context) throws(HubError) {
    guard let sender = try required().callbackSender else { throw HubError(.callbackNotConfigured) }
    guard sender == context.actor else {
      throw HubError(.callbackNotAllowed, "\(context.actor) may not call back")
    }
  }
}
