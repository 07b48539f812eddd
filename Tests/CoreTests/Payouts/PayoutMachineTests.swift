import Chains
import Codecs
import Money
import Payouts
import TestSupport
import Testing

@Suite("Payout lifecycle")
struct PayoutMachineTests {
  let batch = BatchID(7)

  @Test func `a receipt seen twice settles the hold once`() throws {
    let (confirmed, first) = try PayoutState.submitted(batch, .pending).applying(.paid(batch))
    let (again, second) = try confirmed.applying(.paid(batch))
    #expect(first == [.settle])
    #expect(second.isEmpty && again == .confirmed)
  }

  @Test func `a node's answer leaves a submitted payout submitted`() throws {
    let (after, effects) = try PayoutState.submitted(batch, .pending).applying(.answered)
    #expect(after == .submitted(batch, .pending) && effects.isEmpty)
  }

  @Test func `patience changes the fate and moves no money`() throws {
    let (after, effects) = try PayoutState.submitted(batch, .pending).applying(.patienceOver(batch, .overdue))
    #expect(after == .submitted(batch, .unknown(.overdue)))
    #expect(effects == [.alarm])
    let (late, settled) = try after.applying(.paid(batch))
    #expect(late == .confirmed && settled == [.settle])
  }

  @Test func `evidence about another batch is refused`() {
    for event in [
      PayoutEvent.paid(BatchID(8)), .dead(BatchID(8), .again), .dead(BatchID(8), .fail(.reverted)),
      .patienceOver(BatchID(8), .overdue),
    ] {
      #expect(throws: PayoutError.self) { try PayoutState.submitted(batch, .pending).applying(event) }
    }
  }

  @Test func `there is no way back from confirmed or failed but compensation`() throws {
    let events: [PayoutEvent] = [
      .intended(batch), .canceled, .denied, .expired, .dead(batch, .again), .dead(batch, .fail(.reverted)),
    ]
    for event in events {
      #expect(throws: PayoutError.self) { try PayoutState.confirmed.applying(event) }
      #expect(throws: PayoutError.self) { try PayoutState.failed(.reverted).applying(event) }
      #expect(throws: PayoutError.self) { try PayoutState.compensated.applying(event) }
    }
    #expect(try PayoutState.failed(.canceled).applying(.compensated).1 == [.compensateReleased])
    #expect(try PayoutState.confirmed.applying(.compensated).1 == [.compensatePaid])
    #expect(throws: PayoutError.self) { try PayoutState.compensated.applying(.compensated) }
  }

  @Test(arguments: UInt64(0)..<300)
  func `no order of events holds, settles or releases more than once per attempt`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var state = PayoutState.queued
    var held = 0
    var ended = 0
    for _ in 0..<80 {
      let batch = BatchID(Int64.random(in: 1...3, using: &random))
      let events: [PayoutEvent] = [
        .intended(batch), .canceled, .answered, .patienceOver(batch, .overdue), .paid(batch), .dead(batch, .again),
        .dead(batch, .fail(.reverted)), .contrary,
      ]
      guard let event = events.randomElement(using: &random), let (next, effects) = try? state.applying(event) else {
        continue
      }
      state = next
      held += effects.count { $0 == .hold }
      ended += effects.count { $0 == .settle || $0 == .giveBack }
      #expect(held - ended == (state.status == .submitted ? 1 : 0), "replay with seed \(seed)")
    }
  }

  @Test func `an attempt recorded by us may prevail although we never sent it`() throws {
    #expect(try AttemptState.signed.applying(.prevailed) == .confirmed)
    #expect(throws: PayoutError.self) { try AttemptState.intended.applying(.prevailed) }
    #expect(throws: PayoutError.self) { try AttemptState.intended.applying(.sent) }
  }

  @Test func `an ended batch takes nothing more`() {
    for state in [BatchState.final, .dead] {
      for event in [BatchEvent.memberAdded, .voidAdded, .ended(.paid), .ended(.stranger)] {
        #expect(throws: PayoutError.self) { try state.applying(event) }
      }
    }
  }

  @Test func `a canceled campaign never runs again, and the same request again is nothing`() throws {
    for event in CampaignEvent.allCases where event != .cancel {
      #expect(throws: CampaignError.self) { try CampaignStatus.canceled.applying(event) }
    }
    #expect(try CampaignStatus.canceled.applying(.cancel) == .canceled)
    #expect(try CampaignStatus.paused.applying(.pause) == .paused)
    #expect(throws: CampaignError.self) { try CampaignStatus.pending.applying(.resume) }
  }
}

@Suite("Content root")
struct ContentRootTests {
  let asset = AssetID(chain: "evm:1", token: nil)

  func payee(_ number: Int64, _ units: UInt64) -> Payee {
    Payee(
      payout: PayoutID(number), address: Address([UInt8](repeating: UInt8(number), count: 20)), units: UInt256(units))
  }

  @Test func `any change of payee, amount, order, count or asset changes the root`() throws {
    let payees = (1...5).map { payee($0, UInt64($0) * 10) }
    let root = try ContentRoot.of(payees, asset)
    #expect(try ContentRoot.of(payees, asset) == root)
    var changed = payees
    changed[4] = payee(5, 51)
    #expect(try ContentRoot.of(changed, asset) != root)
    #expect(try ContentRoot.of(payees.reversed(), asset) != root)
    #expect(try ContentRoot.of(Array(payees.dropLast()), asset) != root)
    #expect(try ContentRoot.of(payees, AssetID(chain: "evm:2", token: nil)) != root)
    changed = payees
    changed[0] = Payee(payout: PayoutID(1), address: Address([UInt8](repeating: 9, count: 20)), units: UInt256(10))
    #expect(try ContentRoot.of(changed, asset) != root)
  }

  @Test func `sizes around powers of two give distinct roots`() throws {
    var seen: Set<String> = []
    for count in 0...33 {
      seen.insert(try ContentRoot.of((0..<count).map { payee(Int64($0 + 1), 1) }, asset).description)
    }
    #expect(seen.count == 34)
  }
}
