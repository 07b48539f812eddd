package import Codecs

/// What a look at a bundle came to: every statement is proved, or taken on trust and then says from whom.
package struct DrawVerdict: Hashable, Sendable {
  package enum Statement: String, CaseIterable, Sendable {
    /// Config, plan and prize slots are those of the commitment.
    case terms
    /// The rounds follow from close, margin and deadline by the rule.
    case rounds
    /// The snapshot hash is the one of the commitment and of the draw's payload.
    case snapshot
    /// The owners of all winning tickets lie in the snapshot.
    case owners
    /// The value is the one that was asked for, and nobody chose it.
    case randomness
    /// The winners follow from snapshot, commitment and value.
    case winners
    /// No more is paid in prizes than was set aside for them.
    case prizes
    /// The commitment was made before anybody could know the value.
    case order
    /// The fallback was due: the source gave nothing until the deadline. Only of draws by the fallback.
    case fallback
    /// Attempts before this one had no value. Only of draws with more than one.
    case attempts
    /// What was paid for is what the list says: that each purchase was paid, and none left out.
    case sales
  }

  package struct Finding: Hashable, Sendable {
    package let statement: Statement
    package let isProved: Bool
    /// One sentence: what was proved, or who must be believed, and for what.
    package let detail: String
  }

  package let commitment: Hash32
  package let snapshotHash: Hash32
  package let findings: [Finding]

  package var proved: [Finding] { findings.filter(\.isProved) }
  package var takenOnTrust: [Finding] { findings.filter { !$0.isProved } }
}
