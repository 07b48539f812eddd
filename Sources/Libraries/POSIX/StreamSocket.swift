import Glibc

/// Where a stream socket is.
package enum SocketAddress: Hashable, Sendable {
  /// A path of at most 107 bytes.
  case unix(String)
  case tcp(host: String, port: UInt16)
}

/// Why a socket failed. It names no content.
package struct SocketError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// Nobody listens there, or the name is not known.
    case unreachable
    /// The other side did nothing in time.
    case timedOut
    /// The other side has gone.
    case closed
    /// The address cannot be used: too long, taken, or not allowed.
    case badAddress
    case failed
  }
  package let reason: Reason
  package let message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  init(_ number: Int32, _ operation: String) {
    let reason: Reason =
      switch number {
      case ECONNREFUSED, ENOENT, EHOSTUNREACH, ENETUNREACH: .unreachable
      case ETIMEDOUT: .timedOut
      case EPIPE, ECONNRESET: .closed
      case EADDRINUSE, EADDRNOTAVAIL, EACCES, EPERM, ENOTDIR, EROFS: .badAddress
      default: .failed
      }
    self.init(reason, FileError(number, operation).message)
  }
}

/// A moment of the machine's monotonic clock, until which something is waited for.
package struct Deadline: Hashable, Sendable {
  fileprivate let milliseconds: Int64

  package init(inMilliseconds wait: Int64) {
    milliseconds = Deadline.now &+ max(0, min(wait, 1 << 40))
  }

  /// What is left, 0 when it is over.
  package var left: Int32 { Int32(clamping: max(0, milliseconds - Deadline.now)) }

  private static var now: Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// One connection, closed when its last owner lets go. One thread reads or writes at a time.
package final class StreamSocket: Sendable {
  private let number: Int32

  fileprivate init(_ number: Int32) { self.number = number }

  deinit { _ = Glibc.close(number) }

  /// Connects. A host with several addresses is tried at each.
  package static func connect(
    _ address: SocketAddress, _ deadline: Deadline
  ) throws(SocketError) -> StreamSocket {
    var last = SocketError(.unreachable, "the name is not known")
    for place in try RawAddress.all(address, isPassive: false) {
      do { return try connect(place, deadline) } catch { last = error }
    }
    throw last
  }

  private static func connect(_ place: RawAddress, _ deadline: Deadline) throws(SocketError) -> StreamSocket {
    let made = StreamSocket(try place.socket())
    var done = unsafe place.with { unsafe Glibc.connect(made.number, $0, $1) }
    // A unix socket whose queue is full is asked again, since no event tells when there is room (connect(2)).
    while done != 0, errno == EAGAIN, deadline.left > 0 {
      _ = poll(nil, 0, 10)
      done = unsafe place.with { unsafe Glibc.connect(made.number, $0, $1) }
    }
    if done != 0 {
      guard errno == EINPROGRESS || errno == EAGAIN else { throw SocketError(errno, "connecting") }
      guard errno != EAGAIN else { throw SocketError(.timedOut, "too many wait for a connection already") }
      try made.wait(Int16(POLLOUT), deadline)
      var problem: Int32 = 0
      var length = socklen_t(MemoryLayout<Int32>.size)
      _ = unsafe getsockopt(made.number, SOL_SOCKET, SO_ERROR, &problem, &length)
      guard problem == 0 else { throw SocketError(problem, "connecting") }
    }
    return made
  }

  /// Up to `count` bytes, at least one; none at the end.
  package func read(atMost count: Int, _ deadline: Deadline) throws(SocketError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: max(1, count))
    while true {
      let got = unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
      if got >= 0 {
        buffer.removeSubrange(got...)
        return buffer
      }
      guard errno == EAGAIN || errno == EINTR else { throw SocketError(errno, "reading") }
      try wait(Int16(POLLIN), deadline)
    }
  }

  package func write(_ bytes: [UInt8], _ deadline: Deadline) throws(SocketError) {
    var done = 0
    while done < bytes.count {
      let sent = unsafe bytes.withUnsafeBytes { source in
        unsafe send(
          number, source.baseAddress?.advanced(by: done), source.count - done, Int32(MSG_NOSIGNAL))
      }
      if sent > 0 {
        done += sent
        continue
      }
      guard errno == EAGAIN || errno == EINTR else { throw SocketError(errno, "writing") }
      try wait(Int16(POLLOUT), deadline)
    }
  }

  /// Who is at the other end of a unix socket, by the kernel's word (SO_PEERCRED, unix(7)); nil for another socket.
  package var peerUser: UInt32? {
    var family = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let known = unsafe withUnsafeMutablePointer(to: &family) { family in
      unsafe family.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(number, $0, &length) }
    }
    guard known == 0, family.ss_family == sa_family_t(AF_UNIX) else { return nil }
    // struct ucred: pid, uid, gid.
    var credentials: (Int32, UInt32, UInt32) = (0, .max, .max)
    var size = socklen_t(MemoryLayout<(Int32, UInt32, UInt32)>.size)
    guard unsafe getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, size == 12 else { return nil }
    return credentials.1
  }

  private func wait(_ events: Int16, _ deadline: Deadline) throws(SocketError) {
    guard try Polled.wait(number, events, deadline) else {
      throw SocketError(.timedOut, "the other side did nothing in time")
    }
  }
}

