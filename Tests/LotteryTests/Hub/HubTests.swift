import Codecs
@testable import Lottery
import Testing

/// The catalogue of the specification, 5.14, and what schema 2 guards.
@Suite("hub_tests")
struct HubTests {
  private static let account = EngineBench.admin
  private static let owner = LotteryAddress(0x42)
  private static let lottery = LotteryAddress(0x43)
  private static let sender = LotteryAddress(0x44)

  private static func hub(_ schema: Schema) throws -> VrfHub {
    var hub = VrfHub(account: account, schema: schema)
    try hub.initialize(EngineBench.at(0))
    _ = try hub.registerLottery(owner: owner, lottery: lottery, metadata: Array("meta".utf8), EngineBench.at(1))
    return hub
  }

  private func refuse(_ code: HubError.Code, _ body: () throws(HubError) -> Void) {
    do {
      try body()
      Issue.record("\(code.rawValue) was expected")
    } catch {
      #expect(error.code == code)
    }
  }

  @Test("init_and_register", arguments: Schema.allCases)
  func initAndRegister(schema: Schema) throws {
    var hub = VrfHub(account: Self.account, schema: schema)
    try hub.initialize(EngineBench.at(0))
    let result = try hub.registerLottery(
      owner: Self.owner, lottery: Self.lottery, metadata: Array("meta".utf8), EngineBench.at(1))
    #expect(result.id == 1)
    #expect(
      result.events == [
        .lotteryRegistered(lotteryId: 1, owner: Self.owner, lottery: Self.lottery),
        .lotteryMetadataUpdated(lotteryId: 1, metadata: Array("meta".utf8)),
      ])
    #expect(try hub.isLotteryActive(1))
    #expect(try hub.lotteryIds() == [1])
    #expect(try hub.activeLotteryIds() == [1])
    #expect(try hub.lotteryCount() == 1)
  }

  @Test("deactivate_and_update_metadata", arguments: Schema.allCases)
  func deactivateAndUpdateMetadata(schema: Schema) throws {
    var hub = try Self.hub(schema)
    let events = try hub.setLotteryActive(id: 1, active: false, EngineBench.at(2))
    #expect(events == [.lotteryStatusChanged(lotteryId: 1, active: false)])
    #expect(try hub.setLotteryActive(id: 1, active: false, EngineBench.at(3)).isEmpty)
    #expect(try !hub.isLotteryActive(1))
    #expect(try hub.activeLotteryIds().isEmpty)
    let updated = try hub.updateMetadata(id: 1, metadata: Array("data".utf8), EngineBench.at(4))
    #expect(updated == [.lotteryMetadataUpdated(lotteryId: 1, metadata: Array("data".utf8))])
    #expect(try hub.registration(of: 1).metadata == Array("data".utf8))
  }

  @Test("request_and_consume", arguments: Schema.allCases)
  func requestAndConsume(schema: Schema) throws {
    var hub = try Self.hub(schema)
    _ = try hub.setCallbackSender(Self.sender, EngineBench.at(2))
    let result = try hub.requestRandomness(
      id: 1, payload: Array("payload".utf8), EngineBench.at(3, by: Self.lottery))
    #expect(result.requestId == 1)
    #expect(try hub.pendingRequestIds() == [1])
    #expect(try hub.request(1)?.payloadHash == Keccak.sha3(Array("payload".utf8)))
    _ = try hub.consumeRequest(1, EngineBench.at(4, by: Self.sender))
    #expect(try hub.pendingRequestIds().isEmpty)
    #expect(try hub.request(1) == nil)
    let fulfilled = try hub.recordFulfillment(
      requestId: 1, lotteryId: 1, randomness: Array("random".utf8), EngineBench.at(5, by: Self.sender))
    #expect(fulfilled == [.randomnessFulfilled(requestId: 1, lotteryId: 1, randomness: Array("random".utf8))])
  }

  @Test("callback_enforcement", arguments: Schema.allCases)
  func callbackEnforcement(schema: Schema) throws {
    var hub = try Self.hub(schema)
    refuse(.callbackNotConfigured) { () throws(HubError) in
      try hub.requireCallbackSender(EngineBench.at(1, by: Self.sender))
    }
    let events = try hub.setCallbackSender(Self.sender, EngineBench.at(2))
    #expect(events == [.callbackSenderUpdated(previous: nil, current: Self.sender)])
    try hub.requireCallbackSender(EngineBench.at(3, by: Self.sender))
    refuse(.callbackNotAllowed) { () throws(HubError) in try hub.requireCallbackSender(EngineBench.at(3)) }
  }

  // MARK: Beyond the catalogue

  @Test func `refusals have the numbers of the original`() {
    let numbered = HubError.Code.allCases.compactMap { code in code.number }
    #expect(numbered == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(OrderedTableError.keyExists.rawValue == 1 && OrderedTableError.keyNotFound.rawValue == 2)
  }

  @Test func `only the hub's admin registers, and the admin may be another`() throws {
    var hub = VrfHub(account: Self.account)
    refuse(.notInitialized) { () throws(HubError) in _ = try hub.lotteryIds() }
    refuse(.notAuthorized) { () throws(HubError) in try hub.initialize(EngineBench.at(0, by: Self.owner)) }
    try hub.initialize(EngineBench.at(0))
    refuse(.alreadyInitialized) { () throws(HubError) in try hub.initialize(EngineBench.at(0)) }
    try hub.setAdmin(Self.owner, EngineBench.at(1))
    refuse(.notAuthorized) { () throws(HubError) in
      _ = try hub.updateMetadata(id: 1, metadata: [], EngineBench.at(2))
    }
    refuse(.unknownLottery) { () throws(HubError) in
      _ = try hub.updateMetadata(id: 1, metadata: [], EngineBench.at(2, by: Self.owner))
    }
  }

  @Test func `requests are guarded in schema 2, and anybody's in schema 1`() throws {
    let stranger = EngineBench.at(3, by: LotteryAddress(0x99))
    var old = try Self.hub(.v1)
    _ = try old.requestRandomness(id: 1, payload: [1], stranger)
    _ = try old.recordFulfillment(requestId: 7, lotteryId: 7, randomness: [], stranger)
    _ = try old.consumeRequest(1, stranger)
    refuse(.unknownRequest) { () throws(HubError) in _ = try old.consumeRequest(1, stranger) }
    var new = try Self.hub(.v2)
    _ = try new.setCallbackSender(Self.sender, EngineBench.at(2))
    refuse(.notAuthorized) { () throws(HubError) in _ = try new.requestRandomness(id: 1, payload: [1], stranger) }
    _ = try new.requestRandomness(id: 1, payload: [1], EngineBench.at(3, by: Self.owner))
    refuse(.callbackNotAllowed) { () throws(HubError) in _ = try new.consumeRequest(1, stranger) }
    refuse(.callbackNotAllowed) { () throws(HubError) in
      _ = try new.recordFulfillment(requestId: 1, lotteryId: 1, randomness: [], stranger)
    }
    _ = try new.setLotteryActive(id: 1, active: false, EngineBench.at(4))
    refuse(.inactiveLottery) { () throws(HubError) in
      _ = try new.requestRandomness(id: 1, payload: [1], EngineBench.at(5, by: Self.owner))
    }
  }

  @Test func `a consumed request's place is taken by the last one`() throws {
    var hub = try Self.hub(.v1)
    for _ in 1...4 { _ = try hub.requestRandomness(id: 1, payload: [], EngineBench.at(3)) }
    _ = try hub.consumeRequest(1, EngineBench.at(4))
    #expect(try hub.pendingRequestIds() == [4, 2, 3])
  }

  @Test func `the ordered table refuses a key twice and a key that is not there`() throws {
    var table = OrderedTable<Int, String>()
    try table.add(1, "a")
    #expect(throws: OrderedTableError.keyExists) { try table.add(1, "b") }
    #expect(throws: OrderedTableError.keyNotFound) { try table.remove(2) }
    #expect(try table.remove(1) == "a")
    #expect(table.keys.isEmpty && table.values.isEmpty)
  }
}
