import Chains
import Codecs
import Foundation
import Money

/// What the child asks of the chain that lives in its parent, over two pipes: one frame there, one frame back.
/// A frame is its length in four bytes, then canonical bytes. A killed child leaves half a frame, which nobody answers.
enum ChainPipe {
  enum Ask {
    case account(Address)
    case submit([SignedTransaction])
    case statements([SlotQuestion])
    /// The first durable commit of this child.
    case alive
  }

  /// The next whole frame; nil when the other side is gone.
  static func read(_ handle: FileHandle) -> [UInt8]? {
    guard let head = exactly(4, handle) else { return nil }
    let size = head.reduce(0) { $0 << 8 | Int($1) }
    return exactly(size, handle)
  }

  static func write(_ frame: [UInt8], to handle: FileHandle) throws {
    let size = (0..<4).map { UInt8(truncatingIfNeeded: frame.count >> (24 - 8 * $0)) }
    try handle.write(contentsOf: Data(size + frame))
  }

  private static func exactly(_ count: Int, _ handle: FileHandle) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard let part = try? handle.read(upToCount: count - bytes.count), !part.isEmpty else { return nil }
      bytes += part
    }
    return bytes
  }
}

extension ChainPipe.Ask {
  var frame: [UInt8] {
    var out = CanonicalBytes.Writer(tag: "bench/ask")
    switch self {
    case .account(let account):
      out.append(UInt8(1))
      out.append(account.bytes)
    case .submit(let transactions):
      out.append(UInt8(2))
      out.appendCount(transactions.count)
      for transaction in transactions {
        out.append(transaction.bytes)
        out.append(transaction.hash)
      }
    case .statements(let questions):
      out.append(UInt8(3))
      out.appendCount(questions.count)
      for question in questions { out.append(question) }
    case .alive: out.append(UInt8(4))
    }
    return out.bytes
  }

  init(_ frame: [UInt8]) throws {
    var from = try CanonicalBytes.Reader(frame, tag: "bench/ask")
    switch try from.uint8() {
    case 1: self = .account(Address(try from.bytes()))
    case 2:
      var transactions: [SignedTransaction] = []
      for _ in 0..<(try from.count(elementBytes: 36)) {
        transactions.append(SignedTransaction(bytes: try from.bytes(), hash: try from.hash()))
      }
      self = .submit(transactions)
    case 3:
      var questions: [SlotQuestion] = []
      for _ in 0..<(try from.count(elementBytes: 24)) { questions.append(try from.question()) }
      self = .statements(questions)
    case 4: self = .alive
    default: throw Options.Missing(description: "an unknown question")
    }
  }
}

extension CanonicalBytes.Writer {
  fileprivate mutating func append(_ question: SlotQuestion) {
    append(question.batch.raw)
    append(question.account.bytes)
    append(question.slot)
    append(question.asset.chain)
    append(question.asset.token ?? "")
    appendCount(question.payees.count)
    for payee in question.payees {
      append(payee.payout.raw)
      append(payee.address.bytes)
      append(payee.units)
    }
    appendCount(question.members.count)
    for member in question.members {
      append(member.kind.rawValue)
      append(member.signingHash)
      append(optional: member.hash) { writer, hash in writer.append(hash) }
    }
  }
}

extension CanonicalBytes.Reader {
  fileprivate mutating func question() throws -> SlotQuestion {
    let batch = BatchID(try int64())
    let account = Address(try bytes())
    let slot = try uint64()
    let chain = try string()
    let token = try string()
    var payees: [Payee] = []
    for _ in 0..<(try count(elementBytes: 44)) {
      payees.append(Payee(payout: PayoutID(try int64()), address: Address(try bytes()), units: try uint256()))
    }
    var members: [SlotQuestion.Member] = []
    for _ in 0..<(try count(elementBytes: 37)) {
      guard let kind = AttemptKind(rawValue: try string()) else { throw Options.Missing(description: "a kind") }
      let signing = try hash()
      let known = try optional { reader throws(CanonicalBytesError) in try reader.hash() }
      members.append(SlotQuestion.Member(kind: kind, signingHash: signing, hash: known))
    }
    return SlotQuestion(
      batch: batch, account: account, slot: slot, asset: AssetID(chain: chain, token: token.isEmpty ? nil : token),
      payees: payees, members: members)
  }
}
