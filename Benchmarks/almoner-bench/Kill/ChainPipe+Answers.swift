import Chains
import Codecs
import Money
import SimulatedChain

/// Answers of the chain, as frames.
enum ChainAnswer {
  /// What the parent does with a question, and what it says. Nil for news that needs no answer.
  static func to(_ ask: ChainPipe.Ask, _ world: SimulatedChain) throws -> [UInt8]? {
    var out = CanonicalBytes.Writer(tag: "bench/answer")
    switch ask {
    case .account(let account):
      let view = try world.account(account)
      out.append(view.finalCount)
      out.append(view.latestCount)
      out.append(view.finalBlock)
    case .submit(let transactions):
      let answers = world.submit(transactions)
      out.appendCount(answers.count)
      for said in answers {
        out.appendCount(said.count)
        for answer in said {
          out.append(answer.endpoint.name)
          out.append(answer.taken)
          out.append(answer.text)
        }
      }
    case .statements(let questions):
      let answers = world.statements(questions)
      out.appendCount(answers.count)
      for statements in answers {
        out.appendCount(statements.count)
        for statement in statements { try out.append(statement) }
      }
    case .alive: return nil
    }
    return out.bytes
  }

  static func account(_ frame: [UInt8]) throws -> AccountView {
    var from = try CanonicalBytes.Reader(frame, tag: "bench/answer")
    return AccountView(
      finalCount: try from.uint64(), latestCount: try from.uint64(), finalBlock: try from.uint64())
  }

  static func submitted(_ frame: [UInt8]) throws -> [[SubmitAnswer]] {
    var from = try CanonicalBytes.Reader(frame, tag: "bench/answer")
    var answers: [[SubmitAnswer]] = []
    for _ in 0..<(try from.count(elementBytes: 4)) {
      var said: [SubmitAnswer] = []
      for _ in 0..<(try from.count(elementBytes: 9)) {
        said.append(
          SubmitAnswer(endpoint: EndpointID(try from.string()), taken: try from.bool(), text: try from.string()))
      }
      answers.append(said)
    }
    return answers
  }

  static func statements(_ frame: [UInt8]) throws -> [[Statement]] {
    var from = try CanonicalBytes.Reader(frame, tag: "bench/answer")
    var answers: [[Statement]] = []
    for _ in 0..<(try from.count(elementBytes: 4)) {
      var statements: [Statement] = []
      for _ in 0..<(try from.count(elementBytes: 100)) { statements.append(try from.statement()) }
      answers.append(statements)
    }
    return answers
  }
}

/// Verdicts that a chain of well-behaved payees gives.
private let plainVerdicts: [Verdict] = [.paid, .settled, .reverted, .voided, .stranger]

extension CanonicalBytes.Writer {
  fileprivate mutating func append(_ statement: Statement) throws {
    guard let verdict = plainVerdicts.firstIndex(of: statement.verdict) else {
      throw Options.Missing(description: "\(statement.verdict) was not expected on this chain")
    }
    append(statement.endpoint.name)
    append(UInt8(verdict))
    append(statement.spender)
    append(statement.blockNumber)
    append(statement.blockHash)
    append(statement.feePaid)
  }
}

extension CanonicalBytes.Reader {
  fileprivate mutating func statement() throws -> Statement {
    let endpoint = EndpointID(try string())
    let verdict = Int(try uint8())
    guard plainVerdicts.indices.contains(verdict) else { throw Options.Missing(description: "a verdict") }
    return Statement(
      endpoint: endpoint, verdict: plainVerdicts[verdict], spender: try hash(), blockNumber: try uint64(),
      blockHash: try hash(), feePaid: try uint256())
  }
}
