package import Chains
package import Codecs
import Money

/// Makes and reads the transactions of the simulated chain: canonical bytes of our own, so that one request has one form.
///
/// unsigned = tag, chain number, account, slot, fee, purpose; signing hash = Keccak-256(unsigned);
/// signed = unsigned, r, s, y parity; transaction hash = Keccak-256(signed).
/// Addresses are written and read as on an EVM chain, so that one file of recipients serves both.
package struct SimulatedCodec: TransactionCodec {
  package let chain: ChainID

  /// Longest unsigned transaction that is made.
  static let mostBytes = 1 << 20
  /// r, s and the parity of y.
  static let signatureBytes = 65

  package init(chain: ChainID = ChainID(.simulated, 1)) { self.chain = chain }

  /// Who draws a token out of a lane's account, once the lane has allowed it.
  package static let batchContract = EVMAddress(
    lastBytesOf: Keccak.hash256(Array("almoner/simulated-chain/batch-contract".utf8)))

  package func prepare(_ request: TransactionRequest) throws(RailError) -> UnsignedTransaction {
    let bytes = try unsignedBytes(request)
    return UnsignedTransaction(bytes: bytes, signingHash: Keccak.hash256(bytes))
  }

  package func assemble(_ unsigned: [UInt8], _ signature: RecoverableSignature) throws(RailError) -> SignedTransaction {
    guard SimulatedTransaction.isReadable(unsigned, chain: chain) else { throw badBytes("the bytes cannot be read") }
    guard signature.yParity <= 1 else { throw badBytes("the parity of a signature is 0 or 1") }
    var signed = unsigned
    signed.reserveCapacity(unsigned.count + SimulatedCodec.signatureBytes)
    signature.r.appendBigEndian(to: &signed)
    signature.s.appendBigEndian(to: &signed)
    signed.append(signature.yParity)
    return SignedTransaction(bytes: signed, hash: Keccak.hash256(signed))
  }

  package func inspect(_ unsigned: [UInt8], account: Address) throws(RailError) -> TransactionRequest {
    let read: SimulatedTransaction
    do { read = try SimulatedTransaction(reading: unsigned, chain: chain) } catch { throw badBytes(error.message) }
    guard read.account.bytes == account.bytes else { throw badBytes("the bytes are of another account") }
    return read.request(chain)
  }

  package func disassemble(_ signed: [UInt8]) throws(RailError) -> (
    unsigned: UnsignedTransaction, signature: RecoverableSignature
  ) {
    guard let parts = SimulatedCodec.split(signed) else { throw badBytes("the bytes hold no signature") }
    let unsigned = Array(parts.unsigned)
    guard SimulatedTransaction.isReadable(unsigned, chain: chain) else { throw badBytes("the bytes cannot be read") }
    return (UnsignedTransaction(bytes: unsigned, signingHash: Keccak.hash256(unsigned)), parts.signature)
  }

  package func address(_ text: String) throws(RailError) -> Address {
    do { return Address(try EIP55.parse(text).address.bytes) } catch {
      throw RailError(.badAddress, error.message, hint: error.hint)
    }
  }

  package func text(_ address: Address) -> String {
    EVMAddress(address.bytes).map { EIP55.text($0) } ?? Hex.prefixed(address.bytes)
  }

  /// Nil unless the bytes are long enough and end in a well-formed signature.
  static func split(_ signed: [UInt8]) -> (unsigned: ArraySlice<UInt8>, signature: RecoverableSignature)? {
    guard signed.count > signatureBytes, let parity = signed.last, parity <= 1 else { return nil }
    let tail = signed.suffix(signatureBytes)
    guard let r = UInt256(bigEndian: tail.prefix(32)), let s = UInt256(bigEndian: tail.dropFirst(32).prefix(32)) else {
      return nil
    }
    return (signed.dropLast(signatureBytes), RecoverableSignature(r: r, s: s, yParity: parity))
  }

  func badRequest(_ message: String) -> RailError { RailError(.badRequest, message) }

  func badBytes(_ message: String) -> RailError {
    RailError(.badBytes, "not a transaction of ours: \(message)", hint: "nothing was signed or sent")
  }
}
