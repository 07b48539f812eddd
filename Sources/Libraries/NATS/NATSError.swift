import CNATS

/// Why a NATS server could not be used, or refused. Source: `natsStatus` and `jsErrCode` of nats.c 3.4.
package struct NATSError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// No server of the list can be reached.
    case cannotConnect = "nats.cannot_connect"
    /// The name, the password or the right to do this was refused.
    case denied = "nats.denied"
    /// No answer within the time that was set. The server may have done what it was told.
    case timeout = "nats.timeout"
    /// The connection ended. It is not made again by itself: the owner makes another.
    case connectionLost = "nats.connection_lost"
    /// Nobody listens to the subject: no stream has it, or JetStream is off.
    case noResponders = "nats.no_responders"
    /// JetStream refused; `jetStream` is its number.
    case refused = "nats.refused"
    /// The payload is larger than the server takes.
    case tooLarge = "nats.too_large"
    /// A subject, name or header that NATS does not allow.
    case badRequest = "nats.bad_request"
    case outOfMemory = "nats.out_of_memory"
    case failed = "nats.failed"
  }
  package let code: Code
  /// One sentence; never what was sent, and no password.
  package let message: String
  /// JetStream's own error number; 0 when it was not JetStream that refused.
  package let jetStream: Int

  package init(_ code: Code, _ message: String, jetStream: Int = 0) {
    self.code = code
    self.message = message
    self.jetStream = jetStream
  }
}

extension NATSError {
  /// The one place where a status of the library becomes an error.
  static func check(_ status: natsStatus, _ doing: StaticString, _ jetStream: jsErrCode = jsErrCode(0))
    throws(NATSError)
  {
    guard status != NATS_OK else { return }
    let words = unsafe natsStatus_GetText(status).map { unsafe String(cString: $0) } ?? "status \(status.rawValue)"
    guard jetStream.rawValue == 0 else {
      throw NATSError(.refused, "\(doing): JetStream error \(jetStream.rawValue)", jetStream: Int(jetStream.rawValue))
    }
    throw NATSError(code(for: status), "\(doing): \(words)")
  }

  private static func code(for status: natsStatus) -> Code {
    switch status {
    case NATS_NO_SERVER, NATS_ADDRESS_MISSING: .cannotConnect
    case NATS_CONNECTION_AUTH_FAILED, NATS_NOT_PERMITTED: .denied
    case NATS_TIMEOUT: .timeout
    case NATS_CONNECTION_CLOSED, NATS_CONNECTION_DISCONNECTED, NATS_STALE_CONNECTION, NATS_IO_ERROR,
      NATS_NOT_YET_CONNECTED:
      .connectionLost
    case NATS_NO_RESPONDERS: .noResponders
    case NATS_MAX_PAYLOAD: .tooLarge
    case NATS_INVALID_ARG, NATS_INVALID_SUBJECT: .badRequest
    case NATS_NO_MEMORY: .outOfMemory
    default: .failed
    }
  }
}
