import Chains
import Engine
import Money
import Payouts
import SQLite
import SimulatedChain
import Store

/// A way in which one batch can live, from its intent to the record of its end. Nothing in it is left to chance.
enum Life: String, CaseIterable, Sendable {
  /// Intended, signed, sent, paid.
  case paid
  /// Nobody hears of it, so a higher fee goes out on the same slot.
  case bumped
  /// It reverts at finality, and comes back as two halves; its campaign sends one batch at a time, and somebody waits.
  case reverted
  /// It pays one payee alone, who refuses.
  case refused
  /// Somebody else spends its slot, and it is tried on the next.
  case stranger
  /// It is canceled on its way, and a void takes its slot; somebody else still waits.
  case canceled
  /// It is paused on its way.
  case paused
  /// An allowance must stand before it, which nobody hears of at first.
  case allowance
  /// Patience ends before evidence comes.
  case overdue
  /// One payee is credited nothing, another less than promised.
  case credited
  /// It goes ahead of the others, reverts, and they follow when its halves are paid.
  case canary
  /// It goes ahead of the others, and its payee is credited less than promised.
  case canaryFailed = "canary-failed"
  /// The store is put back to a state from before it, and it is taken back from the signer's log.
  case restored
  /// It is screened; one of its payees is listed, another is denied by a policy of the meantime.
  case screened

  /// The world of the life: one lane, one worker, one campaign.
  var plan: Plan {
    var plan = Plan(quiet: 1)
    plan.chain.pace = .every(milliseconds: 1_000)
    plan.chain.finalityDepth = 2
    plan.chain.needsAllowance = self == .allowance
    plan.worker.mostLive = self == .canceled || self == .screened ? 1 : 4
    plan.worker.pollMilliseconds = 500
    plan.worker.resendMilliseconds = isUnheard ? 60_000 : 2_000
    plan.worker.bumpMilliseconds = self == .bumped || self == .allowance ? 3_000 : 600_000
    plan.worker.patienceMilliseconds = self == .overdue ? 5_000 : 3_600_000
    plan.worker.leaseMilliseconds = 5_000
    plan.worker.backoffBaseMilliseconds = 100
    plan.worker.backoffMostMilliseconds = 1_000
    let people = payees.enumerated().map { place, behavior in
      Plan.Person(
        address: Address(Array(repeating: 0, count: 19) + [UInt8(place + 1)]), units: UInt256(UInt64(place) + 100),
        behavior: behavior)
    }
    let planning = CampaignChange.Planning(
      mode: mode, priority: 5, window: .always, maxBatch: mostPayees, canary: canary)
    if self == .screened {
      plan.screening = Plan.Screening(listed: [[people[1].address]], most: UInt256(102), hours: 1)
    }
    plan.distributions = [
      Plan.Distribution(name: "life", asset: Plan.token, people: people, planning: planning)
    ]
    return plan
  }

  private var mode: CampaignMode {
    switch self {
    case .reverted: .sync
    case .canary, .canaryFailed: .canary
    case .paid, .bumped, .refused, .stranger, .canceled, .paused, .allowance, .overdue, .credited, .restored,
      .screened:
      .asyncBatch
    }
  }

  private var canary: Int { self == .canary ? 2 : self == .canaryFailed ? 1 : 0 }

  private var mostPayees: Int { self == .canceled || self == .screened ? 1 : self == .reverted ? 2 : 4 }

  private var payees: [PayeeBehavior?] {
    switch self {
    case .credited: [.withoutEffect, .feeOnTransfer(percent: 10), nil]
    case .canaryFailed: [.feeOnTransfer(percent: 10), nil]
    case .refused: [.rejects]
    case .reverted, .canary, .screened: [nil, nil, nil]
    case .paid, .bumped, .stranger, .canceled, .paused, .allowance, .overdue, .restored: [nil, nil]
    }
  }

  /// Whether the pool forgets what it is handed first, and the worker does not hand it over again.
  private var isUnheard: Bool { self == .bumped || self == .canceled || self == .allowance }

  /// What goes wrong on the chain.
  var faults: ScriptedFaults {
    switch self {
    case .paid, .refused, .paused, .credited, .canaryFailed, .restored, .screened: ScriptedFaults([:])
    case .bumped, .canceled, .allowance: ScriptedFaults([.drop: [1]])
    case .reverted, .canary: ScriptedFaults([.revert: [1]])
    case .stranger: ScriptedFaults([.stranger: [1]])
    case .overdue: ScriptedFaults([.blind: [1]], picks: [19])
    }
  }
}
