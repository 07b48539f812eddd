import Airdrop
import Codecs
import Curves
import Engine
import Lottery
import OpenSSL
import Operations
import Sodium
import Transport

/// Any error on its way to a person: code, sentence, next step.
struct AnyFailure {
  let code: String
  let message: String
  let hint: String?

  init(_ error: any Error) {
    let known = EngineError(any: error)
    code = known.code
    let said = (error as? RPCError)?.server?.message
    message = [known.message, said].compactMap { $0 }.joined(separator: ": ")
    hint = known.hint
  }

  var json: String {
    let object: JSON = [
      "event": "error", "code": .string(code), "message": .string(message), "hint": hint.map { .string($0) } ?? .null,
    ]
    return object.text
  }
}

// Errors of modules that the engine does not know: none may end as `engine.unexpected`.
extension ABIError: SubsystemError {}
extension CanonicalBytesError: SubsystemError {}
extension CommandError: SubsystemError {}
extension CryptoError: SubsystemError {}
extension DrawProofError: SubsystemError {}
extension EIP55Error: SubsystemError {}
extension EIP712Error: SubsystemError {}
extension IngestError: SubsystemError {}
extension JSONError: SubsystemError {}
extension LotteryDeskError: SubsystemError {
  package var isPassing: Bool { code == .busy }
}
extension LotteryError: SubsystemError {}
extension MoveError: SubsystemError {}
extension OperationsError: SubsystemError {}
extension MerkleError: SubsystemError {}
extension RLPError: SubsystemError {}
extension RandomnessError: SubsystemError {}
extension RPCError: SubsystemError {
  package var hint: String? { transport?.hint }
}
extension TransactionError: SubsystemError {}
extension TransportError: SubsystemError {}
extension VRFError: SubsystemError {}
