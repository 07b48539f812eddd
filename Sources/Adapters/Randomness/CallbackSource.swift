package import Curves
import Synchronization

/// Values that a network sends back some time after they were asked for: Supra's dVRF.
///
/// The request goes out by `network`, which names it; the callback comes in by `deliver`, which believes it only as far as
/// `network` does. Until then the value is not there yet, and whoever waits has a deadline and a fallback.
package final class CallbackSource<Network: CallbackNetwork>: RandomnessSource {
  private let network: Network
  /// What was asked for and not forgotten; an answer that nobody waits for is refused.
  private let waiting = Mutex<[RandomnessQuestion: ProvenRandomness?]>([:])
  private static var mostWaiting: Int { 10_000 }

  package init(_ network: Network) { self.network = network }

  /// Asks, and gives the question under which the value will be there. Throws `randomness.unreachable`,
  /// `randomness.too_many`.
  package func request(_ message: [UInt8]) throws(RandomnessError) -> RandomnessQuestion {
    let question = RandomnessQuestion.callback(nonce: try network.request(message), message: message)
    try resume(question)
    return question
  }

  /// Goes on waiting for a request, also of an earlier process. Throws `randomness.too_many`.
  package func resume(_ question: RandomnessQuestion) throws(RandomnessError) {
    let isTaken = waiting.withLock { waiting in
      if waiting[question] != nil { return true }
      guard waiting.count < CallbackSource.mostWaiting else { return false }
      waiting[question] = .some(nil)
      return true
    }
    guard isTaken else {
      throw RandomnessError(.tooMany, "too many requests wait for callbacks; forget those of past draws")
    }
  }

  /// Takes a callback. The same one again changes nothing; another one for the same request is refused.
  /// Throws `randomness.wrong_source` when nobody waits for it, `randomness.unproven`.
  package func deliver(
    _ question: RandomnessQuestion, signature: [UInt8]
  ) throws(RandomnessError) -> ProvenRandomness {
    guard case .callback(let nonce, let message) = question, waiting.withLock({ $0[question] }) != nil else {
      throw RandomnessError(.wrongSource, "nobody waits for this callback")
    }
    let value = try network.verify(nonce: nonce, message: message, signature: signature)
    let proven = ProvenRandomness(question, proof: .callback(signature: signature), value: value)
    let kept = waiting.withLock { waiting in
      let kept = (waiting[question] ?? nil) ?? proven
      waiting[question] = kept
      return kept
    }
    guard kept.value == value else {
      throw RandomnessError(.unproven, "another value came for this request before; the first one stands")
    }
    return kept
  }

  package func value(for question: RandomnessQuestion) throws(RandomnessError) -> ProvenRandomness {
    switch waiting.withLock({ $0[question] }) {
    case .some(.some(let proven)): return proven
    case .some(.none): throw RandomnessError(.notYet, "the network has not called back yet")
    case .none: throw RandomnessError(.wrongSource, "this value was never asked for here")
    }
  }

  /// Stops waiting: the draw is over, or its fallback stands.
  package func forget(_ question: RandomnessQuestion) { waiting.withLock { _ = $0.removeValue(forKey: question) } }
}

/// A chain whose validators make random values on request.
package protocol CallbackNetwork: Sendable {
  /// Sends the request and gives the network's name for it. Throws `randomness.unreachable`.
  func request(_ message: [UInt8]) throws(RandomnessError) -> UInt64
  /// The value, if the callback is the network's. Throws `randomness.unproven`.
  func verify(nonce: UInt64, message: [UInt8], signature: [UInt8]) throws(RandomnessError) -> [UInt8]
}
