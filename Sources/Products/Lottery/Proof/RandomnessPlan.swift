package import Codecs
package import Curves

/// Where the randomness of a lottery comes from, and what happens when it does not come. It is declared before sales open
/// and never changes afterwards (REC 4).
///
/// Bytes (BCS): source, fallback as an option, `marginSecs`, `deadlineSecs`. A source is its number as one byte, then:
/// 0 the key of the verifiable random function as a byte string; 1 the chain's hash, 32 bytes; 2 the network's name as a
/// byte string.
package struct RandomnessPlan: Hashable, Sendable, BCSEncodable {
  package enum Source: Hashable, Sendable, BCSEncodable {
    /// ECVRF-EDWARDS25519-SHA512-TAI by this public key, 32 bytes.
    case vrf(publicKey: [UInt8])
    /// A drand chain, named by its hash.
    case beacon(chain: Hash32)
    /// A network that calls back, as `supra`.
    case callback(network: [UInt8])

    package func encode(to bytes: inout BCS.Writer) {
      switch self {
      case .vrf(let key):
        bytes.append(UInt8(0))
        bytes.append(bytes: key)
      case .beacon(let chain):
        bytes.append(UInt8(1))
        bytes.append(chain)
      case .callback(let network):
        bytes.append(UInt8(2))
        bytes.append(bytes: network)
      }
    }
  }

  package let source: Source
  /// Who is asked once the deadline has passed; nil when the draw then waits for a new attempt.
  package let fallback: Source?
  /// Seconds between the close of sales and the value: time in which the closing commitment becomes public.
  package let marginSecs: UInt64
  /// Seconds from the end of the margin until the fallback takes over.
  package let deadlineSecs: UInt64

  package static let margins: ClosedRange<UInt64> = 1...604_800
  package static let deadlines: ClosedRange<UInt64> = 1...2_592_000

  /// Throws `draw.plan_invalid` for a key that is not of 32 bytes, a network's name that is not of 1 to 64, times out of
  /// bounds, or a fallback that is the source again.
  package init(
    source: Source, fallback: Source?, marginSecs: UInt64, deadlineSecs: UInt64
  ) throws(DrawProofError) {
    for one in [source, fallback] {
      switch one {
      case .vrf(let key):
        guard key.count == 32 else { throw DrawProofError(.planInvalid, "a key has 32 bytes, not \(key.count)") }
      case .callback(let network):
        guard (1...64).contains(network.count) else {
          throw DrawProofError(.planInvalid, "a network's name has 1 to 64 bytes")
        }
      case .beacon, nil: break
      }
    }
    guard source != fallback else { throw DrawProofError(.planInvalid, "the fallback is the source itself") }
    guard RandomnessPlan.margins.contains(marginSecs), RandomnessPlan.deadlines.contains(deadlineSecs) else {
      throw DrawProofError(.planInvalid, "margin \(marginSecs) or deadline \(deadlineSecs) is out of bounds")
    }
    self.source = source
    self.fallback = fallback
    self.marginSecs = marginSecs
    self.deadlineSecs = deadlineSecs
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(source)
    bytes.append(option: fallback)
    bytes.append(marginSecs)
    bytes.append(deadlineSecs)
  }

  /// SHA3-256 of the plan's name and bytes.
  package var hash: Hash32 {
    var bytes = BCS.Writer()
    bytes.append(raw: Array(ProofDomain.plan.utf8))
    bytes.append(self)
    return Keccak.sha3(bytes.bytes)
  }

  // MARK: Times and rounds

  /// What a draw waits for: the round of the source, of the fallback (0 when they have none), and when the fallback takes
  /// over.
  package struct Schedule: Hashable, Sendable {
    package let primaryRound: UInt64
    package let fallbackRound: UInt64
    /// Seconds since 1970.
    package let deadline: UInt64
  }

  /// The rule `round = first after close + margin`, and for the fallback the first round after the deadline.
  ///
  /// A commitment that comes when the margin is over already counts from its own moment: a round that may be known
  /// is never chosen. Throws `draw.plan_invalid` for a chain that is not in `chains`, or times past all bounds.
  package func schedule(
    closedAt: UInt64, committedAt: UInt64, chains: [DrandChain]
  ) throws(DrawProofError) -> Schedule {
    let (planned, over) = closedAt.addingReportingOverflow(marginSecs)
    guard !over else { throw DrawProofError(.planInvalid, "the close lies past all times") }
    let base = committedAt < planned ? closedAt : committedAt
    let (due, dueOver) = base.addingReportingOverflow(marginSecs)
    let (deadline, deadlineOver) = due.addingReportingOverflow(deadlineSecs)
    guard !dueOver, !deadlineOver else { throw DrawProofError(.planInvalid, "the close lies past all times") }
    return Schedule(
      primaryRound: try RandomnessPlan.round(of: source, after: due, chains),
      fallbackRound: try RandomnessPlan.round(of: fallback, after: deadline, chains), deadline: deadline)
  }

  private static func round(
    of source: Source?, after seconds: UInt64, _ chains: [DrandChain]
  ) throws(DrawProofError) -> UInt64 {
    guard case .beacon(let hash) = source else { return 0 }
    guard let chain = chains.first(where: { $0.hash == hash }) else {
      throw DrawProofError(.planInvalid, "nobody here knows the chain \(hash)")
    }
    do throws(BeaconError) { return try chain.firstRound(after: seconds) } catch {
      throw DrawProofError(.planInvalid, error.message)
    }
  }
}

/// The names that separate the hashes of a draw's proof from all others.
package enum ProofDomain {
  package static let plan = "lottery_multi::randomness_plan::1"
  package static let terms = "lottery_multi::terms::1"
  package static let closing = "lottery_multi::closing_commitment::1"
  package static let number = "lottery_multi::random_number::1"
}
