import Codecs
package import Engine

/// What a stream answers to a message: `{"stream":"x","seq":7}` or `{"error":{"err_code":10077,...}}`.
package enum JetStreamAnswer: Hashable, Sendable {
  /// Written down, or known before by its message id.
  case taken
  /// Another message stands before it than the one that should.
  case outOfOrder
  /// Refused for what it is.
  case refused(BrokerError)
  case down(BrokerError)

  // wrong_last_msg_id, wrong_last_sequence: errors.json of nats-server 2.9.
  private static let wrongLast: Set<Int> = [10070, 10071]

  package init(_ payload: [UInt8], from name: String) {
    guard let answer = try? JSON.parse(payload), answer.object != nil else {
      self = .down(BrokerError(.malformed, "\(name) answers something else than JSON"))
      return
    }
    guard let error = answer["error"], !error.isNull else {
      self =
        answer["stream"]?.string == nil
        ? .down(BrokerError(.malformed, "\(name) does not say which stream took the event")) : .taken
      return
    }
    let number = error["err_code"]?.uint64.flatMap { Int(exactly: $0) } ?? 0
    if JetStreamAnswer.wrongLast.contains(number) {
      self = .outOfOrder
      return
    }
    let words = "\(name) answers: \((error["description"]?.string ?? "error \(number)").prefix(200))"
    let why = BrokerError(jetStream: number, words)
    self = why.code == .eventTooLarge ? .refused(why) : .down(why)
  }
}
