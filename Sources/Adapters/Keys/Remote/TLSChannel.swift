package import OpenSSL
package import POSIX
package import Signing
import Synchronization

/// TLS over a socket. One thread reads or writes at a time.
package final class TLSChannel: ByteChannel {
  private let socket: StreamSocket
  private let session: Mutex<TLSSession>

  /// Shakes hands. `names`: what the other side's certificate must be for, one of them. Throws `signing.wrong_peer` for
  /// another one, `signing.unreachable` when it goes away.
  package init(
    _ socket: StreamSocket, _ context: TLSContext, names: [String], _ deadline: Deadline
  ) throws(SigningError) {
    self.socket = socket
    let session: TLSSession
    do throws(CryptoError) { session = try TLSSession(context, names: names) } catch { throw TLSChannel.refused(error) }
    self.session = Mutex(session)
    while true {
      let isDone: Bool
      do throws(CryptoError) {
        isDone = try self.session.withLock { session throws(CryptoError) in try session.handshake() }
      } catch {
        // Tell the other side why, if it still listens.
        try? flush(deadline)
        throw TLSChannel.refused(error)
      }
      do throws(SocketError) {
        try flush(deadline)
        if isDone { return }
        let got = try socket.read(atMost: 1 << 14, deadline)
        guard !got.isEmpty else { throw SocketError(.closed, "the other side ended the handshake") }
        try receive(got)
      } catch { throw FrameChannel.lost(error) }
    }
  }

  package func read(atMost count: Int, _ deadline: Deadline) throws(SocketError) -> [UInt8] {
    while true {
      let plain: [UInt8]?
      do throws(CryptoError) {
        plain = try session.withLock { session throws(CryptoError) in try session.read(atMost: count) }
      } catch { throw SocketError(.failed, error.message) }
      if let plain { return plain }
      let got = try socket.read(atMost: 1 << 16, deadline)
      if got.isEmpty { return [] }
      try receive(got)
    }
  }

  package func write(_ bytes: [UInt8], _ deadline: Deadline) throws(SocketError) {
    for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
      let part = Array(bytes[start..<min(bytes.count, start + 1 << 20)])
      do throws(CryptoError) {
        try session.withLock { session throws(CryptoError) in try session.write(part) }
      } catch { throw SocketError(.failed, error.message) }
      try flush(deadline)
    }
  }

  private func receive(_ bytes: [UInt8]) throws(SocketError) {
    do throws(CryptoError) {
      try session.withLock { session throws(CryptoError) in try session.receive(bytes) }
    } catch { throw SocketError(.failed, error.message) }
  }

  private func flush(_ deadline: Deadline) throws(SocketError) {
    let waiting = session.withLock { $0.outgoing() }
    if !waiting.isEmpty { try socket.write(waiting, deadline) }
  }

  private static func refused(_ error: CryptoError) -> SigningError {
    SigningError(
      .wrongPeer, "the other side of the signer's connection is not who it must be: \(error.message)",
      hint: "both certificates must come from the authority of AM_SIGNER_TLS_CA, for the name of AM_SIGNER_TLS_PEER")
  }
}
