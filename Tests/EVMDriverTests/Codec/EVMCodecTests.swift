import Chains
import Codecs
@testable import EVMDriver
import Money
import Testing

@Suite("EVM transactions: written and read back")
struct EVMCodecTests {
  static let account = Address([UInt8](repeating: 0x11, count: 20))
  static let contract = EVMAddress([UInt8](repeating: 0xba, count: 20))!
  static let token = "0x" + String(repeating: "70", count: 20)
  static let native = AssetID(chain: "evm:5", token: nil)
  static let coin = AssetID(chain: "evm:5", token: token)
  static let wide = UInt256(limbs: (0, 1 << 32, 0, 0))
  static let fee = FeeTerms(limit: 100_000, price: UInt256(30), tip: UInt256(2))

  static func payee(_ byte: UInt8, _ units: UInt256) -> Payee {
    Payee(payout: PayoutID(0), address: Address([UInt8](repeating: byte, count: 20)), units: units)
  }

  static let purposes: [Purpose] = [
    .void,
    .pay(asset: native, payees: [payee(1, UInt256(7))]),
    .pay(asset: native, payees: [payee(0x11, UInt256(7))]),
    .pay(asset: coin, payees: [payee(1, .max)]),
    .pay(asset: native, payees: [payee(1, UInt256(7)), payee(2, UInt256(8))]),
    .pay(asset: coin, payees: [payee(1, UInt256(7)), payee(1, UInt256(7)), payee(3, UInt256(9))]),
    .pay(asset: coin, payees: [payee(1, UInt256(7)), payee(2, wide)]),
    .allowance(asset: coin, spender: Address(contract.bytes), units: UInt256(100)),
    .allowance(asset: coin, spender: Address(contract.bytes), units: .zero),
    .deploy(code: BatchContractCode.creation),
  ]

  static func codec(_ form: EVMCodec.FeeForm = .dynamic) -> EVMCodec {
    EVMCodec(chainID: 5, batchContract: contract, feeForm: form)
  }

  static func request(_ purpose: Purpose, slot: UInt64 = 9, fee: FeeTerms = fee) -> TransactionRequest {
    TransactionRequest(account: account, slot: slot, purpose: purpose, fee: fee)
  }

  @Test(arguments: purposes, EVMCodec.FeeForm.allCases)
  func `every purpose is read back from its bytes`(purpose: Purpose, form: EVMCodec.FeeForm) throws {
    let codec = EVMCodecTests.codec(form)
    let fee = FeeTerms(limit: 100_000, price: UInt256(30), tip: UInt256(form == .legacy ? 30 : 2))
    let request = EVMCodecTests.request(purpose, fee: fee)
    let unsigned = try codec.prepare(request)
    #expect(unsigned.signingHash == Keccak.hash256(unsigned.bytes))
    #expect(try codec.inspect(unsigned.bytes, account: request.account) == request)
  }

