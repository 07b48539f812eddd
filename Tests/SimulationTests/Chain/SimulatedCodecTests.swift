import Chains
import Codecs
import Money
import Signing
import SimulatedChain
import Testing

@Suite("Simulated transactions")
struct SimulatedCodecTests {
  private let codec = SimulatedCodec()
  private let key = SimulatedKey(seed: 7)
  private let fee = FeeTerms(limit: 40_000, price: UInt256(7), tip: UInt256(1))
  private let token = AssetID(chain: "sim:1", token: "0x00000000000000000000000000000000000000aa")

  private var purposes: [Purpose] {
    let payees = [1, 2, 3].map { number in
      Payee(payout: PayoutID(0), address: ChainWorld.person(number), units: UInt256(UInt64(number)))
    }
    return [
      .pay(asset: token, payees: payees), .pay(asset: AssetID(chain: "sim:1", token: nil), payees: [payees[0]]), .void,
      .allowance(asset: token, spender: ChainWorld.person(9), units: .max), .deploy(code: [1, 2, 3]),
    ]
  }

  private func request(_ purpose: Purpose) -> TransactionRequest {
    TransactionRequest(account: key.account, slot: 5, purpose: purpose, fee: fee)
  }

  @Test func `what is prepared reads back as what was asked for`() throws {
    for purpose in purposes {
      let unsigned = try codec.prepare(request(purpose))
      #expect(try codec.inspect(unsigned.bytes, account: key.account) == request(purpose))
      #expect(unsigned.signingHash == Keccak.hash256(unsigned.bytes))
    }
  }

  @Test func `signed bytes come apart into what they were made of`() throws {
    let unsigned = try codec.prepare(request(purposes[0]))
    let signature = try key.sign([unsigned.signingHash])[0]
    let signed = try codec.assemble(unsigned.bytes, signature)
    let parts = try codec.disassemble(signed.bytes)
    #expect(parts.unsigned == unsigned && parts.signature == signature)
    #expect(signed.hash == Keccak.hash256(signed.bytes))
  }

  @Test func `no cut or changed byte is read as another transaction`() throws {
    let unsigned = try codec.prepare(request(purposes[0]))
    for length in 0..<unsigned.bytes.count {
      #expect(throws: RailError.self) { try codec.inspect(Array(unsigned.bytes.prefix(length)), account: key.account) }
    }
    #expect(throws: RailError.self) { try codec.inspect(unsigned.bytes + [0], account: key.account) }
    for place in unsigned.bytes.indices {
      var changed = unsigned.bytes
      changed[place] ^= 1
      guard let read = try? codec.inspect(changed, account: key.account) else { continue }
      // What still reads must say something else, and be made of exactly these bytes.
      #expect(read != request(purposes[0]))
      #expect(try codec.prepare(read).bytes == changed)
    }
  }

  @Test func `bytes of another account or chain are refused`() throws {
    let unsigned = try codec.prepare(request(.void))
    #expect(throws: RailError.self) { try codec.inspect(unsigned.bytes, account: ChainWorld.person(1)) }
    let other = SimulatedCodec(chain: ChainID(.simulated, 2))
    #expect(throws: RailError.self) { try other.inspect(unsigned.bytes, account: key.account) }
  }

  @Test func `payments of nothing, to nobody or in a foreign asset are not made`() {
    let nobody = Purpose.pay(asset: token, payees: [])
    let nothing = Purpose.pay(
      asset: token, payees: [Payee(payout: PayoutID(0), address: ChainWorld.person(1), units: .zero)])
    let foreign = Purpose.pay(
      asset: AssetID(chain: "evm:1", token: nil),
      payees: [Payee(payout: PayoutID(0), address: ChainWorld.person(1), units: .one)])
    for purpose in [nobody, nothing, foreign] {
      #expect(throws: RailError.self) { try codec.prepare(request(purpose)) }
    }
  }

  @Test func `addresses are read and written as on an EVM chain`() throws {
    let text = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    let address = try codec.address(text)
    #expect(codec.text(address) == text)
    #expect(throws: RailError.self) { try codec.address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD") }
  }

  @Test func `a key that draws fresh nonces signs anew each time, and all of it is its own`() throws {
    let fresh = SimulatedKey(seed: 8, drawsFreshNonces: true)
    let digest = Keccak.hash256([1])
    let first = try fresh.sign([digest])[0]
    let second = try fresh.sign([digest])[0]
    #expect(first != second)
    #expect(fresh.made(first, over: digest) && fresh.made(second, over: digest))
    #expect(!key.made(first, over: digest) && !fresh.made(first, over: Keccak.hash256([2])))
  }
}
