import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Signing

/// Any error on its way to a person: code, sentence, next step.
struct AnyFailure {
  let code: String
  let message: String
  let hint: String?

  init(_ error: any Error) {
    switch error {
    case let error as CommandError:
      (code, message, hint) = (error.code.rawValue, error.message, error.hint)
    case let error as any CodedError:
      (code, message, hint) = (error.codeText, error.messageText, error.hintText)
    default:
      let known = EngineError(any: error)
      (code, message, hint) = (known.code, known.message, known.hint)
    }
  }

  var json: String {
    let object: JSON = [
      "event": "error", "code": .string(code), "message": .string(message), "hint": hint.map { .string($0) } ?? .null,
    ]
    return object.text
  }
}
