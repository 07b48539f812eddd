import Dispatch
import Glibc
import Synchronization

/// Ends a connect of libnats that would never end.
///
/// libnats 3.4.1 reads the server's answer to its login in a loop that takes its own time-out for a byte, so a server that
/// goes silent after its first line costs a processor and ever more memory
/// (https://github.com/nats-io/nats.c/pull/707, fixed in 3.8). It does stop when the socket is shut, which is done here.
/// The library does not show its socket, so it is found: one that was not there before, with one of the ports at its other
/// end, and older than a connect may take. Connects go one after the other, so that it is this one's.
enum ConnectWatch {
  private struct Socket: Hashable {
    let descriptor: Int32
    let inode: UInt
  }

  private static let turn = Mutex(())
  private static let queue = DispatchQueue(label: "nats.connect-watch")
  private static let tickMilliseconds: Int64 = 50

  static func guarding<Value>(ports: Set<UInt16>, limitMilliseconds: Int64, _ connect: () -> Value) -> Value {
    turn.withLock { _ in
      let before = sockets(ports)
      return withExtendedLifetime(Timer { tick(before, ports, limitMilliseconds, &$0) }) { connect() }
    }
  }

  /// Ticks until it is let go; no tick runs after that.
  private final class Timer {
    private let source: any DispatchSourceTimer

    init(_ tick: @escaping @Sendable (inout [Socket: Int64]) -> Void) {
      let ages = Ages()
      source = DispatchSource.makeTimerSource(queue: queue)
      source.setEventHandler { ages.values.withLock { tick(&$0) } }
      let pause = DispatchTimeInterval.milliseconds(Int(tickMilliseconds))
      source.schedule(deadline: .now() + pause, repeating: pause)
      source.resume()
    }

    deinit {
      source.cancel()
      queue.sync {}
    }
  }

  private final class Ages: Sendable { let values = Mutex<[Socket: Int64]>([:]) }

  private static func tick(
    _ before: Set<Socket>, _ ports: Set<UInt16>, _ limit: Int64, _ ages: inout [Socket: Int64]
  ) {
    let now = sockets(ports).subtracting(before)
    ages = ages.filter { now.contains($0.key) }
    for socket in now {
      ages[socket, default: 0] += tickMilliseconds
      if ages[socket, default: 0] > limit { shutdown(socket.descriptor, Int32(SHUT_RDWR)) }
    }
  }

  /// Open sockets of this process that are connected to one of the ports.
  private static func sockets(_ ports: Set<UInt16>) -> Set<Socket> {
    guard let folder = unsafe opendir("/proc/self/fd") else { return [] }
    defer { unsafe closedir(folder) }
    var found: Set<Socket> = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let descriptor = Int32(name), let port = peerPort(descriptor), ports.contains(port) else { continue }
      var status = stat()
      guard unsafe fstat(descriptor, &status) == 0 else { continue }
      found.insert(Socket(descriptor: descriptor, inode: status.st_ino))
    }
    return found
  }

  private static func peerPort(_ descriptor: Int32) -> UInt16? {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { pointer -> UInt16? in
      let known = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getpeername(descriptor, $0, &size)
      }
      guard known == 0 else { return nil }
      switch Int32(unsafe pointer.pointee.ss_family) {
      case AF_INET:
        return unsafe pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          unsafe UInt16(bigEndian: $0.pointee.sin_port)
        }
      case AF_INET6:
        return unsafe pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          unsafe UInt16(bigEndian: $0.pointee.sin6_port)
        }
      default: return nil
      }
    }
  }
}
