import CNATS

/// A message that came in, copied out of the library.
package struct NATSMessage: Hashable, Sendable {
  package let subject: String
  package let payload: [UInt8]
  /// The server's own answer that nobody listens to the subject that was published to.
  package let isNoResponders: Bool

  init(_ message: OpaquePointer) {
    subject = unsafe natsMsg_GetSubject(message).map { unsafe String(cString: $0) } ?? ""
    let count = unsafe Int(natsMsg_GetDataLength(message))
    payload = unsafe Array(
      UnsafeRawBufferPointer(
        start: natsMsg_GetData(message), count: natsMsg_GetData(message) == nil ? 0 : max(0, count)))
    isNoResponders = unsafe natsMsg_IsNoResponders(message)
  }
}

/// A message of a stream, which is delivered again until it is acknowledged.
@safe package final class NATSDelivery {
  private let handle: OpaquePointer
  package let message: NATSMessage

  /// Takes over the handle.
  init(_ handle: OpaquePointer) {
    unsafe self.handle = handle
    message = unsafe NATSMessage(handle)
  }

  deinit { unsafe natsMsg_Destroy(handle) }

  /// The first value of a header, by its exact name.
  package func header(_ name: String) -> String? {
    var value: UnsafePointer<CChar>?
    guard unsafe natsMsgHeader_Get(handle, name, &value) == NATS_OK else { return nil }
    return unsafe value.map { unsafe String(cString: $0) }
  }

  /// Returns when the server has written it down.
  package func acknowledge() throws(NATSError) {
    var refusal = jsErrCode(0)
    try unsafe NATSError.check(natsMsg_AckSync(handle, nil, &refusal), "acknowledging a message", refusal)
  }
}
