import Codecs
import Money
import Testing

@Suite("ERC-20")
struct ERC20Tests {
  static let owner = EVMAddress([UInt8](1...20)) ?? .zero
  static let other = EVMAddress([UInt8](101...120)) ?? .zero

  @Test func `every call is the selector of its signature and its arguments`() throws {
    let (owner, other) = (ERC20Tests.owner, ERC20Tests.other)
    func call(_ signature: String, _ values: [ABIValue]) throws -> [UInt8] {
      let types = try ABIType(String(signature.drop { $0 != "(" }))
      guard case .tuple(let members) = types else { return [] }
      return ABI.selector(signature) + (try ABI.encode(values, as: members))
    }
    let amount = UInt256.max
    #expect(
      try ERC20.transfer(to: owner, amount) == call("transfer(address,uint256)", [.address(owner), .uint(amount)]))
    #expect(try ERC20.approve(owner, amount) == call("approve(address,uint256)", [.address(owner), .uint(amount)]))
    #expect(
      try ERC20.transferFrom(owner, to: other, amount)
        == call("transferFrom(address,address,uint256)", [.address(owner), .address(other), .uint(amount)]))
    #expect(try ERC20.balance(of: owner) == call("balanceOf(address)", [.address(owner)]))
    #expect(
      try ERC20.allowance(of: owner, to: other)
        == call("allowance(address,address)", [.address(owner), .address(other)]))
    #expect(ERC20.decimals == ABI.selector("decimals()"))
    #expect(ERC20.symbol == ABI.selector("symbol()"))
  }

  @Test func `nothing and true are accepted, false is refused, and the rest is unknown`() {
    #expect(ERC20.answer([]) == .accepted)
    #expect(ERC20.answer(UInt256.one.bigEndianBytes) == .accepted)
    #expect(ERC20.answer(UInt256.zero.bigEndianBytes) == .refused)
    #expect(ERC20.answer(UInt256(2).bigEndianBytes) == .unknown)
    #expect(ERC20.answer([1]) == .unknown)
    #expect(ERC20.answer([UInt8](repeating: 0, count: 64)) == .unknown)
  }

  @Test func `decimals and symbols are read in the forms tokens use`() throws {
    #expect(ERC20.decimals(UInt256(18).bigEndianBytes) == 18)
    #expect(ERC20.decimals(UInt256(256).bigEndianBytes) == nil)
    #expect(ERC20.decimals([18]) == nil)
    #expect(ERC20.symbol(try ABI.encode([.string("USDC")], as: [.string])) == "USDC")
    #expect(ERC20.symbol(Array("MKR".utf8) + [UInt8](repeating: 0, count: 29)) == "MKR")
    #expect(ERC20.symbol([0x41, 0, 0x41] + [UInt8](repeating: 0, count: 29)) == nil)
    #expect(ERC20.symbol([]) == nil)
  }

  @Test func `a transfer is read from its log, and other events are not`() throws {
    let (owner, other) = (ERC20Tests.owner, ERC20Tests.other)
    let topics = [ERC20.Transfer.topic, owner.topic, other.topic]
    let amount = UInt256(limbs: (1, 2, 3, 4))
    let transfer = try #require(ERC20.Transfer(topics: topics, data: amount.bigEndianBytes))
    #expect(transfer.from == owner && transfer.to == other && transfer.amount == amount)
    #expect(ERC20.Transfer(topics: topics + [.zero], data: []) == nil)
    #expect(ERC20.Transfer(topics: topics + [.zero], data: amount.bigEndianBytes) == nil)
    #expect(ERC20.Transfer(topics: [.zero, owner.topic, other.topic], data: amount.bigEndianBytes) == nil)
    #expect(ERC20.Transfer(topics: Array(topics.prefix(2)), data: amount.bigEndianBytes) == nil)
    #expect(ERC20.Transfer(topics: topics, data: [1]) == nil)
    let dirty = Hash32(words: (1, 0, 0, 0))
    #expect(ERC20.Transfer(topics: [topics[0], dirty, topics[2]], data: amount.bigEndianBytes) == nil)
  }

  @Test func `an address reads back from its bytes, its topic and its order`() {
    let (owner, other) = (ERC20Tests.owner, ERC20Tests.other)
    #expect(EVMAddress(topic: owner.topic) == owner)
    #expect(owner.topic.bytes == [UInt8](repeating: 0, count: 12) + owner.bytes)
    #expect(EVMAddress(owner.bytes) == owner && EVMAddress(owner.bytes.span) == owner)
    #expect(EVMAddress(owner.bytes.dropLast()) == nil && EVMAddress(owner.bytes + [0]) == nil)
    #expect(owner < other && !(other < owner))
    #expect(owner.lowercase == "0x0102030405060708090a0b0c0d0e0f1011121314")
  }
}
