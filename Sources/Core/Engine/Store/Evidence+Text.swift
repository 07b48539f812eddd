package import Chains
import Codecs
import Money

extension Evidence {
  /// The evidence as canonical JSON text, as tables and exports hold it: what was agreed once, then each endpoint's
  /// own block number and fee.
  package var text: String {
    let json: JSON = [
      "verdict": .string(verdict.word), "spender": .string(spender.description),
      "block_hash": .string(blockHash.description), "credits": credits,
      "statements": .array(
        statements.map {
          [
            "endpoint": .string($0.endpoint.name), "block_number": .integer($0.blockNumber),
            "fee_paid": .string($0.feePaid.description),
          ]
        }),
    ]
    // Keys are literals and numbers are whole: the canonical writer has nothing to refuse.
    return (try? CanonicalJSON.bytes(json)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// One word or sum per payee, in order, where the verdict is about single payees.
  private var credits: JSON {
    guard case .credited(let credits) = verdict else { return .null }
    return .array(
      credits.map { credit in
        switch credit {
        case .full: "full"
        case .none: "none"
        case .other(let units): .string(units.description)
        }
      })
  }
}
