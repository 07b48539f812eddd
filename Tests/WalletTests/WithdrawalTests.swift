import Codecs
import Money
import Testing
import Wallet

@Suite("Withdrawals")
struct WithdrawalTests {
  private static let now = Timestamp(milliseconds: 1_735_732_800_000)
  private static let machine = WithdrawalMachine(WithdrawalRules())

  private static func asked(
    _ id: String, _ amount: UInt64, _ wallet: inout PointWallet, _ metadata: JSON = [:]
  ) throws -> Withdrawal {
    let decision = try machine.requested(
      Withdrawal(
        id: id, wallet: wallet.id, amount: UInt256(amount), requestedBy: wallet.user, reference: nil,
        metadata: metadata.object, createdAt: now), wallet: wallet)
    wallet = decision.wallet
    return decision.withdrawal
  }

  private static func funded(_ amount: UInt64) throws -> PointWallet {
    var wallet = PointWallet(id: "id-1", user: "u1")
    _ = try wallet.credit(UInt256(amount))
    return wallet
  }

  private static func yes(_ person: String, finalize: Bool) -> WithdrawalEvent {
    .approve(by: person, finalize: finalize, notes: nil, coin: nil)
  }

  @Test func `failing an approved withdrawal leaves another's hold alone`() throws {
    var wallet = try Self.funded(100)
    let first = try Self.asked("a", 30, &wallet)
    let second = try Self.asked("b", 40, &wallet)
    var step = try Self.machine.applying(Self.yes("x", finalize: false), to: first, wallet: wallet, at: Self.now)
    step = try Self.machine.applying(
      Self.yes("y", finalize: true), to: step.withdrawal, wallet: step.wallet, at: Self.now)
    #expect(step.wallet.balance == UInt256(70) && step.wallet.pending == UInt256(40))
    step = try Self.machine.applying(
      .poolRefused(by: "system", reason: "upstream"), to: step.withdrawal, wallet: step.wallet, at: Self.now)
    #expect(step.wallet.balance == UInt256(100) && step.wallet.pending == UInt256(40))
    step = try Self.machine.applying(.reject(by: "x", notes: nil), to: second, wallet: step.wallet, at: Self.now)
    #expect(step.wallet.pending.isZero)
  }

  @Test func `one person is not two, an owner approves nothing, and a forged first approver changes nothing`() throws {
    var wallet = try Self.funded(100)
    let asked = try Self.asked("a", 30, &wallet, ["stage1_approver": "nobody"])
    func code(_ event: WithdrawalEvent, _ withdrawal: Withdrawal) -> WalletError.Code? {
      do {
        _ = try Self.machine.applying(event, to: withdrawal, wallet: wallet, at: Self.now)
        return nil
      } catch { return error.code }
    }
    #expect(code(Self.yes("u1", finalize: false), asked) == .ownRequest)
    #expect(code(Self.yes("x", finalize: true), asked) == .secondApprovalNeeded)
    let step = try Self.machine.applying(Self.yes("x", finalize: false), to: asked, wallet: wallet, at: Self.now)
    #expect(step.withdrawal.status == .approvedPending && step.wallet == wallet)
    #expect(code(Self.yes("x", finalize: true), step.withdrawal) == .sameApprover)
    #expect(code(.reject(by: "y", notes: nil), step.withdrawal) == nil)
  }

  @Test func `a missing coin is found before any point moves, and an unknown outcome keeps the points`() throws {
    var wallet = try Self.funded(100)
    let bare = try Self.asked("a", 30, &wallet, ["provider": "hashdam"])
    let first = try Self.machine.applying(Self.yes("x", finalize: false), to: bare, wallet: wallet, at: Self.now)
    #expect(throws: WalletError.self) {
      try Self.machine.applying(Self.yes("y", finalize: true), to: first.withdrawal, wallet: wallet, at: Self.now)
    }
    let asked = try Self.asked("b", 30, &wallet, ["coin": "PEP"])
    var step = try Self.machine.applying(Self.yes("x", finalize: false), to: asked, wallet: wallet, at: Self.now)
    step = try Self.machine.applying(
      Self.yes("y", finalize: true), to: step.withdrawal, wallet: step.wallet, at: Self.now)
    #expect(step.effect == .askPool(.pep, amount: UInt256(30)))
    let taken = step.wallet
    step = try Self.machine.applying(.poolUnknown, to: step.withdrawal, wallet: step.wallet, at: Self.now)
    #expect(step.wallet == taken && step.withdrawal.status == .approved && step.withdrawal.isUnknown)
    #expect(throws: WalletError.self) {
      try Self.machine.applying(
        .poolRefused(by: "s", reason: "late"), to: step.withdrawal, wallet: step.wallet, at: Self.now)
    }
  }
}
