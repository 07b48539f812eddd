import Chains
import Codecs
import Money

// The record `almoner/signer-answer/1`.
extension SignerAnswer {
  package func bytes(_ number: UInt64) -> [UInt8] {
    var writer = CanonicalBytes.Writer(tag: "almoner/signer-answer/1")
    writer.append(number)
    switch self {
    case .description(let description):
      writer.append(UInt8(0))
      writer.append(description)
    case .done: writer.append(UInt8(1))
    case .signed(let signed):
      writer.append(UInt8(2))
      writer.appendCount(signed.count)
      for transaction in signed { writer.append(transaction) }
    case .accounts(let accounts):
      writer.append(UInt8(3))
      writer.appendCount(accounts.count)
      for account in accounts { writer.append(account.bytes) }
    case .fence(let fence):
      writer.append(UInt8(4))
      writer.append(fence)
    case .records(let records):
      writer.append(UInt8(5))
      writer.appendCount(records.count)
      for record in records { writer.append(record) }
    case .order(let order):
      writer.append(UInt8(6))
      writer.appendCount(order.count)
      for slot in order.keys.sorted() {
        writer.append(slot)
        writer.append(order[slot] ?? 0)
      }
    case .refused(let error):
      writer.append(UInt8(7))
      writer.append(error.code.rawValue)
      writer.append(error.message)
      writer.append(optional: error.hint) { $0.append($1) }
    }
    return writer.bytes
  }

  /// Throws `signing.bad_frame` for anything that is no answer.
  package static func read(_ bytes: [UInt8]) throws(SigningError) -> (number: UInt64, answer: SignerAnswer) {
    do {
      var reader = try CanonicalBytes.Reader(bytes, tag: "almoner/signer-answer/1")
      let number = try reader.uint64()
      let answer = try reader.answer()
      try reader.finish()
      return (number, answer)
    } catch { throw SigningError(.badFrame, "the signer's answer is not readable: \(error.message)") }
  }
}

extension CanonicalBytes.Reader {
  fileprivate mutating func answer() throws(CanonicalBytesError) -> SignerAnswer {
    switch try uint8() {
    case 0: return .description(try description())
    case 1: return .done
    case 2:
      var signed: [SignedTransaction] = []
      for _ in 0..<(try count(elementBytes: 36)) { signed.append(try transaction()) }
      return .signed(signed)
    case 3:
      var accounts: [Address] = []
      for _ in 0..<(try count(elementBytes: 5)) { accounts.append(try account()) }
      return .accounts(accounts)
    case 4: return .fence(try int64())
    case 5:
      var records: [SlotRecord] = []
      for _ in 0..<(try count(elementBytes: 94)) { records.append(try record()) }
      return .records(records)
    case 6:
      var order: [UInt64: Int64] = [:]
      for _ in 0..<(try count(elementBytes: 16)) { order[try uint64()] = try int64() }
      return .order(order)
    case 7: return .refused(try refusal())
    default: throw CanonicalBytesError(.badValue, "there is no such answer")
    }
  }

  private mutating func refusal() throws(CanonicalBytesError) -> SigningError {
    // A code of a newer signer is a refusal all the same.
    let code = SigningError.Code(rawValue: try string()) ?? .forbidden
    let message = try string()
    return SigningError(
      code, message, hint: try optional { reader throws(CanonicalBytesError) in try reader.string() })
  }

  private mutating func transaction() throws(CanonicalBytesError) -> SignedTransaction {
    SignedTransaction(bytes: try bytes(), hash: try hash())
  }

  private mutating func record() throws(CanonicalBytesError) -> SlotRecord {
    let account = try account()
    let slot = try uint64()
    guard let kind = AttemptKind(rawValue: try string()) else {
      throw CanonicalBytesError(.badValue, "there is no such kind of attempt")
    }
    return SlotRecord(
      account: account, slot: slot, kind: kind, payloadDigest: try hash(), signingHash: try hash(),
      fence: try int64(), unsigned: try bytes(),
      signed: try optional { reader throws(CanonicalBytesError) in try reader.transaction() })
  }

  private mutating func description() throws(CanonicalBytesError) -> SignerDescription {
    let chain = try chain()
    let assets = try optional { reader throws(CanonicalBytesError) in
      var assets: Set<AssetID> = []
      for _ in 0..<(try reader.count(elementBytes: 5)) { assets.insert(try reader.asset()) }
      return assets
    }
    let batchContract = try optional { reader throws(CanonicalBytesError) in try reader.account() }
    let mostPerTransaction = try optional { reader throws(CanonicalBytesError) in try reader.uint256() }
    let policy = SigningPolicy(
      chain: chain, assets: assets, batchContract: batchContract, mostPerTransaction: mostPerTransaction,
      mostFee: try uint256(), mayDeploy: try bool())
    var accounts: [Address] = []
    for _ in 0..<(try count(elementBytes: 5)) { accounts.append(try account()) }
    return SignerDescription(policy: policy, accounts: accounts, wantsGrounds: try bool())
  }
}

extension CanonicalBytes.Writer {
  fileprivate mutating func append(_ transaction: SignedTransaction) {
    append(transaction.bytes)
    append(transaction.hash)
  }

  fileprivate mutating func append(_ record: SlotRecord) {
    append(record.account.bytes)
    append(record.slot)
    append(record.kind.rawValue)
    append(record.payloadDigest)
    append(record.signingHash)
    append(record.fence)
    append(record.unsigned)
    append(optional: record.signed) { $0.append($1) }
  }

  fileprivate mutating func append(_ description: SignerDescription) {
    let policy = description.policy
    append(policy.chain.description)
    append(optional: policy.assets) { writer, assets in
      writer.appendCount(assets.count)
      for asset in assets.sorted() { writer.append(asset: asset) }
    }
    append(optional: policy.batchContract) { $0.append($1.bytes) }
    append(optional: policy.mostPerTransaction) { $0.append($1) }
    append(policy.mostFee)
    append(policy.mayDeploy)
    appendCount(description.accounts.count)
    for account in description.accounts { append(account.bytes) }
    append(description.wantsGrounds)
  }
}
