import Chains
import Money
import Payouts

/// One move of one machine, in the words of models/transitions.tsv.
struct Move: Hashable, Comparable, CustomStringConvertible {
  let machine: String
  let from: String
  let event: String
  let to: String

  var description: String { "\(machine) \(from) \(event) \(to)" }
  static func < (a: Move, b: Move) -> Bool { a.description < b.description }
}

/// The machines of `Payouts` as a table: what every state answers to every event.
enum MachineTable {
  static let batch = BatchID(0)

  /// Every move that a machine takes. What it refuses is not in the table.
  static var moves: Set<Move> {
    var moves: Set<Move> = []
    for state in payoutStates {
      for event in payoutEvents {
        guard let to = try? state.applying(event).0 else { continue }
        moves.insert(Move(machine: "payout", from: state.status.rawValue, event: word(event), to: to.status.rawValue))
      }
    }
    for state in BatchState.allCases {
      for event in batchEvents {
        guard let to = try? state.applying(event) else { continue }
        moves.insert(Move(machine: "batch", from: state.rawValue, event: word(event), to: to.rawValue))
      }
    }
    for state in AttemptState.allCases {
      for event in attemptEvents {
        guard let to = try? state.applying(event) else { continue }
        moves.insert(Move(machine: "attempt", from: state.rawValue, event: word(event), to: to.rawValue))
      }
    }
    return moves
  }

  static let payoutStates: [PayoutState] =
    [.queued, .submitted(batch, .pending), .confirmed, .compensated]
    + UnknownReason.allCases.map { .submitted(batch, .unknown($0)) } + FailureReason.allCases.map { .failed($0) }

  static let payoutEvents: [PayoutEvent] =
    [.intended(batch), .canceled, .denied, .expired, .answered, .paid(batch), .contrary, .compensated]
    + UnknownReason.allCases.map { .patienceOver(batch, $0) } + FailureReason.allCases.map { .dead(batch, .fail($0)) }
    + [.dead(batch, .again)]

  static let batchEvents: [BatchEvent] = [
    .memberAdded, .voidAdded, .ended(.paid), .ended(.credited([.full])), .ended(.settled), .ended(.reverted),
    .ended(.voided), .ended(.stranger),
  ]

  static let attemptEvents: [AttemptEvent] = [.signatureMade, .recorded, .sent, .answered, .prevailed, .batchEnded]

  // Spelled by case, never `default`, so that a new event stops the build here: it belongs in the lists above as well.

  static func word(_ event: PayoutEvent) -> String {
    switch event {
    case .intended: "intended"
    case .canceled: "canceled"
    case .denied: "denied"
    case .expired: "expired"
    case .answered: "answered"
    case .patienceOver: "patience_over"
    case .paid: "paid"
    case .dead: "dead"
    case .contrary: "contrary"
    case .compensated: "compensated"
    }
  }

  static func word(_ event: BatchEvent) -> String {
    switch event {
    case .memberAdded: "member_added"
    case .voidAdded: "void_added"
    case .ended(let verdict): verdict.word
    }
  }

  static func word(_ event: AttemptEvent) -> String {
    switch event {
    case .signatureMade: "signature_made"
    case .recorded: "recorded"
    case .sent: "sent"
    case .answered: "answered"
    case .prevailed: "prevailed"
    case .batchEnded: "batch_ended"
    }
  }
}
