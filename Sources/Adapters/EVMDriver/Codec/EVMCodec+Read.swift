package import Chains
import Codecs
import Money

extension EVMCodec {
  package func inspect(_ unsigned: [UInt8], account: Address) throws(RailError) -> TransactionRequest {
    let transaction: EVMTransaction
    do { transaction = try EVMTransaction(decodingUnsigned: unsigned) } catch { throw badBytes(error.message) }
    guard let sender = EVMAddress(account.bytes) else { throw badBytes("the account is not 20 bytes") }
    guard let purpose = purpose(of: transaction, sender: sender) else {
      throw badBytes("the call is none that is made here")
    }
    let request = TransactionRequest(
      account: account, slot: transaction.nonce, purpose: purpose, fee: try terms(of: transaction))
    // Reading may be generous because writing decides: only bytes that this codec makes for the request pass.
    guard let again = try? prepare(request), again.bytes == unsigned else {
      throw badBytes("other bytes are made for the same request")
    }
    return request
  }

  private func purpose(of transaction: EVMTransaction, sender: EVMAddress) -> Purpose? {
    let data = transaction.data
    guard let to = transaction.to else { return .deploy(code: data) }
    if data.isEmpty {
      if to == sender, transaction.value.isZero { return .void }
      return .pay(asset: asset(nil), payees: [payee(to, transaction.value)])
    }
    if to == batchContract {
      guard let batch = BatchCalldata.read(data) else { return nil }
      return .pay(asset: asset(batch.token), payees: batch.payees)
    }
    guard data.count == 68, let who = EVMAddress(data[16..<36]), let units = UInt256(bigEndian: data[36..<68]) else {
      return nil
    }
    if data == ERC20.transfer(to: who, units) { return .pay(asset: asset(to), payees: [payee(who, units)]) }
    if data == ERC20.approve(who, units) {
      return .allowance(asset: asset(to), spender: Address(who.bytes), units: units)
    }
    return nil
  }

  private func terms(of transaction: EVMTransaction) throws(RailError) -> FeeTerms {
    switch transaction.fees {
    case .legacy(let price): FeeTerms(limit: transaction.gasLimit, price: price, tip: price)
    case .dynamic(let cap, let tip, _): FeeTerms(limit: transaction.gasLimit, price: cap, tip: tip)
    case .accessList: throw badBytes("type 1 is not made here")
    }
  }

  private func asset(_ token: EVMAddress?) -> AssetID { AssetID(chain: chain.description, token: token?.lowercase) }

  private func payee(_ address: EVMAddress, _ units: UInt256) -> Payee {
    Payee(payout: PayoutID(0), address: Address(address.bytes), units: units)
  }
}
