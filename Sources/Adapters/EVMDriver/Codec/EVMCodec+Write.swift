import Chains
package import Codecs
import Money

extension EVMCodec {
  /// The transaction that serves a request. Throws `rail.bad_request` or `rail.unsupported`.
  func transaction(for request: TransactionRequest) throws(RailError) -> EVMTransaction {
    let account = try evm(request.account)
    let call = try call(for: request.purpose, account: account)
    do {
      return try EVMTransaction(
        chainID: chain.number, nonce: request.slot, gasLimit: request.fee.limit, to: call.to, value: call.value,
        data: call.data, fees: try fees(request.fee))
    } catch let error as TransactionError {
      throw badRequest(error.message)
    } catch let error as RailError {
      throw error
    } catch {
      throw badRequest("the request cannot be written")
    }
  }

  /// Where a transaction goes and what it carries.
  struct Call: Hashable, Sendable {
    /// Nil deploys `data`.
    let to: EVMAddress?
    let value: UInt256
    let data: [UInt8]
  }

  func call(for purpose: Purpose, account: EVMAddress) throws(RailError) -> Call {
    switch purpose {
    case .pay(let asset, let payees): return try payment(asset, payees)
    case .void: return Call(to: account, value: .zero, data: [])
    case .allowance(let asset, let spender, let units):
      guard let token = try token(of: asset) else { throw badRequest("the native coin needs no allowance") }
      guard let batchContract, spender.bytes == batchContract.bytes else {
        throw RailError(.unsupported, "an allowance is given to the configured batch contract only")
      }
      return Call(to: token, value: .zero, data: ERC20.approve(batchContract, units))
    case .deploy(let code):
      guard code == BatchContractCode.creation else {
        throw RailError(.unsupported, "only the batch contract of this version is deployed")
      }
      return Call(to: nil, value: .zero, data: code)
    }
  }

  private func payment(_ asset: AssetID, _ payees: [Payee]) throws(RailError) -> Call {
    let token = try token(of: asset)
    guard let first = payees.first else { throw badRequest("a payment needs a payee") }
    var total = UInt256.zero
    for payee in payees {
      // A zero payment would look like a void, and the zero address is where tokens are burned.
      guard !payee.units.isZero else { throw badRequest("a payment of nothing is not made") }
      guard try evm(payee.address) != .zero else { throw badRequest("nothing is paid to the zero address") }
      let (sum, overflow) = total.addingReportingOverflow(payee.units)
      guard !overflow else { throw badRequest("the payments add up to more than 256 bits") }
      total = sum
    }
    guard payees.count > 1 else {
      let recipient = try evm(first.address)
      guard let token else { return Call(to: recipient, value: first.units, data: []) }
      return Call(to: token, value: .zero, data: ERC20.transfer(to: recipient, first.units))
    }
    guard let batchContract else {
      throw RailError(
        .unsupported, "\(payees.count) payees need the batch contract",
        hint: "deploy it and name it by AM_EVM_BATCH_CONTRACT, or pay one by one")
    }
    guard let token else {
      guard let data = BatchCalldata.native(payees) else {
        throw badRequest("a native payment of 2^96 wei and more cannot be batched")
      }
      return Call(to: batchContract, value: total, data: data)
    }
    return Call(to: batchContract, value: .zero, data: BatchCalldata.token(token, payees, total: total))
  }

  private func fees(_ terms: FeeTerms) throws(RailError) -> EVMTransaction.Fees {
    switch feeForm {
    case .dynamic: return .dynamic(maxFeePerGas: terms.price, maxPriorityFeePerGas: terms.tip, [])
    case .legacy:
      guard terms.tip == terms.price else {
        throw badRequest("a legacy transaction has one price: tip and price differ")
      }
      return .legacy(gasPrice: terms.price)
    }
  }

  /// The token contract of an asset of this chain; nil for the native coin.
  func token(of asset: AssetID) throws(RailError) -> EVMAddress? {
    guard asset.chain == chain.description else { throw badRequest("\(asset) is not on \(chain)") }
    guard let text = asset.token else { return nil }
    guard let token = EVMAddress(lowercase: text) else {
      throw badRequest("\(asset) does not name a token by 0x and 40 lower-case digits")
    }
    guard token != batchContract else { throw badRequest("the batch contract is not a token") }
    return token
  }

  func evm(_ address: Address) throws(RailError) -> EVMAddress {
    guard let address = EVMAddress(address.bytes) else { throw badRequest("an address is 20 bytes") }
    return address
  }
}

extension EVMAddress {
  /// Reads the canonical text alone, as asset names hold it: `0x` and 40 lower-case digits.
  init?(lowercase text: String) {
    guard text.utf8.count == 42, text.hasPrefix("0x"), !text.utf8.contains(where: { (0x41...0x5a).contains($0) }),
      let bytes = Hex.bytes(text)
    else { return nil }
    self.init(bytes)
  }
}

extension BatchContractCode {
  /// The data of the deploying transaction.
  package static let creation: [UInt8] = Hex.bytes(creationHex) ?? []

  /// keccak256 of the deployed code.
  package static let runtimeHash: Hash32? = Hex.bytes(runtimeHashHex).flatMap { Hash32($0) }
}
