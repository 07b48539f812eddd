package import OpenSSL
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

  /// Over mutual TLS. Throws `signing.unreachable`, and `signing.wrong_peer` when the certificate is for another name or
  /// from another authority.
  package static func tls(
    host: String, port: UInt16, _ context: TLSContext, name: String, _ deadline: Deadline
  ) throws(SigningError) -> any ByteChannel {
    let socket: StreamSocket
    do throws(SocketError) { socket = try StreamSocket.connect(.tcp(host: host, port: port), deadline) } catch {
      throw FrameChannel.lost(error)
    }
    return try TLSChannel(socket, context, names: [name], deadline)
  }
}
