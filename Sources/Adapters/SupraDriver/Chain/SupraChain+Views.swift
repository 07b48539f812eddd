package import Chains
package import Codecs
import Operations

extension SupraChain: ChainViews {
  package func views(_ calls: [MoveCall]) -> [Result<JSON, RailError>] {
    let requests = calls.map { NodeRequest(path("view"), .json($0.viewBody)) }
    return nodes.agree(requests).map { result in
      result.flatMap { answer in
        switch answer {
        case .value(let json, _): .success(json["result"] ?? json)
        case .notFound: .failure(RailError(.viewRefused, "the function is not there"))
        case .refused(let status, let message): .failure(SupraChain.refusal(status, message))
        case .none(let why): .failure(RailError(.noQuorum, why))
        }
      }
    }
  }

  /// One view, decoded by the declared types of what it returns. Throws `rail.*`; `rail.view_refused` also for an answer
  /// of another shape.
  package func view(_ call: MoveCall, returns types: [MoveType]) throws(RailError) -> [MoveValue] {
    guard let result = views([call]).first else { throw nodes.noQuorum([]) }
    let json = try result.get()
    guard let values = json.array, values.count == types.count else {
      throw SupraChain.malformed("\(types.count) values")
    }
    var decoded: [MoveValue] = []
    for (value, type) in zip(values, types) {
      do throws(MoveError) { decoded.append(try MoveValue(value, as: type)) } catch {
        throw RailError(.viewRefused, error.message)
      }
    }
    return decoded
  }
}
