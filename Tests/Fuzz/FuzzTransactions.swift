import Chains
import Codecs
import EVMDriver
import Money

/// Transactions: whatever is accepted is written back to the very same bytes, so nothing a person was shown can differ
/// from what is signed.
enum FuzzTransactions {
  static let account = Address([UInt8](repeating: 0x07, count: 20))
  static let batchContract = EVMAddress([UInt8](repeating: 0xbc, count: 20))
  private static let codecs = [
    EVMCodec(chainID: 31337, batchContract: batchContract),
    EVMCodec(chainID: 31337, batchContract: nil, feeForm: .legacy),
  ]

  static func run(_ input: [UInt8]) {
    if let transaction = try? EVMTransaction(decodingUnsigned: input) {
      promise(transaction.unsignedBytes == input, "an unsigned transaction has two encodings")
    }
    if let signed = try? EVMSignedTransaction(decoding: input) {
      promise(signed.raw == input, "a signed transaction has two encodings")
      promise(signed.hash == Keccak.hash256(input), "the hash is of other bytes")
    }
    for codec in codecs {
      inspect(input, codec)
      guard let (unsigned, signature) = try? codec.disassemble(input) else { continue }
      let again = try? codec.assemble(unsigned.bytes, signature)
      promise(again?.bytes == input, "a signed transaction changed on the way")
      inspect(unsigned.bytes, codec)
    }
  }

  private static func inspect(_ unsigned: [UInt8], _ codec: EVMCodec) {
    guard let request = try? codec.inspect(unsigned, account: account) else { return }
    let again = try? codec.prepare(request)
    promise(again?.bytes == unsigned, "the request shown is not that of the bytes")
    promise(again?.signingHash == Keccak.hash256(unsigned), "the hash to sign is of other bytes")
  }
}
