import Codecs
import CustodialDriver
import Testing

@Suite("Vectors: custodians' wires")
struct CustodialWireVectorTests {
  @Test(arguments: ["mblock_wire", "hashdam_wire"])
  func `every request and answer of the vectors holds`(file: String) throws {
    for vector in try WalletVectors.cases(file) {
      let arguments = try #require(vector["arguments"])
      func text(_ key: String) -> String { arguments[key]?.string ?? "" }
      let status = Int(vector["response_status"]?.uint64 ?? 0)
      let body = try #require(vector["response_body"])
      // A body that is a text is no JSON on the wire.
      let bytes = body.string.map { Array($0.utf8) } ?? body.utf8
      let request: CustodialRequest
      let read: () throws -> JSON
      switch vector["call"]?.string {
      case "get_balance":
        request = MBlock.balance(address: text("address"), contract: arguments["contract"]?.string)
        read = { .string(try MBlock.balance(status: status, body: bytes).amount) }
      case "request_wallet":
        request = MBlock.newWallet()
        read = {
          let wallet = try MBlock.newWallet(status: status, body: bytes)
          return ["address": .string(wallet.address), "wallet_key": .string(wallet.walletKey)]
        }
      case "transfer_by_wallet_key":
        request = try MBlock.transfer(
          walletKey: text("wallet_key"), to: text("to"), amount: text("amount"), contract: arguments["contract"]?.string
        )
        read = {
          let made = try MBlock.transfer(status: status, body: bytes)
          return ["txid": .string(made.reference), "message": made.message.map { JSON.string($0) } ?? .null]
        }
      case "transit_by_wallet_key":
        request = try MBlock.transit(
          walletKey: text("wallet_key"), to: text("to"), amount: text("amount"), contract: text("contract"),
          config: arguments["config_override"]?.object)
        read = {
          let made = try MBlock.transit(status: status, body: bytes)
          return ["token": .string(made.reference), "message": made.message.map { JSON.string($0) } ?? .null]
        }
      case "get_hash_balance":
        request = HashDam.request(.hashBalance)
        read = {
          let balance = try HashDam.balance(status: status, body: bytes)
          return [
            "date": .string(balance.date), "credit": .string(balance.credit), "power": .string(balance.power),
          ]
        }
      default:
        request = try HashDam.withdrawal(coin: text("coin"), amount: text("amount"))
        read = {
          let made = try HashDam.withdrawal(status: status, body: bytes)
          return [
            "withdraw_id": .string(made.id), "coin": .string(made.coin), "amount": .string(made.amount),
          ]
        }
      }
      let name: Comment = "\(file) \(vector["name"]?.string ?? "")"
      let sent = try JSON.parse(request.body)
      if let amount = vector["required_instead"]?["amount"] {
        #expect(sent["amount"] == amount, name)
      } else {
        #expect(sent == vector["expected_request"]?["body"], name)
      }
      // Time-outs are the transport's: no answer reaches the codec.
      let kind = vector["expected"]?["error"]?["kind"]?.string
      if kind == "network" { continue }
      do {
        #expect(try read() == vector["expected"]?["result"], name)
      } catch let error as CustodialError {
        #expect(error.code.rawValue == "custodial.\(kind ?? "none")", name)
        #expect(error.upstreamMessage == vector["expected"]?["error"]?["upstream_message"]?.string, name)
      }
    }
  }
}
