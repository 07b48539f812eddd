import Codecs
package import Curves
import POSIX
import Signing
import Sodium

/// A VRF key in another process, asked over its socket. Every proof that comes back is verified here.
package struct SealedVRF: Sendable {
  private let path: String
  private let timeoutMilliseconds: Int64

  package init(path: String, timeoutMilliseconds: Int64 = 10_000) {
    self.path = path
    self.timeoutMilliseconds = timeoutMilliseconds
  }

  /// The key that is kept there. Throws `randomness.unreachable`.
  package func publicKey() throws(RandomnessError) -> [UInt8] {
    guard case .key(let key) = try ask(.describe), key.count == 32 else { throw SealedVRF.odd }
    return key
  }

  /// The value for a closing commitment's bytes, under the key that the plan names. The same again gives the same.
  ///
  /// Throws `randomness.unreachable`, `randomness.unproven` for what this key did not make, and what the keeper refuses
  /// with: `randomness.already_answered`, `randomness.wrong_source`, `randomness.log_failed`, `randomness.key_failed`.
  package func value(closing commitment: [UInt8], publicKey: [UInt8]) throws(RandomnessError) -> ProvenRandomness {
    guard let closing = ClosingBytes(commitment) else {
      throw RandomnessError(.wrongSource, "these bytes are no closing commitment")
    }
    guard case .proof(let proof) = try ask(.prove(commitment)) else { throw SealedVRF.odd }
    let alpha = closing.alpha.bytes
    do throws(VRFError) {
      let value = try ECVRF.verify(publicKey: publicKey, alpha: alpha, proof: proof)
      return ProvenRandomness(.vrf(publicKey: publicKey, alpha: alpha), proof: .vrf(proof), value: value)
    } catch {
      throw RandomnessError(.unproven, "\(error.code.rawValue): \(error.message)", hint: error.hint)
    }
  }

  private func ask(_ call: VRFCall) throws(RandomnessError) -> VRFAnswer {
    let deadline = Deadline(inMilliseconds: timeoutMilliseconds)
    let frame: [UInt8]
    do throws(SigningError) {
      let line = FrameChannel(try SignerConnection.unix(path, deadline), most: VRFCall.mostFrame)
      try line.write(call.bytes, deadline)
      frame = try line.read(deadline)
    } catch {
      throw RandomnessError(
        .unreachable, "the keeper of the VRF key: \(error.message)",
        hint: "does almoner vrf serve run, and may this user reach it? The same may be asked again")
    }
    guard let answer = VRFAnswer(frame) else { throw SealedVRF.odd }
    if case .refused(let error) = answer { throw error }
    return answer
  }

  private static let odd = RandomnessError(.unproven, "the keeper of the VRF key gave an answer that is none")
}