/// A socket that others connect to.
package final class ListeningSocket: Sendable {
  private let number: Int32
  /// The port that was given, for port 0.
  package let port: UInt16

  /// Listens. A unix socket that nobody listens on any more is replaced, one that is in use is not; its mode is `mode`.
  package init(_ address: SocketAddress, mode: UInt32 = 0o660) throws(SocketError) {
    guard let place = try RawAddress.all(address, isPassive: true).first else {
      throw SocketError(.badAddress, "the name is not known")
    }
    if case .unix(let path) = address { try ListeningSocket.clear(path) }
    number = try place.socket()
    var yes: Int32 = 1
    _ = unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let number = number
    guard unsafe place.with({ unsafe bind(number, $0, $1) }) == 0 else { throw SocketError(errno, "listening") }
    if case .unix(let path) = address {
      // Nobody can connect before `listen`.
      guard unsafe path.withCString({ unsafe chmod($0, mode_t(mode)) }) == 0 else {
        throw SocketError(errno, "listening")
      }
    }
    guard listen(number, 16) == 0 else { throw SocketError(errno, "listening") }
    var bound = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let known = unsafe withUnsafeMutablePointer(to: &bound) { bound in
      unsafe bound.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(number, $0, &length) }
    }
    port = known == 0 ? UInt16(bigEndian: bound.sin_port) : 0
  }

  deinit { _ = Glibc.close(number) }

  private static func clear(_ path: String) throws(SocketError) {
    var found = stat()
    guard unsafe path.withCString({ unsafe lstat($0, &found) }) == 0 else { return }
    guard found.st_mode & S_IFMT == S_IFSOCK else {
      throw SocketError(.badAddress, "something that is no socket stands there")
    }
    if (try? StreamSocket.connect(.unix(path), Deadline(inMilliseconds: 500))) != nil {
      throw SocketError(.badAddress, "somebody listens there already")
    }
    _ = unsafe path.withCString { unsafe unlink($0) }
  }

  /// The next connection; nil when none came in time.
  package func accept(_ deadline: Deadline) throws(SocketError) -> StreamSocket? {
    guard try Polled.wait(number, Int16(POLLIN), deadline) else { return nil }
    let made = Glibc.accept(number, nil, nil)
    if made >= 0 {
      let socket = StreamSocket(made)
      guard fcntl(made, F_SETFL, O_NONBLOCK) == 0, fcntl(made, F_SETFD, FD_CLOEXEC) == 0 else {
        throw SocketError(errno, "accepting")
      }
      return socket
    }
    // Whoever was there has gone again.
    guard errno == EAGAIN || errno == EINTR || errno == ECONNABORTED else { throw SocketError(errno, "accepting") }
    return nil
  }
}

private enum Polled {
  static func wait(_ number: Int32, _ events: Int16, _ deadline: Deadline) throws(SocketError) -> Bool {
    while true {
      var entry = pollfd(fd: number, events: events, revents: 0)
      let left = deadline.left
      let ready = unsafe poll(&entry, 1, left)
      if ready > 0 { return true }
      if ready == 0, deadline.left == 0 { return false }
      guard ready == 0 || errno == EINTR else { throw SocketError(errno, "waiting") }
    }
  }
}

/// An address in the system's form.
private struct RawAddress {
  let family: Int32
  let bytes: [UInt8]

  func socket() throws(SocketError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let made = Glibc.socket(family, kind, 0)
    guard made >= 0 else { throw SocketError(errno, "making a socket") }
    return made
  }

  func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    unsafe bytes.withUnsafeBytes { raw in
      guard let start = raw.baseAddress else { return -1 }
      return unsafe body(start.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
  }

  static func all(_ address: SocketAddress, isPassive: Bool) throws(SocketError) -> [RawAddress] {
    switch address {
    case .unix(let path): [try unix(path)]
    case .tcp(let host, let port): try resolve(host, port, isPassive)
    }
  }

  private static func unix(_ path: String) throws(SocketError) -> RawAddress {
    let text = Array(path.utf8)
    guard (1...107).contains(text.count), !text.contains(0) else {
      throw SocketError(.badAddress, "the path of a socket has 1 to 107 bytes")
    }
    var family = sa_family_t(AF_UNIX)
    let head = unsafe withUnsafeBytes(of: &family) { unsafe Array($0) }
    return RawAddress(family: AF_UNIX, bytes: head + text + [0])
  }

  private static func resolve(_ host: String, _ port: UInt16, _ isPassive: Bool) throws(SocketError) -> [RawAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV | (isPassive ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe host.withCString { host in
      unsafe String(port).withCString { unsafe getaddrinfo(host, $0, &hints, &list) }
    }
    guard code == 0 else { throw SocketError(.unreachable, "the name is not known") }
    defer { unsafe freeaddrinfo(list) }
    var found: [RawAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      if let address = unsafe entry.pointee.ai_addr {
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.ai_addrlen))
        found.append(unsafe RawAddress(family: entry.pointee.ai_family, bytes: Array(bytes)))
      }
      unsafe next = entry.pointee.ai_next
    }
    return found
  }
}
