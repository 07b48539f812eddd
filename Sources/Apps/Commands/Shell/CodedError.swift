import Airdrop
import Codecs
import OpenSSL
import Transport

/// Errors of modules that the engine does not know, each with its own code: none may end as `engine.unexpected`.
protocol CodedError: Error {
  var codeText: String { get }
  var messageText: String { get }
  var hintText: String? { get }
}

extension IngestError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { hint }
}

extension TransportError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { hint }
}

extension RPCError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { [message, server?.message].compactMap { $0 }.joined(separator: ": ") }
  var hintText: String? { transport?.hint }
}

extension EIP55Error: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { hint }
}

extension JSONError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { nil }
}

extension ABIError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { nil }
}

extension EIP712Error: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { nil }
}

extension TransactionError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { nil }
}

extension RLPError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { nil }
}

extension MerkleError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { nil }
}

extension CanonicalBytesError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { nil }
}

extension CryptoError: CodedError {
  var codeText: String { code.rawValue }
  var messageText: String { message }
  var hintText: String? { nil }
}
