package import Codecs

/// The calls of one HTTP request, on the way out and back: bytes in both directions and no network.
///
/// Ids are `firstID`, `firstID + 1`, ... The caller takes them from a counter that never repeats, so that an answer that
/// belongs to another request - a proxy that mixes connections, a cache - matches nothing.
/// Source: https://www.jsonrpc.org/specification
package struct RPCBatch: Sendable {
  package let calls: [RPCCall]
  package let firstID: UInt64

  package init(_ calls: [RPCCall], firstID: UInt64) {
    self.calls = calls
    self.firstID = firstID
  }

  /// One call is sent as an object and not as an array of one: some nodes take no batches.
  package var body: [UInt8] {
    let requests = calls.enumerated().map { index, call -> JSON in
      [
        "jsonrpc": "2.0", "id": .integer(firstID + UInt64(index)), "method": .string(call.method),
        "params": call.params,
      ]
    }
    if requests.count == 1, let only = requests.first { return only.utf8 }
    return JSON.array(requests).utf8
  }

  /// One result for each call, in their order, whatever the body holds.
  package func results(status: Int, retryAfter: RetryAfter?, body: [UInt8]) -> [Result<JSON, RPCError>] {
    guard status == 200 else {
      let code = status == 429 ? RPCError.Code.rateLimited : .status
      return all(
        .failure(RPCError(code, "the endpoint answered \(status)", httpStatus: status, retryAfter: retryAfter)))
    }
    let answer: JSON
    do throws(JSONError) {
      answer = try JSON.parse(body, limits: JSON.Limits(bytes: body.count))
    } catch {
      return all(.failure(RPCError(.malformed, "the answer is not JSON: \(error.code.rawValue)", httpStatus: status)))
    }
    switch answer {
    case .array(let answers) where calls.count > 1: return match(answers)
    case .object where calls.count == 1: return match([answer])
    // An error object instead of the array: the server refused the batch as a whole, and has no id for that.
    case .object(let object) where object["error"]?.object != nil && (object["id"] ?? .null).isNull:
      return all(outcome(object))
    default: return all(.failure(RPCError(.malformed, "the answer does not have the batch's shape")))
    }
  }

  private func all(_ result: Result<JSON, RPCError>) -> [Result<JSON, RPCError>] {
    calls.map { _ in result }
  }

  private func match(_ answers: [JSON]) -> [Result<JSON, RPCError>] {
    var found = [Result<JSON, RPCError>?](repeating: nil, count: calls.count)
    var strangers = 0
    for answer in answers {
      guard let object = answer.object, let index = index(of: object) else {
        strangers += 1
        continue
      }
      let isSecond = found[index] != nil
      found[index] =
        isSecond
        ? .failure(RPCError(.duplicate, "the batch answers one call more than once")) : outcome(object)
    }
    let missing =
      strangers == 0
      ? "the batch does not answer this call"
      : "the batch does not answer this call, but \(strangers) that were not asked"
    return found.map { $0 ?? .failure(RPCError(.missing, missing)) }
  }

  /// Which call an answer names. An error without an id can only mean the call when there is just one.
  private func index(of answer: JSONObject) -> Int? {
    if calls.count == 1, (answer["id"] ?? .null).isNull, answer["error"]?.object != nil { return 0 }
    guard let id = answer["id"]?.uint64, id >= firstID else { return nil }
    let (distance, _) = id.subtractingReportingOverflow(firstID)
    guard let index = Int(exactly: distance), index < calls.count else { return nil }
    return index
  }

  private func outcome(_ answer: JSONObject) -> Result<JSON, RPCError> {
    guard answer["jsonrpc"]?.string == "2.0" else {
      return .failure(RPCError(.malformed, "an answer is not JSON-RPC 2.0"))
    }
    // Some servers write "error": null beside a result.
    let error = answer["error"] ?? .null
    switch (answer["result"], error.isNull) {
    case (let result?, true): return .success(result)
    // Beside an error, a null result says nothing.
    case (nil, false), (.null?, false): return .failure(refusal(error))
    case (.some, false): return .failure(RPCError(.malformed, "an answer holds a result and an error"))
    case (nil, true): return .failure(RPCError(.malformed, "an answer holds neither a result nor an error"))
    }
  }

  private func refusal(_ error: JSON) -> RPCError {
    guard let number = error["code"]?.number, let code = Int64(number), let message = error["message"]?.string else {
      return RPCError(.malformed, "an error object lacks its code or message")
    }
    return RPCError(
      .server, "the endpoint refused the call with code \(code)",
      server: RPCError.Server(code: code, message: message, data: error["data"]))
  }
}
