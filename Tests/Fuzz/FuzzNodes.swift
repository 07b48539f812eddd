import Chains
import Codecs
import EVMDriver
import Money
import Transport

/// What nodes answer: bytes of a batch, and results of every shape to every question of the rail.
enum FuzzNodes {
  /// The first byte is how many calls were made, the second picks a status; the rest is the body.
  static func batch(_ input: [UInt8]) {
    guard input.count >= 2 else { return }
    let calls = (0...Int(input[0] & 7)).map { RPCCall("m\($0)") }
    let batch = RPCBatch(calls, firstID: 7)
    let body = Array(input.dropFirst(2))
    if input[1] & 0x0f == 1 {
      let wait = RetryAfter(parsing: String(decoding: body, as: UTF8.self))
      if case .seconds(let seconds)? = wait { promise((0...86_400).contains(seconds), "a wait past one day") }
      let refused = batch.results(status: 429, retryAfter: wait, body: body)
      promise(refused.count == calls.count, "one result for each call")
      return
    }
    let results = batch.results(status: 200, retryAfter: nil, body: body)
    promise(results.count == calls.count, "one result for each call")
    // What was heard, said again in order, is heard again.
    var answers: [JSON] = []
    for (index, result) in results.enumerated() {
      let id = JSON.integer(7 + index)
      switch result {
      case .success(let value): answers.append(["jsonrpc": "2.0", "id": id, "result": value])
      case .failure(let error):
        guard let server = error.server else { return }
        var object: JSON = ["code": .integer(server.code), "message": .string(server.message)]
        if let data = server.data {
          object = ["code": .integer(server.code), "message": .string(server.message), "data": data]
        }
        answers.append(["jsonrpc": "2.0", "id": id, "error": object])
      }
    }
    let said: JSON = answers.count == 1 ? answers[0] : .array(answers)
    let again = batch.results(status: 200, retryAfter: nil, body: said.utf8)
    // The body said again may nest one level deeper than what was heard.
    promise(again == results || again.allSatisfy { (try? $0.get()) == nil }, "an answer changed on the way")
  }

  static func endpoint(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    guard let endpoint = try? EVMEndpoint(url: text) else { return }
    promise(!"\(endpoint.id)".contains("@"), "a name and password would be shown")
    let again = try? EVMEndpoint(url: "http://\(endpoint.id)/")
    promise(again?.id == endpoint.id, "an endpoint changed on the way")
  }
}
