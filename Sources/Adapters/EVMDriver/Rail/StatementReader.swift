import Chains
import Codecs
import Money

/// What one node states about slots, pinned to one of its final blocks. Silence, lag and contradiction state nothing.
///
/// Source: PROTOCOL.md 4.2 and 4.3, EVM rows.
struct StatementReader: Sendable {
  let finality: Finality
  let codec: EVMCodec
  /// Searches for spenders in one reading; the rest is looked for in the next.
  let mostSearches: Int
  let startingAt: Int

  /// A reading, and the counts it saw for later searches.
  struct Reading: Hashable, Sendable {
    var statements: [Statement?]
    var final: BlockHeader
    var counts: [EVMAddress: UInt64]
  }

  func read(
    _ questions: [SlotQuestion], _ conversation: Conversation, floors: CountFloors
  ) throws(EndpointFailure) -> Reading {
    let final = try conversation.finalBlock(finality)
    let accounts = Array(Set(questions.compactMap { EVMAddress($0.account.bytes) })).sorted()
    let counts = try counts(accounts, conversation, final)
    var reading = Reading(statements: Array(repeating: nil, count: questions.count), final: final, counts: counts)
    // The count only says where to look. Every verdict rests on a receipt or a body below.
    let spent = questions.indices.filter { index in
      EVMAddress(questions[index].account.bytes).flatMap { counts[$0] }.map { $0 > questions[index].slot } ?? false
    }
    var unnamed: [Int] = []
    for part in StatementReader.parts(spent, questions) {
      do throws(EndpointFailure) {
        try read(part, questions, conversation, &reading, &unnamed)
      } catch  where error.isPassing && part.first != spent.first {
        // What was read so far stands by itself; slots that do not fit into the time are asked for again.
        return reading
      }
    }
    try search(unnamed, questions, conversation, floors, &reading)
    return reading
  }

  /// Receipts of about this much are asked for at once: a receipt has a log for every payee.
  private static let partBytes = 8 << 20

  private static func parts(_ spent: [Int], _ questions: [SlotQuestion]) -> [ArraySlice<Int>] {
    var parts: [ArraySlice<Int>] = []
    var (start, bytes) = (spent.startIndex, 0)
    for place in spent.indices {
      let question = questions[spent[place]]
      let size = 2_000 * question.members.count + 1_000 * question.payees.count
      if bytes + size > partBytes, place > start {
        parts.append(spent[start..<place])
        (start, bytes) = (place, 0)
      }
      bytes += size
    }
    if start < spent.endIndex { parts.append(spent[start...]) }
    return parts
  }

  private func read(
    _ part: ArraySlice<Int>, _ questions: [SlotQuestion], _ conversation: Conversation, _ reading: inout Reading,
    _ unnamed: inout [Int]
  ) throws(EndpointFailure) {
    let final = reading.final
    let hashes = Set(part.flatMap { questions[$0].members.compactMap(\.hash) })
    let receipts = try conversation.receipts(hashes.sorted())
    let numbers = Set(receipts.values.map(\.blockNumber).filter { $0 <= final.number })
    let headers = try conversation.headers(numbers.sorted())
    for index in part {
      let question = questions[index]
      var found: [Hash32: (member: SlotQuestion.Member, receipt: Receipt)] = [:]
      for member in question.members {
        if let hash = member.hash, let receipt = receipts[hash] { found[hash] = (member, receipt) }
      }
      guard found.count <= 1 else { throw EndpointFailure(.inconsistent, "two receipts for one slot") }
      guard let (member, receipt) = found.values.first else {
        unnamed.append(index)
        continue
      }
      guard receipt.blockNumber <= final.number else { continue }
      try check(receipt, question, headers[receipt.blockNumber])
      reading.statements[index] = statement(member.kind, question, receipt, conversation)
    }
  }

  private func counts(
    _ accounts: [EVMAddress], _ conversation: Conversation, _ final: BlockHeader
  ) throws(EndpointFailure) -> [EVMAddress: UInt64] {
    let replies = try conversation.ask(accounts.map { .count($0, .quantity(final.number)) })
    var counts: [EVMAddress: UInt64] = [:]
    for (account, reply) in zip(accounts, replies) {
      guard let count = try reply.get().quantity else { throw EndpointFailure(.malformed, "a count is a quantity") }
      counts[account] = count
    }
    return counts
  }

  /// A receipt counts only in the block that is canonical at its number, at the same node.
  private func check(_ receipt: Receipt, _ question: SlotQuestion, _ canonical: BlockHeader?) throws(EndpointFailure) {
    guard let canonical, canonical.hash == receipt.blockHash else {
      throw EndpointFailure(.inconsistent, "a receipt in a block that is not canonical")
    }
    guard receipt.from.bytes == question.account.bytes else {
      throw EndpointFailure(.inconsistent, "a receipt from another account")
    }
  }

  private func statement(
    _ kind: AttemptKind, _ question: SlotQuestion, _ receipt: Receipt, _ conversation: Conversation
  ) -> Statement? {
    let token: EVMAddress?
    // An asset of another chain is a question nobody can answer here.
    do { token = try codec.token(of: question.asset) } catch { return nil }
    guard
      let verdict = CreditJudge.verdict(
        kind, question, receipt: receipt, token: token, batchContract: codec.batchContract)
    else { return nil }
    return Statement(
      endpoint: conversation.endpoint.id, verdict: verdict, spender: receipt.transaction,
      blockNumber: receipt.blockNumber, blockHash: receipt.blockHash, feePaid: receipt.fee)
  }

  /// Slots that are spent while no receipt of ours is known: whoever spent them must be named.
  private func search(
    _ unnamed: [Int], _ questions: [SlotQuestion], _ conversation: Conversation, _ floors: CountFloors,
    _ reading: inout Reading
  ) throws(EndpointFailure) {
    let search = SpenderSearch(conversation: conversation, final: reading.final, floors: floors)
    for turn in 0..<min(mostSearches, unnamed.count) {
      let index = unnamed[(startingAt % unnamed.count + turn) % unnamed.count]
      let question = questions[index]
      guard let account = EVMAddress(question.account.bytes),
        let (transaction, block) = try search.spender(of: account, slot: question.slot)
      else { continue }
      let signingHash = try transaction.signingHash(chainID: conversation.chainID)
      let receipt = try conversation.receipts([transaction.hash])[transaction.hash]
      if let receipt {
        guard receipt.blockNumber == block.number else {
          throw EndpointFailure(.inconsistent, "a receipt in another block than the body that holds the transaction")
        }
        try check(receipt, question, block)
      }
      // The same bytes signed once more (a key store draws a fresh nonce): ours under a hash we did not record.
      if let member = question.members.first(where: { $0.signingHash == signingHash }) {
        guard let receipt else { continue }
        reading.statements[index] = statement(member.kind, question, receipt, conversation)
      } else {
        reading.statements[index] = Statement(
          endpoint: conversation.endpoint.id, verdict: .stranger, spender: transaction.hash,
          blockNumber: block.number, blockHash: block.hash, feePaid: receipt?.fee ?? .zero)
      }
    }
  }
}
