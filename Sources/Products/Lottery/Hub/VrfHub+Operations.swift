import Codecs

// Each operation checks everything before it writes anything, and returns its events.
extension VrfHub {
  /// `init`: by the hub's own account, once.
  package mutating func initialize(_ context: Context) throws(HubError) {
    guard context.actor == account else { throw HubError(.notAuthorized) }
    guard state == nil else { throw HubError(.alreadyInitialized) }
    state = State(admin: account)
  }

  // MARK: Registrations

  /// Registers a lottery, switched on, and gives its id.
  package mutating func registerLottery(
    owner: LotteryAddress, lottery: LotteryAddress, metadata: [UInt8], _ context: Context
  ) throws(HubError) -> (id: UInt64, events: [HubEvent]) {
    let id = try requireAdmin(context).nextLotteryId
    state?.nextLotteryId = try VrfHub.next(after: id)
    state?.registrations.put(id, Registration(owner: owner, lottery: lottery, metadata: metadata))
    return (
      id,
      [
        .lotteryRegistered(lotteryId: id, owner: owner, lottery: lottery),
        .lotteryMetadataUpdated(lotteryId: id, metadata: metadata),
      ]
    )
  }

  package mutating func updateMetadata(
    id: UInt64, metadata: [UInt8], _ context: Context
  ) throws(HubError) -> [HubEvent] {
    _ = try requireAdmin(context)
    var registration = try registration(of: id)
    registration.metadata = metadata
    state?.registrations.put(id, registration)
    return [.lotteryMetadataUpdated(lotteryId: id, metadata: metadata)]
  }

  /// An event only when the switch moved.
  package mutating func setLotteryActive(
    id: UInt64, active: Bool, _ context: Context
  ) throws(HubError) -> [HubEvent] {
    _ = try requireAdmin(context)
    var registration = try registration(of: id)
    guard registration.active != active else { return [] }
    registration.active = active
    state?.registrations.put(id, registration)
    return [.lotteryStatusChanged(lotteryId: id, active: active)]
  }

  // MARK: People

  package mutating func setAdmin(_ admin: LotteryAddress, _ context: Context) throws(HubError) {
    _ = try requireAdmin(context)
    state?.admin = admin
  }

  package mutating func setCallbackSender(
    _ sender: LotteryAddress, _ context: Context
  ) throws(HubError) -> [HubEvent] {
    let previous = try requireAdmin(context).callbackSender
    state?.callbackSender = sender
    return [.callbackSenderUpdated(previous: previous, current: sender)]
  }

  // MARK: Requests

  /// Asks for randomness, and gives the request's id. Schema 1 lets anybody ask; schema 2 the registered lottery, its
  /// owner and the admin (GAP 13).
  package mutating func requestRandomness(
    id: UInt64, payload: [UInt8], _ context: Context
  ) throws(HubError) -> (requestId: UInt64, events: [HubEvent]) {
    let hub = try required()
    let registration = try registration(of: id)
    if schema == .v2 {
      guard [registration.lottery, registration.owner, hub.admin].contains(context.actor) else {
        throw HubError(.notAuthorized, "\(context.actor) does not speak for lottery \(id)")
      }
    }
    guard registration.active else { throw HubError(.inactiveLottery, "lottery \(id) is switched off") }
    let requestId = hub.nextRequestId
    let hash = Keccak.sha3(payload)
    state?.nextRequestId = try VrfHub.next(after: requestId)
    state?.requests.put(requestId, Request(lotteryId: id, payload: payload, payloadHash: hash))
    return (
      requestId,
      [.randomnessRequested(requestId: requestId, lotteryId: id, payload: payload, payloadHash: hash.bytes)]
    )
  }

  /// Takes a request out of the pending ones. Schema 2: the callback sender only.
  package mutating func consumeRequest(_ requestId: UInt64, _ context: Context) throws(HubError) -> Request {
    let hub = try required()
    if schema == .v2 { try requireCallbackSender(context) }
    guard let request = hub.requests[requestId] else {
      throw HubError(.unknownRequest, "no request \(requestId) is pending")
    }
    state?.requests.take(requestId)
    return request
  }

  /// Says that a request was answered. Schema 1 checks nothing; schema 2 the caller, and that the lottery is known.
  package func recordFulfillment(
    requestId: UInt64, lotteryId: UInt64, randomness: [UInt8], _ context: Context
  ) throws(HubError) -> [HubEvent] {
    if schema == .v2 {
      try requireCallbackSender(context)
      _ = try registration(of: lotteryId)
    }
    return [.randomnessFulfilled(requestId: requestId, lotteryId: lotteryId, randomness: randomness)]
  }

  private func requireAdmin(_ context: Context) throws(HubError) -> State {
    let hub = try required()
    guard context.actor == hub.admin else { throw HubError(.notAuthorized, "\(context.actor) is not the admin") }
    return hub
  }

  private static func next(after id: UInt64) throws(HubError) -> UInt64 {
    let (next, overflow) = id.addingReportingOverflow(1)
    guard !overflow else { throw HubError(.arithmetic, "there is no id after \(id)") }
    return next
  }
}
