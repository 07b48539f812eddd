import Chains
import Codecs
import Money
import Signing

/// Real EIP-1559 bytes for one payee, an ERC-20 allowance, a void (nothing sent to oneself) and a deployment.
struct EVMTestCodec: TransactionCodec {
  let chain: ChainID

  func prepare(_ request: TransactionRequest) throws(RailError) -> UnsignedTransaction {
    let transaction: EVMTransaction
    switch request.purpose {
    case .pay(let asset, let payees):
      guard payees.count == 1 else { throw RailError(.unsupported, "one payee a transaction") }
      if let token = asset.token {
        transaction = try made(
          request, to: token, data: ERC20.transfer(to: evm(payees[0].address), payees[0].units))
      } else {
        transaction = try made(request, to: Hex.prefixed(payees[0].address.bytes), value: payees[0].units)
      }
    case .void: transaction = try made(request, to: Hex.prefixed(request.account.bytes))
    case .allowance(let asset, let spender, let units):
      transaction = try made(request, to: asset.token, data: ERC20.approve(evm(spender), units))
    case .deploy(let code): transaction = try made(request, to: nil, data: code)
    }
    return UnsignedTransaction(bytes: transaction.unsignedBytes, signingHash: transaction.signingHash)
  }

  func assemble(_ unsigned: [UInt8], _ signature: RecoverableSignature) throws(RailError) -> SignedTransaction {
    do {
      let signed = EVMSignedTransaction(
        try EVMTransaction(decodingUnsigned: unsigned),
        signature: try EVMSignature(r: signature.r, s: signature.s, yParity: signature.yParity))
      return SignedTransaction(bytes: signed.raw, hash: signed.hash)
    } catch { throw RailError(.badBytes, error.message) }
  }

  func inspect(_ unsigned: [UInt8], account: Address) throws(RailError) -> TransactionRequest {
    let transaction: EVMTransaction
    do { transaction = try EVMTransaction(decodingUnsigned: unsigned) } catch {
      throw RailError(.badBytes, error.message)
    }
    guard transaction.chainID == chain.number, case .dynamic(let price, let tip, let list) = transaction.fees,
      list.isEmpty
    else { throw RailError(.badBytes, "another chain or type") }
    return TransactionRequest(
      account: account, slot: transaction.nonce, purpose: try purpose(transaction, account),
      fee: FeeTerms(limit: transaction.gasLimit, price: price, tip: tip))
  }

  func disassemble(
    _ signed: [UInt8]
  ) throws(RailError) -> (unsigned: UnsignedTransaction, signature: RecoverableSignature) {
    do {
      let whole = try EVMSignedTransaction(decoding: signed)
      let unsigned = UnsignedTransaction(
        bytes: whole.transaction.unsignedBytes, signingHash: whole.transaction.signingHash)
      return (
        unsigned,
        RecoverableSignature(r: whole.signature.r, s: whole.signature.s, yParity: whole.signature.yParity)
      )
    } catch { throw RailError(.badBytes, error.message) }
  }

  func address(_ text: String) throws(RailError) -> Address {
    do { return Address(try EIP55.parse(text).address.bytes) } catch {
      throw RailError(.badAddress, "no address")
    }
  }

  func text(_ address: Address) -> String { EVMAddress(address.bytes).map(EIP55.text) ?? "?" }

  private func purpose(_ transaction: EVMTransaction, _ account: Address) throws(RailError) -> Purpose {
    guard let to = transaction.to else { return .deploy(code: transaction.data) }
    let data = transaction.data
    if data.isEmpty {
      if transaction.value.isZero && to.bytes == account.bytes { return .void }
      return .pay(
        asset: AssetID(chain: chain.description, token: nil),
        payees: [Payee(payout: PayoutID(0), address: Address(to.bytes), units: transaction.value)])
    }
    let asset = AssetID(chain: chain.description, token: to.lowercase)
    guard data.count == 68, data[4..<16].allSatisfy({ $0 == 0 }), let units = UInt256(bigEndian: data[36...]) else {
      throw RailError(.badBytes, "unknown calldata")
    }
    let who = Address(Array(data[16..<36]))
    switch Array(data[..<4]) {
    case [0xa9, 0x05, 0x9c, 0xbb]:
      return .pay(asset: asset, payees: [Payee(payout: PayoutID(0), address: who, units: units)])
    case [0x09, 0x5e, 0xa7, 0xb3]: return .allowance(asset: asset, spender: who, units: units)
    default: throw RailError(.badBytes, "unknown function")
    }
  }

  private func made(
    _ request: TransactionRequest, to: String?, value: UInt256 = .zero, data: [UInt8] = []
  ) throws(RailError) -> EVMTransaction {
    do {
      return try EVMTransaction(
        chainID: chain.number, nonce: request.slot, gasLimit: request.fee.limit,
        to: try to.map { (text) throws(EIP55Error) in try EIP55.parse(text).address }, value: value, data: data,
        fees: .dynamic(maxFeePerGas: request.fee.price, maxPriorityFeePerGas: request.fee.tip, []))
    } catch { throw RailError(.badRequest, "\(error)") }
  }

  private func evm(_ address: Address) -> EVMAddress { EVMAddress(address.bytes) ?? .zero }
}
