import Chains
import Codecs
import EVMDriver
import Keys
import Money
import Secp256k1
import Signing

/// The development chain of these tests, and values on it.
enum TestChain {
  static let id = ChainID(.evm, 31337)
  static let codec = EVMCodec(chainID: 31337, batchContract: EVMAddress(batchContract.bytes))
  static let coin = AssetID(chain: "evm:31337", token: nil)
  static let token = AssetID(chain: "evm:31337", token: "0x" + String(repeating: "70", count: 20))
  static let batchContract = Address([UInt8](repeating: 0xbc, count: 20))

  static func account(_ number: UInt8) -> Address { Address([UInt8](repeating: number, count: 20)) }

  /// A throwaway key: 32 bytes of the same number.
  static func key(_ number: UInt8) throws -> KeystoreKey {
    try KeystoreKey(try SecretKey([UInt8](repeating: number, count: 32).span), chain: id)
  }

  static func fee(_ gwei: UInt64) -> FeeTerms {
    FeeTerms(limit: 21000, price: UInt256(gwei * 1_000_000_000), tip: UInt256(1))
  }

  static func pay(_ payee: UInt8, _ units: UInt64, of asset: AssetID = coin) -> Purpose {
    .pay(asset: asset, payees: [Payee(payout: PayoutID(0), address: account(payee), units: UInt256(units))])
  }

  static func policy(
    assets: Set<AssetID>? = nil, most: UInt64? = 1_000_000, mostFee: UInt64 = 10_000_000_000_000_000,
    mayDeploy: Bool = false, batchContract: Address = batchContract
  ) -> SigningPolicy {
    SigningPolicy(
      chain: id, assets: assets, batchContract: batchContract, mostPerTransaction: most.map { UInt256($0) },
      mostFee: UInt256(mostFee), mayDeploy: mayDeploy)
  }

  static func signer(
    _ log: any SigningLog, keys: [any SigningKey], policy: SigningPolicy = policy()
  ) -> SigningGuard {
    SigningGuard(codec: codec, policy: policy, log: log, keys: keys)
  }

  static func request(
    _ account: Address, fence: Int64 = 1, slot: UInt64, _ purpose: Purpose, gwei: UInt64 = 2
  ) throws -> SigningRequest {
    let unsigned = try codec.prepare(
      TransactionRequest(account: account, slot: slot, purpose: purpose, fee: fee(gwei)))
    return SigningRequest(account: account, fence: fence, slot: slot, unsigned: unsigned.bytes)
  }
}
