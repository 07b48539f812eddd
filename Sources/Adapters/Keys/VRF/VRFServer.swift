package import Codecs
import Curves
package import POSIX
import Signing

/// The keeper's side of the socket: one connection after the other, one call each time. Nothing that comes in can end the
/// process.
package struct VRFServer: Sendable {
  private let keeper: VRFKeeper
  private let frameMilliseconds: Int64
  private let tell: @Sendable (JSON) -> Void

  package init(_ keeper: VRFKeeper, frameMilliseconds: Int64 = 5_000, tell: @escaping @Sendable (JSON) -> Void) {
    self.keeper = keeper
    self.frameMilliseconds = frameMilliseconds
    self.tell = tell
  }

  /// Answers until it is over. `users`: numbers of users that may ask.
  package func serve(_ socket: ListeningSocket, users: Set<UInt32>, until isOver: () -> Bool) throws(SocketError) {
    while !isOver() {
      guard let connection = try socket.accept(Deadline(inMilliseconds: 200)) else { continue }
      guard let user = connection.peerUser, users.contains(user) else {
        tell(["event": "connection_refused", "peer": .string(connection.peerUser.map { "uid:\($0)" } ?? "unknown")])
        continue
      }
      do throws(SigningError) { try attend(connection, "uid:\(user)") } catch {
        // Who goes away, sends nothing, or sends what is no call: their connection ends.
        tell(["event": "connection_ended", "peer": .string("uid:\(user)"), "code": .string(error.code.rawValue)])
      }
    }
  }

  private func attend(_ connection: StreamSocket, _ peer: String) throws(SigningError) {
    let line = FrameChannel(connection, most: VRFCall.mostFrame)
    let frame = try line.read(Deadline(inMilliseconds: frameMilliseconds))
    try line.write(answer(frame, peer).bytes, Deadline(inMilliseconds: frameMilliseconds))
  }

  private func answer(_ frame: [UInt8], _ peer: String) -> VRFAnswer {
    switch VRFCall(frame) {
    case nil: return .refused(RandomnessError(.wrongSource, "these bytes are no call"))
    case .describe: return .key(keeper.publicKey)
    case .prove(let commitment):
      let lottery = ClosingBytes(commitment).map { JSON.string(String($0.lottery)) } ?? .null
      do throws(RandomnessError) {
        let proof = try keeper.proof(for: commitment, peer: peer)
        tell(["event": "proved", "peer": .string(peer), "lottery": lottery])
        return .proof(proof)
      } catch {
        tell([
          "event": "refused", "peer": .string(peer), "lottery": lottery, "code": .string(error.code.rawValue),
          "message": .string(error.message),
        ])
        return .refused(error)
      }
    }
  }
}
