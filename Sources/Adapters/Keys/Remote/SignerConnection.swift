package import POSIX
package import Signing

/// How an engine gets to its signer.
package enum SignerConnection {
  /// Over a unix socket, whose file's owner and mode say who listens. Throws `signing.unreachable`.
  package static func unix(_ path: String, _ deadline: Deadline) throws(SigningError) -> any ByteChannel {
    do throws(SocketError) { return try StreamSocket.connect(.unix(path), deadline) } catch {
      throw FrameChannel.lost(error)
    }
  }
}
