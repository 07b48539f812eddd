import CNATS
import Glibc

/// One connection to a NATS server, with JetStream.
///
/// Threads: one at a time. The library has threads of its own; none calls into Swift. It never connects again by itself:
/// what it would keep in memory for that is kept in the store instead. No TLS.
@safe package final class NATSConnection {
  package struct Login: Hashable, Sendable {
    package let name: String
    package let password: String
    package init(name: String, password: String) {
      self.name = name
      self.password = password
    }
  }

  let handle: OpaquePointer
  private let jetStream: OpaquePointer

  /// Connects to the first server that answers: `servers` as `nats://host:port`, without names or passwords.
  /// Every wait for the server is bounded by `timeoutMilliseconds`. Throws `nats.cannot_connect`, `nats.denied`.
  package init(servers: [String], login: Login?, timeoutMilliseconds: Int64) throws(NATSError) {
    let wait = max(1, timeoutMilliseconds)
    var made: OpaquePointer?
    try unsafe NATSError.check(natsOptions_Create(&made), "preparing a connection")
    guard let options = unsafe made else { throw NATSError(.outOfMemory, "no memory for a connection") }
    defer { unsafe natsOptions_Destroy(options) }
    for status in unsafe [
      NATSConnection.set(servers, options), natsOptions_SetTimeout(options, wait),
      natsOptions_SetName(options, "almoner"),
      natsOptions_SetAllowReconnect(options, false), natsOptions_SetWriteDeadline(options, wait),
      natsOptions_SetNoRandomize(options, true), natsOptions_SetMaxPingsOut(options, 2),
      natsOptions_SetPingInterval(options, max(1000, wait)), cnats_be_silent(options),
      login.map { unsafe natsOptions_SetUserInfo(options, $0.name, $0.password) } ?? NATS_OK,
    ] {
      try NATSError.check(status, "preparing a connection")
    }
    var connection: OpaquePointer?
    let ports = Set(servers.map { UInt16($0.split(separator: ":").last ?? "") ?? 4222 })
    let connected = ConnectWatch.guarding(ports: ports, limitMilliseconds: wait + 200) {
      unsafe natsConnection_Connect(&connection, options)
    }
    try NATSError.check(connected, "connecting")
    guard let handle = unsafe connection else { throw NATSError(.outOfMemory, "no memory for a connection") }
    var context: OpaquePointer?
    var settings = unsafe jsOptions()
    unsafe jsOptions_Init(&settings)
    unsafe settings.Wait = wait
    let status = unsafe natsConnection_JetStream(&context, handle, &settings)
    guard status == NATS_OK, let jetStream = unsafe context else {
      unsafe natsConnection_Destroy(handle)
      try NATSError.check(status, "preparing JetStream")
      throw NATSError(.outOfMemory, "no memory for JetStream")
    }
    unsafe self.handle = handle
    unsafe self.jetStream = jetStream
  }

  /// The library copies the texts.
  private static func set(_ servers: [String], _ options: OpaquePointer) -> natsStatus {
    let copies = unsafe servers.map { unsafe strdup($0) }
    defer { unsafe copies.forEach { unsafe free($0) } }
    var pointers = unsafe copies.map { unsafe UnsafePointer($0) }
    return unsafe natsOptions_SetServers(options, &pointers, Int32(clamping: pointers.count))
  }

  deinit {
    unsafe jsCtx_Destroy(jetStream)
    unsafe natsConnection_Destroy(handle)
  }

  /// Largest payload, headers included, that this server takes.
  package var mostPayloadBytes: Int { unsafe Int(clamping: natsConnection_GetMaxPayload(handle)) }

  package var isOpen: Bool { unsafe !natsConnection_IsClosed(handle) }

  // MARK: Publishing

  /// Hands one message to the connection's buffer. A stream that has the subject answers on `reply`.
  ///
  /// Throws `nats.too_large`, `nats.connection_lost`, `nats.timeout`.
  package func publish(
    _ subject: String, reply: String, headers: [(name: String, value: String)], payload: [UInt8]
  ) throws(NATSError) {
    var made: OpaquePointer?
    let created = unsafe payload.withUnsafeBytes { bytes in
      unsafe natsMsg_Create(
        &made, subject, reply, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
    }
    try NATSError.check(created, "making a message")
    guard let message = unsafe made else { throw NATSError(.outOfMemory, "no memory for a message") }
    defer { unsafe natsMsg_Destroy(message) }
    for header in headers {
      // A line end in a header would be another header.
      guard !header.value.utf8.contains(where: { $0 < 0x20 }) else {
        throw NATSError(.badRequest, "a header holds a control character")
      }
      try unsafe NATSError.check(natsMsgHeader_Set(message, header.name, header.value), "making a message")
    }
    try unsafe NATSError.check(natsConnection_PublishMsg(handle, message), "publishing")
  }

  /// Sends what is in the buffer and waits until the server has read it.
  package func flush(timeoutMilliseconds: Int64) throws(NATSError) {
    try unsafe NATSError.check(natsConnection_FlushTimeout(handle, max(1, timeoutMilliseconds)), "flushing")
  }

  /// A subject of this connection's own, for answers.
  package func inbox() throws(NATSError) -> NATSInbox { try NATSInbox(self) }

  // MARK: Streams

  /// Makes a stream that keeps what is published to its subject on disk, unless one of this name or with this subject
  /// exists, however it is set. Throws `nats.refused`, `nats.no_responders` when JetStream is off.
  package func makeStream(_ stream: NATSStream) throws(NATSError) {
    var refusal = jsErrCode(0)
    let status = unsafe stream.name.withCString { name in
      unsafe stream.subject.withCString { subject in
        var configuration = unsafe jsStreamConfig()
        unsafe jsStreamConfig_Init(&configuration)
        unsafe configuration.Name = name
        unsafe configuration.Storage = js_FileStorage
        unsafe configuration.Retention = js_LimitsPolicy
        unsafe configuration.Discard = js_DiscardNew
        unsafe configuration.Duplicates = stream.duplicateSeconds * 1_000_000_000
        unsafe configuration.MaxMsgs = stream.mostMessages ?? -1
        unsafe configuration.MaxMsgSize = stream.mostMessageBytes ?? -1
        var subjects: UnsafePointer<CChar>? = unsafe subject
        return unsafe withUnsafeMutablePointer(to: &subjects) { list in
          unsafe configuration.Subjects = list
          unsafe configuration.SubjectsLen = 1
          return unsafe js_AddStream(nil, jetStream, &configuration, nil, &refusal)
        }
      }
    }
    if refusal == JSStreamNameExistErr || refusal == JSStreamSubjectOverlapErr { return }
    try NATSError.check(status, "making a stream", refusal)
  }

  /// A durable consumer of a subject that fetches when it wants to; the same name goes on where it was.
  package func pull(_ subject: String, durable: String) throws(NATSError) -> NATSPull {
    var made: OpaquePointer?
    var refusal = jsErrCode(0)
    let status = unsafe js_PullSubscribe(&made, jetStream, subject, durable, nil, nil, &refusal)
    try NATSError.check(status, "making a consumer", refusal)
    guard let subscription = unsafe made else { throw NATSError(.outOfMemory, "no memory for a consumer") }
    return unsafe NATSPull(subscription, self)
  }
}

/// A stream as it is made here: on disk, refusing what is new when it is full.
package struct NATSStream: Hashable, Sendable {
  /// Without dots, blanks or wildcards.
  package let name: String
  package let subject: String
  /// How long the server knows a message id again.
  package let duplicateSeconds: Int64
  package let mostMessages: Int64?
  package let mostMessageBytes: Int32?

  package init(
    name: String, subject: String, duplicateSeconds: Int64, mostMessages: Int64? = nil, mostMessageBytes: Int32? = nil
  ) {
    self.name = name
    self.subject = subject
    self.duplicateSeconds = duplicateSeconds
    self.mostMessages = mostMessages
    self.mostMessageBytes = mostMessageBytes
  }
}
