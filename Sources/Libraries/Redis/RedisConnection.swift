import CRedis
import Glibc

/// One connection to a Redis server: commands out, answers in, every wait and every size bounded.
///
/// Threads: one at a time. After any error it is closed for good, since what would be read next is unknown; the owner
/// makes another. hiredis 0.14 connects and reads the protocol; sending, waiting and deadlines are here, because its own
/// time-out starts anew with every byte. It has no TLS.
@safe package final class RedisConnection {
  package enum Address: Hashable, Sendable {
    case tcp(host: String, port: UInt16)
    case unix(path: String)
  }

  package struct Limits: Hashable, Sendable {
    package var connectMilliseconds: Int64 = 5_000
    /// Of one answer, with everything inside.
    package var mostReplyBytes = 64 << 20
    package var mostReplyElements = 1 << 20
    package init() {}
  }

  private let context: UnsafeMutablePointer<redisContext>
  private let reader: RedisReader
  private var isOpen = true

  /// Connects. A host name is looked up by the system first, whose own time-out applies. Throws `redis.cannot_connect`.
  package init(_ address: Address, _ limits: Limits = Limits()) throws(RedisError) {
    reader = try RedisReader(mostBytes: limits.mostReplyBytes, mostElements: limits.mostReplyElements)
    let made = unsafe RedisConnection.connect(address, limits)
    guard let context = unsafe made else { throw RedisError(.outOfMemory, "no memory for a connection") }
    guard unsafe context.pointee.err == 0 else {
      let error = unsafe RedisError(.cannotConnect, RedisError.text(&context.pointee.errstr))
      unsafe redisFree(context)
      throw error
    }
    unsafe self.context = context
  }

  deinit { unsafe redisFree(context) }

  private static func connect(_ address: Address, _ limits: Limits) -> UnsafeMutablePointer<redisContext>? {
    let wait = max(1, limits.connectMilliseconds)
    let time = timeval(tv_sec: Int(wait / 1000), tv_usec: Int(wait % 1000) * 1000)
    switch address {
    case .tcp(let host, let port): return unsafe redisConnectWithTimeout(host, Int32(port), time)
    case .unix(let path): return unsafe redisConnectUnixWithTimeout(path, time)
    }
  }

  // MARK: Talking

  /// Sends the commands and waits for all their answers, in their order.
  ///
  /// Throws `redis.timeout`, `redis.connection_lost`, `redis.malformed`, `redis.too_large`; then some, all or none of the
  /// commands may have been done, and this connection is closed.
  ///
  /// `meanwhile` is called once, when the last command was handed to the system and before its answer is waited for.
  package func run(
    _ commands: RedisCommands, timeoutMilliseconds: Int64, meanwhile: () -> Void = {}
  ) throws(RedisError) -> [RedisReply] {
    guard isOpen else { throw RedisError(.closed, "the connection failed before") }
    var isDone = false
    defer { if !isDone { isOpen = false } }
    try expectSilence()
    let deadline = RedisConnection.now() + max(1, timeoutMilliseconds)
    var replies: [RedisReply] = []
    replies.reserveCapacity(commands.count)
    var sent = 0
    while replies.count < commands.count {
      let events = try wait(until: deadline, toSend: sent < commands.bytes.count)
      if events & Int16(POLLOUT) != 0, sent < commands.bytes.count {
        sent += try send(commands.bytes, from: sent)
        if sent == commands.bytes.count { meanwhile() }
      }
      if events & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
        try receive()
        while replies.count < commands.count, let reply = try reader.next() { replies.append(reply) }
      }
    }
    isDone = true
    return replies
  }

  /// Nothing may come in before the commands go out: it would be taken for their answer.
  private func expectSilence() throws(RedisError) {
    var byte: UInt8 = 0
    let waiting = unsafe recv(context.pointee.fd, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
    if waiting == 0 { throw RedisError(.connectionLost, "the server closed the connection") }
    guard waiting < 0, reader.unread == 0 else { throw RedisError(.malformed, "the server answers what nobody asked") }
  }

  /// Which of sending and receiving can go on.
  private func wait(until deadline: Int64, toSend: Bool) throws(RedisError) -> Int16 {
    while true {
      let left = deadline - RedisConnection.now()
      guard left > 0 else { throw RedisError(.timeout, "the server did not answer in time") }
      var slot = pollfd(
        fd: unsafe context.pointee.fd, events: Int16(toSend ? POLLIN | POLLOUT : POLLIN), revents: 0)
      let ready = unsafe poll(&slot, 1, Int32(clamping: left))
      if ready > 0 {
        guard slot.revents & Int16(POLLNVAL) == 0 else { throw RedisError(.connectionLost, "the connection is gone") }
        return slot.revents
      }
      if ready < 0, errno != EINTR { throw RedisError(.connectionLost, "waiting failed (errno \(errno))") }
    }
  }

  private func send(_ bytes: [UInt8], from start: Int) throws(RedisError) -> Int {
    let count = unsafe bytes.withUnsafeBytes { source in
      unsafe Glibc.send(
        context.pointee.fd, source.baseAddress?.advanced(by: start), source.count - start,
        Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw RedisError(.connectionLost, "sending failed (errno \(errno))")
  }

  private func receive() throws(RedisError) {
    var refusal: RedisError?
    let count = unsafe withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
      let count = unsafe recv(context.pointee.fd, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
      if count > 0 {
        do throws(RedisError) { try unsafe reader.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count])) } catch {
          refusal = error
        }
      }
      return count
    }
    if let refusal { throw refusal }
    if count == 0 { throw RedisError(.connectionLost, "the server closed the connection") }
    if count < 0, errno != EAGAIN, errno != EINTR {
      throw RedisError(.connectionLost, "receiving failed (errno \(errno))")
    }
  }

  /// Milliseconds of a clock that nobody sets.
  private static func now() -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
