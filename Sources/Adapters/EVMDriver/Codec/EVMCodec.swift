package import Chains
package import Codecs
import Money

/// Makes and reads the transactions of an EVM chain: pure, so that a signer and a dry run need no network.
///
/// One purpose has one form of bytes. One payee: a plain transfer. Several: the batch contract, packed where every
/// amount is below 2^96. Whatever else bytes could say is refused when they are read.
/// Source: EIP-155, EIP-1559; ERC-20; contracts/README.md.
package struct EVMCodec: TransactionCodec {
  /// How the fee is written.
  package enum FeeForm: String, CaseIterable, Sendable {
    /// Type 2: a cap on the price, of which a tip.
    case dynamic
    /// EIP-155: one gas price, for chains without a base fee. Terms must have `tip == price`.
    case legacy
  }

  package let chain: ChainID
  /// Where the batch contract lives; nil leaves plain transfers only.
  package let batchContract: EVMAddress?
  package let feeForm: FeeForm

  /// Longest unsigned transaction that is made; nodes' pools take 128 KiB, signature included.
  static let mostBytes = 120_000

  package init(chainID: UInt64, batchContract: EVMAddress?, feeForm: FeeForm = .dynamic) {
    chain = ChainID(.evm, chainID)
    self.batchContract = batchContract
    self.feeForm = feeForm
  }

  package func prepare(_ request: TransactionRequest) throws(RailError) -> UnsignedTransaction {
    let bytes = try transaction(for: request).unsignedBytes
    guard bytes.count <= EVMCodec.mostBytes else {
      throw badRequest("\(bytes.count) bytes are more than nodes take", hint: "use smaller batches (AM_MAX_BATCH_SIZE)")
    }
    return UnsignedTransaction(bytes: bytes, signingHash: Keccak.hash256(bytes))
  }

  package func assemble(_ unsigned: [UInt8], _ signature: RecoverableSignature) throws(RailError) -> SignedTransaction {
    do {
      let transaction = try EVMTransaction(decodingUnsigned: unsigned)
      guard transaction.unsignedBytes == unsigned, transaction.chainID == chain.number else {
        throw badBytes("the bytes are not of \(chain)")
      }
      let signed = EVMSignedTransaction(
        transaction, signature: try EVMSignature(r: signature.r, s: signature.s, yParity: signature.yParity))
      return SignedTransaction(bytes: signed.raw, hash: signed.hash)
    } catch let error as TransactionError {
      throw badBytes(error.message)
    } catch let error as RailError {
      throw error
    } catch {
      throw badBytes("the bytes cannot be read")
    }
  }

  package func disassemble(_ signed: [UInt8]) throws(RailError) -> (
    unsigned: UnsignedTransaction, signature: RecoverableSignature
  ) {
    let decoded: EVMSignedTransaction
    do { decoded = try EVMSignedTransaction(decoding: signed) } catch { throw badBytes(error.message) }
    guard decoded.transaction.chainID == chain.number else {
      throw badBytes("the bytes are of chain \(decoded.transaction.chainID), not of \(chain)")
    }
    guard decoded.raw == signed else { throw badBytes("the bytes are not the one form of their content") }
    let bytes = decoded.transaction.unsignedBytes
    let signature = decoded.signature
    return (
      UnsignedTransaction(bytes: bytes, signingHash: Keccak.hash256(bytes)),
      RecoverableSignature(r: signature.r, s: signature.s, yParity: signature.yParity)
    )
  }

  package func address(_ text: String) throws(RailError) -> Address {
    do { return Address(try EIP55.parse(text).address.bytes) } catch {
      throw RailError(.badAddress, error.message, hint: error.hint)
    }
  }

  package func text(_ address: Address) -> String {
    EVMAddress(address.bytes).map { EIP55.text($0) } ?? Hex.prefixed(address.bytes)
  }

  func badRequest(_ message: String, hint: String? = nil) -> RailError { RailError(.badRequest, message, hint: hint) }

  func badBytes(_ message: String) -> RailError {
    RailError(.badBytes, "not a transaction of ours: \(message)", hint: "nothing was signed or sent")
  }
}
