import Codecs
package import Curves
package import Money
package import Sodium
import Synchronization

/// Holds a VRF key and answers for closing commitments alone: one for each lottery, written down before the value exists.
///
/// Whoever asks is not trusted. A value can be had again, since it is always the same; a second closing of the same
/// lottery, with which somebody could choose between two values, cannot.
package final class VRFKeeper: Sendable {
  private let key: VRFSecretKey
  private let log: Mutex<VRFLog>
  private let now: @Sendable () -> Timestamp

  package var publicKey: [UInt8] { key.publicKey }

  /// Throws `randomness.log_failed`.
  package init(
    _ key: VRFSecretKey, logPath: String, now: @escaping @Sendable () -> Timestamp
  ) throws(RandomnessError) {
    self.key = key
    self.now = now
    log = Mutex(try VRFLog(path: logPath, publicKey: key.publicKey))
  }

  /// The proof, 80 bytes, for a closing commitment's bytes. Throws `randomness.wrong_source` for other bytes,
  /// `randomness.already_answered`, `randomness.log_failed`, `randomness.key_failed`.
  package func proof(for commitment: [UInt8], peer: String) throws(RandomnessError) -> [UInt8] {
    guard let closing = ClosingBytes(commitment) else {
      throw RandomnessError(.wrongSource, "these bytes are no closing commitment")
    }
    let at = now()
    try log.withLock { log throws(RandomnessError) in try log.permit(closing, peer: peer, at: at) }
    do throws(VRFError) { return try key.prove(closing.alpha.bytes).proof } catch {
      throw RandomnessError(.keyFailed, "\(error.code.rawValue): \(error.message)", hint: error.hint)
    }
  }
}
