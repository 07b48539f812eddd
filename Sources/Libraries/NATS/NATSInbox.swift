import CNATS

/// Where answers arrive: every subject below `prefix`.
@safe package final class NATSInbox {
  package let prefix: String
  private let subscription: OpaquePointer
  /// Kept alive: a subscription is of its connection.
  private let connection: NATSConnection

  init(_ connection: NATSConnection) throws(NATSError) {
    var name: UnsafeMutablePointer<CChar>?
    try unsafe NATSError.check(natsInbox_Create(&name), "making an inbox")
    guard let text = unsafe name else { throw NATSError(.outOfMemory, "no memory for an inbox") }
    prefix = unsafe String(cString: text)
    unsafe natsInbox_Destroy(text)
    var made: OpaquePointer?
    try unsafe NATSError.check(
      natsConnection_SubscribeSync(&made, connection.handle, prefix + ".*"), "subscribing to an inbox")
    guard let subscription = unsafe made else { throw NATSError(.outOfMemory, "no memory for an inbox") }
    unsafe self.subscription = subscription
    self.connection = connection
  }

  deinit { unsafe natsSubscription_Destroy(subscription) }

  /// The next answer; nil when none came in time.
  package func next(timeoutMilliseconds: Int64) throws(NATSError) -> NATSMessage? {
    var made: OpaquePointer?
    let status = unsafe natsSubscription_NextMsg(&made, subscription, max(1, timeoutMilliseconds))
    // From 2.5 on the library hides the message of a missing listener behind this status, subject and all.
    if status == NATS_TIMEOUT { return nil }
    try NATSError.check(status, "waiting for an answer")
    guard let message = unsafe made else { return nil }
    defer { unsafe natsMsg_Destroy(message) }
    return unsafe NATSMessage(message)
  }
}

/// A consumer that fetches.
@safe package final class NATSPull {
  private let subscription: OpaquePointer
  private let connection: NATSConnection

  init(_ subscription: OpaquePointer, _ connection: NATSConnection) {
    unsafe self.subscription = subscription
    self.connection = connection
  }

  deinit { unsafe natsSubscription_Destroy(subscription) }

  /// At most `most` messages, fewer when the time is over; empty for none.
  package func fetch(_ most: Int, timeoutMilliseconds: Int64) throws(NATSError) -> [NATSDelivery] {
    var list = unsafe natsMsgList()
    var refusal = jsErrCode(0)
    let status = unsafe natsSubscription_Fetch(
      &list, subscription, Int32(clamping: most), max(1, timeoutMilliseconds), &refusal)
    defer { unsafe natsMsgList_Destroy(&list) }
    if status == NATS_TIMEOUT { return [] }
    try NATSError.check(status, "fetching", refusal)
    var found: [NATSDelivery] = []
    for index in unsafe 0..<Int(max(0, list.Count)) {
      guard let message = unsafe list.Msgs?[index] else { continue }
      found.append(unsafe NATSDelivery(message))
      // Taken out of the list, which destroys what is left in it.
      unsafe list.Msgs[index] = nil
    }
    return found
  }
}
