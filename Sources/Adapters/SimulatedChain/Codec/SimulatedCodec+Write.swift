import Chains
import Codecs
import Money

extension SimulatedCodec {
  func unsignedBytes(_ request: TransactionRequest) throws(RailError) -> [UInt8] {
    var writer = CanonicalBytes.Writer(tag: SimulatedTransaction.tag)
    writer.append(chain.number)
    writer.append(try account(request.account))
    writer.append(request.slot)
    writer.append(request.fee.limit)
    writer.append(request.fee.price)
    writer.append(request.fee.tip)
    switch request.purpose {
    case .pay(let asset, let payees):
      guard !payees.isEmpty else { throw badRequest("a payment needs a payee") }
      writer.append(SimulatedTransaction.Mark.pay.rawValue)
      writer.append(optional: try token(asset)) { $0.append($1) }
      writer.appendCount(payees.count)
      for payee in payees {
        guard !payee.units.isZero else { throw badRequest("a payment of nothing is not made") }
        writer.append(try account(payee.address))
        writer.append(payee.units)
      }
    case .void:
      writer.append(SimulatedTransaction.Mark.void.rawValue)
    case .allowance(let asset, let spender, let units):
      guard let token = try token(asset) else { throw badRequest("the native coin needs no allowance") }
      writer.append(SimulatedTransaction.Mark.allowance.rawValue)
      writer.append(token)
      writer.append(try account(spender))
      writer.append(units)
    case .deploy(let code):
      writer.append(SimulatedTransaction.Mark.deploy.rawValue)
      writer.append(code)
    }
    guard writer.bytes.count <= SimulatedCodec.mostBytes else {
      throw badRequest("\(writer.bytes.count) bytes are more than the chain takes")
    }
    return writer.bytes
  }

  /// The token's address; nil for the native coin.
  func token(_ asset: AssetID) throws(RailError) -> EVMAddress? {
    guard asset.chain == chain.description else { throw badRequest("\(asset) is not of \(chain)") }
    guard let text = asset.token else { return nil }
    guard let bytes = Hex.bytes(text), let token = EVMAddress(bytes), token != .zero, token.lowercase == text else {
      throw badRequest("\(text) is not a token's canonical address")
    }
    return token
  }

  private func account(_ address: Address) throws(RailError) -> EVMAddress {
    guard let account = EVMAddress(address.bytes) else { throw badRequest("an address of this chain has 20 bytes") }
    return account
  }
}
