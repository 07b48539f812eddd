import Codecs
import Curves
import Randomness
import Sodium
import Synchronization
import Testing

@Suite("Sources of randomness")
struct RandomnessSourceTests {
  private func code(_ body: () throws -> Void) -> RandomnessError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? RandomnessError)?.code }
  }

  private func key(_ seed: UInt8) throws -> VRFSecretKey {
    let bytes = [UInt8](repeating: seed, count: 32)
    return try VRFSecretKey(seed: bytes.span)
  }

  @Test func `what a key proves, a player verifies without it`() throws {
    let key = try key(1)
    let question = RandomnessQuestion.vrf(publicKey: key.publicKey, alpha: [1, 2, 3])
    let proven = try VRFSource(key).value(for: question)
    let verifier = try ProofVerifier(sha256: OpenSSLSHA256())
    #expect(try verifier.value(of: proven.proof, for: question) == proven.value && proven.value.count == 64)
    #expect(try VRFSource(key).value(for: question) == proven)
    // Another key, another input, another kind of proof, another source.
    let other = try self.key(2)
    let questions: [RandomnessQuestion] = [
      .vrf(publicKey: other.publicKey, alpha: [1, 2, 3]), .vrf(publicKey: key.publicKey, alpha: [1, 2]),
      .beacon(chain: DrandChain.quicknet.hash, round: 1),
    ]
    for asked in questions { #expect(code { _ = try verifier.value(of: proven.proof, for: asked) } == .unproven) }
    let callback = RandomnessProof.callback(signature: [])
    #expect(code { _ = try verifier.value(of: callback, for: .callback(nonce: 1, message: [])) } == .wrongSource)
    #expect(code { _ = try verifier.value(of: callback, for: question) } == .unproven)
    #expect(code { _ = try VRFSource(other).value(for: question) } == .wrongSource)
    #expect(code { _ = try VRFSource(key).value(for: .callback(nonce: 1, message: [])) } == .wrongSource)
  }

  @Test func `a beacon of a chain that nobody knows proves nothing`() throws {
    let verifier = try ProofVerifier(chains: [.defaultChain], sha256: OpenSSLSHA256())
    let beacon = RandomnessProof.beacon(Beacon(round: 1, signature: []))
    #expect(
      code { _ = try verifier.value(of: beacon, for: .beacon(chain: DrandChain.quicknet.hash, round: 1)) }
        == .wrongSource)
    #expect(
      code { _ = try verifier.value(of: beacon, for: .beacon(chain: DrandChain.defaultChain.hash, round: 2)) }
        == .unproven)
  }

  /// Nonces counted from 1; a callback is believed when its signature repeats the message.
  final class Network: CallbackNetwork {
    let asked = Mutex<UInt64>(0)

    func request(_ message: [UInt8]) throws(RandomnessError) -> UInt64 {
      guard !message.isEmpty else { throw RandomnessError(.unreachable, "the network is away") }
      return asked.withLock { asked in
        asked += 1
        return asked
      }
    }

    func verify(nonce: UInt64, message: [UInt8], signature: [UInt8]) throws(RandomnessError) -> [UInt8] {
      guard signature.starts(with: message) else { throw RandomnessError(.unproven, "not the network's") }
      return [UInt8(truncatingIfNeeded: nonce)] + signature
    }
  }

  @Test func `a callback is waited for, believed once, and never replaced`() throws {
    let source = CallbackSource(Network())
    #expect(code { _ = try source.request([]) } == .unreachable)
    let question = try source.request([7])
    #expect(code { _ = try source.value(for: question) } == .notYet)
    #expect(code { _ = try source.deliver(question, signature: [8]) } == .unproven)
    #expect(code { _ = try source.value(for: question) } == .notYet)
    let proven = try source.deliver(question, signature: [7])
    #expect(try source.value(for: question) == proven && proven.value == [1, 7])
    // The same again is done already; another value is refused, and the first one stands.
    #expect(try source.deliver(question, signature: [7]) == proven)
    #expect(code { _ = try source.deliver(question, signature: [7, 7]) } == .unproven)
    try source.resume(question)
    #expect(try source.value(for: question) == proven)
    // Nobody asked, or nobody asks any more.
    let stray = RandomnessQuestion.callback(nonce: 9, message: [7])
    #expect(code { _ = try source.deliver(stray, signature: [7]) } == .wrongSource)
    #expect(code { _ = try source.deliver(.vrf(publicKey: [], alpha: []), signature: []) } == .wrongSource)
    try source.resume(stray)
    #expect(try source.deliver(stray, signature: [7]).value == [9, 7])
    source.forget(question)
    #expect(code { _ = try source.value(for: question) } == .wrongSource)
  }
}
