import Codecs
import CustodialDriver
import Payouts
import TestSupport
import Testing
import Transport

/// Clients against the stand-ins of tools/partners, with their faults and lies.
@Suite("Custodians over HTTP")
struct CustodialClientTests {
  private static let permit = CustodialPermit(id: 1, fence: 1, worker: "w")
  private static let day = "2025-01-01"

  /// A pool with 100 PEP.
  private struct Pool {
    let server: ScreeningPartner
    let client: HashDamClient

    init(key: String? = "test-key", timeoutMilliseconds: Int = 700) throws {
      server = try ScreeningPartner("hashdam")
      client = HashDamClient(
        try CustodialClient(
          url: try URLText(parsing: server.base + "/v1"), keyHeader: HashDam.keyHeader, needsKey: false, egress: .any,
          timeoutMilliseconds: timeoutMilliseconds, key: { () throws(CustodialError) in key }))
      try order(["do": "deposit", "coin": "PEP", "amount": "100"])
    }

    func order(_ order: JSON) throws {
      let answer = try HTTPClient().perform(
        HTTPRequest(.post(order.utf8), try URLText(parsing: server.base + "/control")))
      try #require(answer.status == 200)
    }

    /// One withdrawal of 30 PEP under a permit, as the desk makes it.
    func call() throws -> CustodialCall {
      let outcome = client.withdraw(coin: "PEP", amount: "30")
      return try CustodialCall.sending(permit).applying(
        outcome.event(by: permit, id: \.id), rules: HashDamClient.rules)
    }

    func history(_ call: CustodialCall, claimed: Set<String> = []) throws -> CustodialCall {
      var rows = try client.rows(coin: "PEP", amount: "30.0", from: day, claimed: claimed)
      if case .answered(_, let id) = call { rows = try client.rows(id: id) }
      return try call.applying(.history(rows), rules: HashDamClient.rules)
    }

    /// Withdrawals that were really executed.
    func executed() throws -> Int { try client.rows(coin: "PEP", amount: "30", from: day, claimed: []).count }
  }

  @Test func `an accepted withdrawal is paid when its own row says so`() throws {
    let pool = try Pool()
    #expect(try pool.client.balance().credit == "651.4")
    let call = try pool.call()
    guard case .answered = call else {
      Issue.record("not accepted: \(call)")
      return
    }
    guard case .paid(let claimed) = try pool.history(call) else {
      Issue.record("not paid")
      return
    }
    #expect(claimed.count == 1)
    #expect(try pool.executed() == 1)
  }

  @Test(arguments: ["timeout", "close", "reset", "cut", "garbage", "cut-json", "empty", "no-id"])
  func `a request that was executed without a readable answer is unknown, and its row in the history ends it`(
    how: String
  ) throws {
    let pool = try Pool()
    try pool.order(["do": "fault", "how": .string(how), "executes": .integer(1), "method": "assetWithdrawRequest"])
    let call = try pool.call()
    #expect(call == .unknown(Self.permit, isSealed: false, first: nil))
    #expect(try pool.executed() == 1, "it was sent once")
    guard case .paid = try pool.history(call) else {
      Issue.record("not found")
      return
    }
  }

  @Test(arguments: ["timeout", "close"])
  func `a request that was not executed stays unknown, whatever the history lacks`(how: String) throws {
    let pool = try Pool()
    try pool.order(["do": "fault", "how": .string(how), "executes": .integer(0), "method": "assetWithdrawRequest"])
    var call = try pool.call()
    for _ in 0..<3 { call = try pool.history(call) }
    #expect(call == .unknown(Self.permit, isSealed: false, first: nil))
    #expect(try pool.executed() == 0)
  }

  @Test func `a refusal of an executed request proves nothing, a key that is wrong does`() throws {
    let pool = try Pool()
    try pool.order([
      "do": "fault", "how": "refuse", "executes": .integer(1), "method": "assetWithdrawRequest",
      "message": "Not enough balance",
    ])
    #expect(try pool.call() == .unknown(Self.permit, isSealed: false, first: nil))
    let stranger = try Pool(key: "wrong")
    #expect(try stranger.call() == .dead(.refused(code: "Invalid API Key"), claimed: []))
  }

  @Test func `a history that hides the row ends nothing, and one that shows two is a contradiction`() throws {
    let hidden = try Pool()
    try hidden.order(["do": "lie", "kind": "missing", "row": "next"])
    try hidden.order(["do": "fault", "how": "timeout", "executes": .integer(1), "method": "assetWithdrawRequest"])
    let call = try hidden.call()
    #expect(try hidden.history(call) == call)
    try hidden.order(["do": "clear-lies"])
    guard case .paid = try hidden.history(call) else {
      Issue.record("the truth was not taken")
      return
    }
    let double = try Pool()
    try double.order(["do": "fault", "how": "timeout", "executes": .integer(2), "method": "assetWithdrawRequest"])
    let twice = try double.call()
    #expect(throws: PayoutError.self) { try double.history(twice) }
  }

  @Test func `nothing goes to a host that is not on the list, and production needs a key`() throws {
    let pool = try Pool()
    let url = try URLText(parsing: pool.server.base + "/v1")
    let listed = HashDamClient(
      try CustodialClient(
        url: url, keyHeader: HashDam.keyHeader, needsKey: true, egress: try EgressHosts(parsing: "pool.example"),
        key: { () throws(CustodialError) in "test-key" }))
    guard case .noAnswer(let error) = listed.withdraw(coin: "PEP", amount: "30") else {
      Issue.record("it was sent")
      return
    }
    #expect(error.code == .notSent)
    #expect(try pool.executed() == 0)
    #expect(throws: CustodialError.self) {
      try CustodialClient(
        url: url, keyHeader: HashDam.keyHeader, needsKey: true, egress: .any,
        key: { () throws(CustodialError) in nil })
    }
  }

  @Test func `a wallet is made, and its transfer without an answer is for the chain or two people`() throws {
    let server = try ScreeningPartner("mblock")
    let client = MBlockClient(
      try CustodialClient(
        url: try URLText(parsing: server.base + "/bsc"), keyHeader: MBlock.keyHeader, needsKey: true, egress: .any,
        timeoutMilliseconds: 700, key: { () throws(CustodialError) in "test-key" }))
    let wallet = try client.newWallet()
    #expect(try client.balance(address: wallet.address, contract: nil).amount == "0")
    let fault: JSON = ["do": "fault", "how": "timeout", "executes": .integer(0), "method": "transferByWalletKey"]
    _ = try HTTPClient().perform(HTTPRequest(.post(fault.utf8), try URLText(parsing: server.base + "/control")))
    let outcome = client.transfer(walletKey: wallet.walletKey, to: wallet.address, amount: "1", contract: nil)
    let call = try CustodialCall.sending(Self.permit).applying(
      outcome.event(by: Self.permit, id: \.reference), rules: MBlockClient.rules)
    #expect(call == .unknown(Self.permit, isSealed: false, first: nil))
    #expect(throws: PayoutError.self) {
      try call.applying(.history([ProviderRow(id: "x", status: .completed)]), rules: MBlockClient.rules)
    }
  }
}