  @Test(arguments: purposes)
  func `a changed byte is refused or is another request`(purpose: Purpose) throws {
    let codec = EVMCodecTests.codec()
    let request = EVMCodecTests.request(purpose)
    let bytes = try codec.prepare(request).bytes
    // Every byte of a small one, a spread of a large one.
    for index in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 300)) {
      for bit in [UInt8(1), 0x80] {
        var changed = bytes
        changed[index] ^= bit
        guard let read = try? codec.inspect(changed, account: request.account) else { continue }
        #expect(read != request, "byte \(index)")
        #expect(try codec.prepare(read).bytes == changed, "byte \(index)")
      }
    }
  }

  @Test func `an amount of 2^96 makes the whole batch wide, one less keeps it packed`() throws {
    let least = UInt256(limbs: (.max, 1 << 32 - 1, 0, 0))
    for (units, function) in [(least, BatchContractCode.Function.payToken), (EVMCodecTests.wide, .payTokenWide)] {
      let call = try EVMCodecTests.codec().call(
        for: .pay(asset: EVMCodecTests.coin, payees: [EVMCodecTests.payee(1, units), EVMCodecTests.payee(2, .one)]),
        account: try #require(EVMAddress(EVMCodecTests.account.bytes)))
      #expect(BigEndian.uint64(call.data.prefix(4)) == UInt64(function.rawValue))
      #expect(call.to == EVMCodecTests.contract && call.value.isZero)
    }
  }

  @Test func `a native batch carries the sum, and refuses an amount that does not fit its word`() throws {
    let codec = EVMCodecTests.codec()
    let account = try #require(EVMAddress(EVMCodecTests.account.bytes))
    let payees = [EVMCodecTests.payee(1, UInt256(7)), EVMCodecTests.payee(2, UInt256(8))]
    #expect(
      try codec.call(for: .pay(asset: EVMCodecTests.native, payees: payees), account: account).value == UInt256(15))
    let large = payees + [EVMCodecTests.payee(3, EVMCodecTests.wide)]
    #expect(
      code { () throws(RailError) in
        _ = try codec.prepare(EVMCodecTests.request(.pay(asset: EVMCodecTests.native, payees: large)))
      } == .badRequest)
  }

  @Test func `a void is a payment of nothing to oneself`() throws {
    let unsigned = try EVMCodecTests.codec().prepare(EVMCodecTests.request(.void))
    let transaction = try EVMTransaction(decodingUnsigned: unsigned.bytes)
    #expect(transaction.to?.bytes == EVMCodecTests.account.bytes)
    #expect(transaction.value.isZero && transaction.data.isEmpty && transaction.chainID == 5)
  }

  @Test func `requests that no transaction of ours can serve are refused`() {
    let one = EVMCodecTests.payee(1, .one)
    let refused: [(Purpose, RailError.Code)] = [
      (.pay(asset: EVMCodecTests.native, payees: []), .badRequest),
      (.pay(asset: EVMCodecTests.native, payees: [EVMCodecTests.payee(1, .zero)]), .badRequest),
      (.pay(asset: EVMCodecTests.native, payees: [EVMCodecTests.payee(0, .one)]), .badRequest),
      (
        .pay(asset: EVMCodecTests.native, payees: [Payee(payout: PayoutID(0), address: Address([1]), units: .one)]),
        .badRequest
      ),
      (.pay(asset: AssetID(chain: "evm:6", token: nil), payees: [one]), .badRequest),
      (.pay(asset: AssetID(chain: "sim:5", token: nil), payees: [one]), .badRequest),
      (.pay(asset: AssetID(chain: "evm:5", token: "0x12"), payees: [one]), .badRequest),
      (
        .pay(asset: AssetID(chain: "evm:5", token: "0x" + String(repeating: "AB", count: 20)), payees: [one]),
        .badRequest
      ),
      (.pay(asset: AssetID(chain: "evm:5", token: EVMCodecTests.contract.lowercase), payees: [one]), .badRequest),
      (.pay(asset: EVMCodecTests.coin, payees: [EVMCodecTests.payee(1, .max), one]), .badRequest),
      (
        .allowance(asset: EVMCodecTests.native, spender: Address(EVMCodecTests.contract.bytes), units: .one),
        .badRequest
      ),
      (.allowance(asset: EVMCodecTests.coin, spender: EVMCodecTests.account, units: .one), .unsupported),
      (.deploy(code: [0x60, 0x00]), .unsupported),
    ]
    for (purpose, expected) in refused {
      let found = code { () throws(RailError) in _ = try EVMCodecTests.codec().prepare(EVMCodecTests.request(purpose)) }
      #expect(found == expected, "\(purpose)")
    }
    let plain = EVMCodec(chainID: 5, batchContract: nil)
    let batch = Purpose.pay(asset: EVMCodecTests.coin, payees: [one, one])
    #expect(code { () throws(RailError) in _ = try plain.prepare(EVMCodecTests.request(batch)) } == .unsupported)
    let legacy = EVMCodecTests.codec(.legacy)
    #expect(code { () throws(RailError) in _ = try legacy.prepare(EVMCodecTests.request(.void)) } == .badRequest)
    let many = Purpose.pay(asset: EVMCodecTests.coin, payees: Array(repeating: one, count: 4_000))
    #expect(
      code { () throws(RailError) in _ = try EVMCodecTests.codec().prepare(EVMCodecTests.request(many)) } == .badRequest
    )
  }

  @Test func `bytes that are well formed but not ours are refused`() throws {
    let me = try #require(EVMAddress(EVMCodecTests.account.bytes))
    let other = try #require(EVMAddress([UInt8](repeating: 1, count: 20)))
    let token = try #require(EVMAddress([UInt8](repeating: 0x70, count: 20)))
    let payees = [EVMCodecTests.payee(1, UInt256(7)), EVMCodecTests.payee(2, UInt256(8))]
    let packed = BatchCalldata.token(token, payees, total: UInt256(15))
    let strangers: [(String, EVMTransaction)] = [
      ("another chain", try transaction(chain: 6, to: other, value: .one)),
      ("an access list", try transaction(to: other, value: .one, list: [EVMAccess(address: other, storageKeys: [])])),
      ("a void with data", try transaction(to: me, data: [1])),
      ("a payment of nothing to another", try transaction(to: other)),
      ("a transfer with value", try transaction(to: token, value: .one, data: ERC20.transfer(to: other, .one))),
      ("a transfer with more data", try transaction(to: token, data: ERC20.transfer(to: other, .one) + [0])),
      ("a transfer of nothing", try transaction(to: token, data: ERC20.transfer(to: other, .zero))),
      ("transferFrom", try transaction(to: token, data: ERC20.transferFrom(me, to: other, .one))),
      ("an allowance for another", try transaction(to: token, data: ERC20.approve(other, .one))),
      (
        "a batch with another total",
        try transaction(
          to: EVMCodecTests.contract, data: BatchCalldata.token(token, payees, total: UInt256(16)))
      ),
      (
        "a batch of one",
        try transaction(
          to: EVMCodecTests.contract, data: BatchCalldata.token(token, Array(payees.prefix(1)), total: UInt256(7)))
      ),
      ("a token batch with value", try transaction(to: EVMCodecTests.contract, value: .one, data: packed)),
      ("a batch at another contract", try transaction(to: other, data: packed)),
      ("coins for the contract", try transaction(to: EVMCodecTests.contract, data: [1, 2, 3, 4])),
      ("another deployment", try transaction(to: nil, data: [0x60])),
      ("a deployment with value", try transaction(to: nil, value: .one, data: BatchContractCode.creation)),
    ]
    for (what, transaction) in strangers {
      let found = code { () throws(RailError) in
        _ = try EVMCodecTests.codec().inspect(transaction.unsignedBytes, account: EVMCodecTests.account)
      }
      #expect(found == .badBytes, "\(what)")
    }
    let type1 = try EVMTransaction(
      chainID: 5, nonce: 1, gasLimit: 21_000, to: other, value: .one, data: [],
      fees: .accessList(gasPrice: .one, []))
    for bytes in [type1.unsignedBytes, [0x04, 0xc0], [0x03], [], [0xc0]] {
      let found = code { () throws(RailError) in
        _ = try EVMCodecTests.codec().inspect(bytes, account: EVMCodecTests.account)
      }
      #expect(found == .badBytes, "\(bytes.prefix(4))")
    }
  }

  @Test(arguments: EVMCodec.FeeForm.allCases)
  func `signed bytes come apart into what they were made of`(form: EVMCodec.FeeForm) throws {
    let codec = EVMCodecTests.codec(form)
    let fee = FeeTerms(limit: 21_000, price: UInt256(30), tip: UInt256(form == .legacy ? 30 : 2))
    let unsigned = try codec.prepare(EVMCodecTests.request(.void, fee: fee))
    let lane = try TestLane(key: [UInt8](repeating: 7, count: 32))
    let signature = try lane.signature(unsigned.signingHash)
    let signed = try codec.assemble(unsigned.bytes, signature)
    #expect(signed.hash == Keccak.hash256(signed.bytes))
    let apart = try codec.disassemble(signed.bytes)
    #expect(apart.unsigned == unsigned && apart.signature == signature)
    #expect(code { () throws(RailError) in _ = try codec.disassemble(unsigned.bytes) } == .badBytes)
    #expect(code { () throws(RailError) in _ = try codec.disassemble(signed.bytes + [0]) } == .badBytes)
    let elsewhere = EVMCodec(chainID: 6, batchContract: nil, feeForm: form)
    #expect(code { () throws(RailError) in _ = try elsewhere.disassemble(signed.bytes) } == .badBytes)
    #expect(code { () throws(RailError) in _ = try elsewhere.assemble(unsigned.bytes, signature) } == .badBytes)
    let high = RecoverableSignature(r: signature.r, s: .max, yParity: 0)
    #expect(code { () throws(RailError) in _ = try codec.assemble(unsigned.bytes, high) } == .badBytes)
  }

  @Test func `addresses are read with their checksum and written with it`() throws {
    let codec = EVMCodecTests.codec()
    let text = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    #expect(codec.text(try codec.address(text)) == text)
    #expect(try codec.address(text.lowercased()) == codec.address(text))
    for wrong in ["", "0x", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", text + "00", text.replacing("aA", with: "Aa")] {
      #expect(code { () throws(RailError) in _ = try codec.address(wrong) } == .badAddress, "\(wrong)")
    }
  }

  private func transaction(
    chain: UInt64 = 5, to: EVMAddress?, value: UInt256 = .zero, data: [UInt8] = [], list: [EVMAccess] = []
  ) throws -> EVMTransaction {
    try EVMTransaction(
      chainID: chain, nonce: 1, gasLimit: 21_000, to: to, value: value, data: data,
      fees: .dynamic(maxFeePerGas: UInt256(2), maxPriorityFeePerGas: .one, list))
  }
}

/// The code of what `body` throws; nil when it throws nothing.
func code(_ body: () throws(RailError) -> Void) -> RailError.Code? {
  do { try body() } catch { return error.code }
  return nil
}
