import Chains
import Money
import Payouts
import Signing

/// What the signer said of an attempt that it does not sign, and when it is asked again.
struct SignerRefusal {
  let error: EngineError
  let askAgainAt: Timestamp
}

// A signer has rules, people and a clock of its own, and may refuse what this engine's gates let through. Such an attempt
// stays intended and is asked for again now and then. What stands before it on the lane goes on, what stands behind it waits
// for its slot as for any other that is not spent, and a cancel frees it.
extension LaneWorker {
  /// One answer for each request, in order. Throws what is no answer about a request: no signer, no key, a stale fence.
  func answers(_ requests: [SigningRequest]) throws(SigningError) -> [Result<SignedTransaction, SigningError>] {
    do throws(SigningError) { return try signer.sign(requests).map { .success($0) } } catch {
      guard error.isAboutContent else { throw error }
      guard requests.count > 1 else { return [.failure(error)] }
    }
    // All or none were signed: which of them it was, each alone will tell.
    var answers: [Result<SignedTransaction, SigningError>] = []
    for request in requests { answers += try self.answers([request]) }
    return answers
  }

  /// Those to ask for now; the others wait for their time. A payment whose slot is being voided is not asked for again.
  func askable(
    _ wanted: [(batch: Batch, attempt: Attempt)], _ now: Timestamp
  ) -> [(batch: Batch, attempt: Attempt)] {
    wanted.filter { pair in
      guard let refusal = refusals[pair.attempt.id] else { return true }
      if pair.attempt.kind == .pay, pair.batch.hasVoid { return false }
      if now >= refusal.askAgainAt { return true }
      holdBack(pair.batch, pair.attempt, refusal.error)
      return false
    }
  }

  func refused(_ pair: (batch: Batch, attempt: Attempt), _ error: SigningError, _ now: Timestamp) {
    let told = EngineError(error)
    if refusals[pair.attempt.id]?.error != told { observer?.observe(.alarm(told)) }
    refusals[pair.attempt.id] = SignerRefusal(
      error: told, askAgainAt: now.advanced(byMilliseconds: settings.resendMilliseconds))
    holdBack(pair.batch, pair.attempt, told)
  }

  private func holdBack(_ batch: Batch, _ attempt: Attempt, _ error: EngineError) {
    heldBack.append((batch.id, attempt.id))
    isDry = false
    if let campaign = batch.campaign { waiting[campaign] = error }
  }

  /// Intended, and refused by the signer: no transaction of it exists.
  func isRefused(_ attempt: Attempt) -> Bool { attempt.state == .intended && refusals[attempt.id] != nil }

  /// Why the lane stands still: the signer refuses what stands at its front, and nothing behind that can land. Nil otherwise.
  package var standstill: EngineError? {
    guard let front = live.values.min(by: { $0.batch.slot < $1.batch.slot })?.batch.attempts, !front.isEmpty,
      front.allSatisfy(isRefused)
    else { return nil }
    return front.first.flatMap { refusals[$0.id]?.error }
  }
}

extension SigningError {
  /// Whether it is about what was asked for, and not about the signer or who asks.
  var isAboutContent: Bool {
    switch code {
    case .slotTaken, .wrongContent, .overCap, .forbidden, .notApproved, .notInApproval, .payoutTaken: true
    case .staleFence, .logFailed, .keyUnavailable, .keyNotFound, .wrongPassword, .badKeystore, .mainnetRefused,
      .badSignature, .badHSMAddress, .pinMissing, .pinRefused, .keyExists, .deviceRefused, .fileFailed, .badBundle,
      .signerUnreachable, .badFrame, .wrongPeer, .safeMode:
      false
    }
  }
}
