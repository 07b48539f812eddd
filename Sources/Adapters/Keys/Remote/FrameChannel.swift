package import POSIX
import Signing

/// Bytes to and from one peer.
package protocol ByteChannel: Sendable {
  /// At least one byte, at most `count`; none at the end.
  func read(atMost count: Int, _ deadline: Deadline) throws(SocketError) -> [UInt8]
  func write(_ bytes: [UInt8], _ deadline: Deadline) throws(SocketError)
}

extension StreamSocket: ByteChannel {}

/// Frames over bytes: a length in four bytes, then that many. One thread at a time.
final class FrameChannel {
  private let bytes: any ByteChannel
  private let most: Int
  private var buffer: [UInt8] = []

  /// `most`: the longest frame that is read.
  init(_ bytes: any ByteChannel, most: Int) {
    self.bytes = bytes
    self.most = most
  }

  /// Whether something came before the deadline; false when nothing did. Throws `closed` at the end.
  func waits(_ deadline: Deadline) throws(SocketError) -> Bool {
    guard buffer.isEmpty else { return true }
    do throws(SocketError) { try fill(1 << 16, deadline) } catch {
      guard error.reason == .timedOut else { throw error }
      return false
    }
    return true
  }

  /// One whole frame. Throws `signing.bad_frame` for an impossible length, `signing.unreachable` for the rest.
  func read(_ deadline: Deadline) throws(SigningError) -> [UInt8] {
    do throws(SocketError) { try need(4, deadline) } catch { throw FrameChannel.lost(error) }
    let length = try SignerFrame.length(Array(buffer.prefix(4)), most: most)
    do throws(SocketError) { try need(4 + length, deadline) } catch { throw FrameChannel.lost(error) }
    let frame = Array(buffer[4..<4 + length])
    buffer.removeFirst(4 + length)
    return frame
  }

  func write(_ frame: [UInt8], _ deadline: Deadline) throws(SigningError) {
    do throws(SocketError) { try bytes.write(SignerFrame.framed(frame), deadline) } catch {
      throw FrameChannel.lost(error)
    }
  }

  static func lost(_ error: SocketError) -> SigningError {
    SigningError(
      .signerUnreachable, "the connection of the signer: \(error.message)",
      hint: "does almoner signer run, and may this user reach it? The same is asked again")
  }

  /// Memory grows with what came, not with what was announced.
  private func need(_ count: Int, _ deadline: Deadline) throws(SocketError) {
    while buffer.count < count { try fill(min(1 << 20, count - buffer.count), deadline) }
  }

  private func fill(_ count: Int, _ deadline: Deadline) throws(SocketError) {
    // A peer that sends byte by byte without end is cut off too.
    guard deadline.left > 0 else { throw SocketError(.timedOut, "the other side did nothing in time") }
    let got = try bytes.read(atMost: count, deadline)
    guard !got.isEmpty else { throw SocketError(.closed, "the other side closed the connection") }
    buffer += got
  }
}
