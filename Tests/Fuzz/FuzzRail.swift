import Chains
import Codecs
import EVMDriver
import Money
import Synchronization
import Transport

/// A node that answers from the input: one answer a line, after a letter that names the method. Answers to one method
/// are given in turn, the last one again and again. A line of `!` and words is a refusal in those words.
private final class FuzzNode: NodePort {
  private let answers: Mutex<[UInt8: [Result<JSON, RPCError>]]>

  init(_ lines: some Sequence<ArraySlice<UInt8>>) {
    var answers: [UInt8: [Result<JSON, RPCError>]] = [:]
    for line in lines {
      guard let method = line.first else { continue }
      let rest = Array(line.dropFirst())
      if rest.first == UInt8(ascii: "!") {
        let words = String(decoding: rest.dropFirst(), as: UTF8.self)
        let refusal = RPCError(.server, "refused", server: RPCError.Server(code: -32000, message: words))
        answers[method, default: []].append(.failure(refusal))
      } else if let value = try? JSON.parse(rest) {
        answers[method, default: []].append(.success(value))
      }
    }
    self.answers = Mutex(answers)
  }

  func call(
    _ calls: [RPCCall], at endpoint: EVMEndpoint, timeoutMilliseconds: Int, mostBytes: Int
  ) -> [Result<JSON, RPCError>] {
    answers.withLock { answers in
      calls.map { call in
        let method = FuzzNode.letters[call.method] ?? 0
        guard let first = answers[method]?.first else { return .failure(RPCError(.missing, "no such answer")) }
        if answers[method]?.count ?? 0 > 1 { answers[method]?.removeFirst() }
        return first
      }
    }
  }

  private static let letters: [String: UInt8] = [
    "eth_chainId": UInt8(ascii: "i"), "eth_getBlockByNumber": UInt8(ascii: "b"),
    "eth_getTransactionReceipt": UInt8(ascii: "r"), "eth_getTransactionCount": UInt8(ascii: "c"),
    "eth_getLogs": UInt8(ascii: "l"), "eth_gasPrice": UInt8(ascii: "g"),
    "eth_maxPriorityFeePerGas": UInt8(ascii: "t"), "eth_estimateGas": UInt8(ascii: "e"),
    "eth_getCode": UInt8(ascii: "o"), "eth_call": UInt8(ascii: "v"), "eth_getBalance": UInt8(ascii: "m"),
    "eth_sendRawTransaction": UInt8(ascii: "s"),
  ]
}

extension FuzzNodes {
  /// The first byte, a digit, picks the question; the lines after it are a node's answers. No quorum is the worst that may come.
  static func rail(_ input: [UInt8]) {
    guard let first = input.first, let rail = rail(FuzzNode(input.dropFirst().split(separator: UInt8(ascii: "\n"))))
    else { return }
    do throws(RailError) { try ask(rail, first) } catch {}
  }

  private static let mostFee = UInt256(100_000_000_000_000_000)
  private static let coin = AssetID(chain: "evm:31337", token: nil)
  private static let token = AssetID(chain: "evm:31337", token: "0x" + String(repeating: "70", count: 20))
  /// The account of the private key whose 32 bytes are all 1.
  private static let lane = Address(Hex.bytes("1a642f0e3c3af545e7acbd38b07251b3990914f1") ?? [])
  private static let payees = [0x21, 0x22].map { (number: UInt8) in
    Payee(
      payout: PayoutID(0), address: Address([UInt8](repeating: number, count: 20)), units: UInt256(UInt64(number)))
  }
  private static let member = SlotQuestion.Member(
    kind: .pay, signingHash: Hash32(words: (1, 1, 1, 1)), hash: Hash32([UInt8](repeating: 0x11, count: 32)))

  private static func rail(_ node: FuzzNode) -> EVMRail? {
    guard let endpoint = try? EVMEndpoint(url: "http://127.0.0.1:8545") else { return nil }
    return try? EVMRail(
      EVMRailConfiguration(
        chainID: 31337, endpoints: [endpoint], batchContract: FuzzTransactions.batchContract, mostFee: mostFee),
      nodes: node)
  }

  private static func ask(_ rail: EVMRail, _ question: UInt8) throws(RailError) {
    switch (question &- UInt8(ascii: "0")) % 10 {
    case 0:
      let view = try rail.account(lane)
      promise(view.finalCount <= view.latestCount, "more is final than there is")
    case 1: _ = try rail.funds(token, account: lane)
    case 2: check(try rail.fee(for: .pay(asset: token, payees: payees), account: lane), rail)
    case 3:
      let old = FeeTerms(limit: 21_000, price: UInt256(20_000_000_000), tip: .one)
      let new = try rail.bumped(old)
      check(new, rail)
      promise(new.limit == old.limit && new.price > old.price && new.tip > old.tip, "no pool takes this")
    case 4: check(try rail.transfers(coin, accounts: [lane], from: 2), from: 2)
    case 5: check(try rail.transfers(token, accounts: [lane], from: 2), from: 2)
    case 6:
      let sent = SignedTransaction(bytes: [1, 2, 3], hash: Keccak.hash256([1, 2, 3]))
      for answer in rail.submit([sent]).joined() {
        promise(answer.text.unicodeScalars.count <= 200, "a node's words are too long")
        promise(
          answer.text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "a terminal obeys this")
      }
    case 7: try rail.preflight(token)
    case 8: _ = try rail.setup(token, account: lane, total: UInt256(1000))
    default: statements(rail)
    }
  }

  private static func check(_ fee: FeeTerms, _ rail: EVMRail) {
    guard let most = try? fee.most else { broken("a fee past 256 bits") }
    promise(most <= mostFee && fee.tip <= fee.price, "a fee past the cap, or a tip past the price")
  }

  private static func check(_ page: TransferPage, from block: UInt64) {
    promise(page.through <= page.finalBlock, "a page past the final block")
    for transfer in page.transfers {
      promise((block...max(block, page.through)).contains(transfer.blockNumber), "a transfer outside of the page")
      let ours = transfer.from == lane || transfer.from.bytes == FuzzTransactions.batchContract?.bytes
      promise(ours, "a stranger's transfer")
    }
  }

  private static func statements(_ rail: EVMRail) {
    let question = SlotQuestion(
      batch: BatchID(1), account: lane, slot: 5, asset: token, payees: payees, members: [member])
    for statement in rail.statements([question])[0] {
      switch statement.verdict {
      case .credited(let credits): promise(credits.count == payees.count, "one credit for each payee")
      case .paid, .reverted: break
      case .settled, .voided: broken("the member is a payment")
      case .stranger: promise(statement.spender != member.hash, "our own payment is called a stranger's")
      }
    }
  }
}
