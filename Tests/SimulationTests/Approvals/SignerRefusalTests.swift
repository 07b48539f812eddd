import Chains
import Codecs
import Engine
import Keys
import Money
import Payouts
import Signing
import SimulatedChain
import Synchronization
import Testing

/// The engine's own gates said yes, and the signer apart says no: its list of people, its caps or its clock are others.
@Suite("A signer that refuses late")
struct SignerRefusalTests {
  /// Signs everything but payments to one payee, while it refuses.
  private final class Stern: Signer {
    let inner: SigningGuard
    let payee: Address
    let isStern = Mutex(true)
    let asked = Mutex(0)
    let code: SigningError.Code

    init(_ inner: SigningGuard, refusing payee: Address, _ code: SigningError.Code) {
      self.inner = inner
      self.payee = payee
      self.code = code
    }

    var codec: any TransactionCodec { inner.codec }
    var policy: SigningPolicy { inner.policy }
    var witness: any SigningWitness { inner.witness }
    var accounts: [Address] { inner.accounts }
    var wantsGrounds: Bool { inner.wantsGrounds }
    func announce(_ account: Address, fence: Int64) throws(SigningError) { try inner.announce(account, fence: fence) }

    func sign(_ requests: [SigningRequest]) throws(SigningError) -> [SignedTransaction] {
      for request in requests where isStern.withLock({ $0 }) {
        guard let content = try? codec.inspect(request.unsigned, account: request.account),
          case .pay(_, let payees) = content.purpose, payees.contains(where: { $0.address == payee })
        else { continue }
        asked.withLock { $0 += 1 }
        throw SigningError(code, "two people of mine have to say yes")
      }
      return try inner.sign(requests)
    }
  }

  private final class Box { var stern: Stern? }

  private func world(_ code: SigningError.Code = .notApproved, refusing payee: Int = 6) throws -> (PaidWorld, Stern) {
    let box = Box()
    var settings = WorkerSettings()
    settings.mostLive = 8
    let wrap = SignerWrap { inner in
      let stern = Stern(inner, refusing: PaidWorld.address(payee), code)
      box.stern = stern
      return stern
    }
    let world = try PaidWorld(7, workerSettings: settings, signing: wrap)
    return (world, try #require(box.stern))
  }

  private func work(_ world: PaidWorld, _ steps: Int = 400) {
    for _ in 0..<steps {
      switch world.worker.step() {
      case .progress: continue
      case .done: return
      case .idle(let until), .failed(_, let until):
        world.clock.move(max(1, until.milliseconds - world.clock.now.milliseconds))
      }
    }
  }

  private func counts(_ world: PaidWorld) throws -> [PayoutStatus: Int64] {
    try world.store.tally(world.campaign.id).parts.mapValues(\.count).filter { $0.value > 0 }
  }

  private func cancel(_ world: PaidWorld) throws {
    let current = try #require(try world.store.campaign(world.campaign.id))
    try world.store.commit(
      Commit(
        guardedBy: nil, actor: "operator:test", at: world.clock.now,
        writes: [
          .changeCampaign(
            CampaignChange(
              campaign: current.id, from: current.status, to: .canceled, event: "canceled", reason: nil, planning: nil))
        ]))
  }

  @Test(arguments: [SigningError.Code.notApproved, .notInApproval, .payoutTaken, .overCap, .forbidden])
  func `what stands before it goes on, and asked again later it is signed`(code: SigningError.Code) throws {
    let (world, stern) = try world(code)
    work(world)
    #expect(try counts(world) == [.confirmed: 6, .submitted: 1])
    #expect(world.worker.standstill?.code == code.rawValue)
    let lane = try #require(try world.store.lanes().first)
    #expect(try world.store.liveBatches(lane.id).flatMap(\.attempts).allSatisfy { $0.signed == nil })
    // Now and then, not at every turn.
    #expect((1...60).contains(stern.asked.withLock { $0 }))
    stern.isStern.withLock { $0 = false }
    try world.pay()
    #expect(try counts(world) == [.confirmed: 7])
    #expect(world.worker.standstill == nil)
    #expect(try world.store.checkInvariants().isEmpty)
  }

  @Test func `what stands behind it is signed and sent, and lands when its slot is spent`() throws {
    let (world, stern) = try world(refusing: 2)
    work(world)
    // Two share a transaction: the first is paid, the second is refused, the others wait for the second's slot.
    #expect(try counts(world) == [.confirmed: 2, .submitted: 5])
    #expect(world.worker.standstill?.code == "signing.not_approved")
    stern.isStern.withLock { $0 = false }
    try world.pay()
    #expect(try counts(world) == [.confirmed: 7])
    #expect(try world.store.checkInvariants().isEmpty)
  }

  @Test func `a cancel frees the slot of what it refused, and nobody of it is paid`() throws {
    for payee in [2, 6] {
      let (world, stern) = try world(refusing: payee)
      work(world)
      try cancel(world)
      // It would sign by now: what is voided is not asked for again.
      try world.pay { worker in
        let lane = try world.store.lanes().first
        let live = try lane.map { try world.store.liveBatches($0.id) } ?? []
        if live.allSatisfy({ $0.hasVoid }) { stern.isStern.withLock { $0 = false } }
        return false
      }
      let tally = try counts(world)
      #expect(tally[.submitted] == nil && tally[.queued] == nil && (tally[.failed] ?? 0) >= 1, "\(tally)")
      let got = try world.chain.received(PaidWorld.asset, by: [PaidWorld.address(payee)])
      #expect(got.allSatisfy { $0.times == 0 })
      #expect(try world.store.checkInvariants().isEmpty)
    }
  }

  @Test func `a signer that is away is no refusal: nothing goes on without it`() throws {
    let (world, _) = try world(.signerUnreachable)
    work(world, 60)
    #expect(world.worker.standstill == nil)
    #expect(try counts(world)[.confirmed] == nil)
  }
}
