import Foundation

/// TCP on this machine, as little as tests need.
package enum LoopbackSocket {
  package enum Failure: Error { case errno(Int32, String) }

  /// A port that nobody listens on just now.
  package static func freePort() throws -> UInt16 {
    let (descriptor, port) = try listen()
    close(descriptor)
    return port
  }

  /// Listens on a port of the system's choice.
  static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure.errno(errno, "socket") }
    var address = self.address(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> Int32 in
        guard unsafe bind(descriptor, address, size) == 0, Glibc.listen(descriptor, 16) == 0 else { return -1 }
        return unsafe getsockname(descriptor, address, &size)
      }
    }
    guard result == 0 else {
      close(descriptor)
      throw Failure.errno(errno, "listen")
    }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// Whether somebody listens and, when `asked` is sent, answers with `answer` first.
  package static func answers(_ port: UInt16, asked: String, with answer: String) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var wait = timeval(tv_sec: 1, tv_usec: 0)
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    var address = self.address(port)
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return false }
    if !asked.isEmpty { _ = unsafe Glibc.send(descriptor, asked, asked.utf8.count, Int32(MSG_NOSIGNAL)) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
    return count > 0 && String(decoding: bytes.prefix(count), as: UTF8.self).hasPrefix(answer)
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return address
  }
}

/// A server that says what a test wants to whoever connects: the same bytes each time, in pieces.
package final class ScriptedServer: Sendable {
  package let port: UInt16
  private let listener: Int32

  package enum Manner: Sendable {
    /// Everything at once when somebody connects.
    case first
    /// Everything after the first bytes of a client.
    case answer
    /// One piece for each time that bytes come in.
    case turns
  }

  /// Sends the pieces with a pause before each, then waits, or closes.
  package init(
    _ pieces: [[UInt8]], _ manner: Manner = .answer, pauseMilliseconds: UInt32 = 0, thenCloses: Bool = false
  ) throws {
    let (listener, port) = try LoopbackSocket.listen()
    self.listener = listener
    self.port = port
    let thread = Thread {
      while true {
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        Thread { ScriptedServer.serve(client, pieces, manner, pauseMilliseconds, thenCloses) }.start()
      }
    }
    thread.start()
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private static func serve(
    _ client: Int32, _ pieces: [[UInt8]], _ manner: Manner, _ pause: UInt32, _ thenCloses: Bool
  ) {
    defer { close(client) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    func hears() -> Bool { unsafe recv(client, &bytes, bytes.count, 0) > 0 }
    if manner == .answer, !hears() { return }
    for piece in pieces {
      if manner == .turns, !hears() { return }
      usleep(pause * 1_000)
      guard unsafe send(client, piece, piece.count, Int32(MSG_NOSIGNAL)) == piece.count else { return }
    }
    if !thenCloses { while unsafe recv(client, &bytes, bytes.count, 0) > 0 {} }
  }
}
