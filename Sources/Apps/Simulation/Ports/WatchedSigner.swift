import Chains
import Codecs
import Keys
import Payouts
import Signing
import SimulatedChain

/// The signer's log with points of death and failures around each write. Its memory survives every crash: it is
/// another file, on another disk, and never restored together with the store.
struct WatchedLog: SigningLog {
  let inner: MemorySigningLog
  let watch: Watch

  private func change(_ name: String, _ body: () throws(SigningError) -> Void) throws(SigningError) {
    guard watch.passes("before \(name)", .slowSigner) else { throw WatchedLog.down }
    let fails = watch.happens(.logFailed)
    if fails, watch.draw(2) == 0 { throw failed() }
    try body()
    // Written, and the answer says that it was not.
    if fails { throw failed() }
    guard watch.passes("after \(name)", .slowSigner) else { throw WatchedLog.down }
  }

  private static let down = SigningError(.logFailed, "the process is dead")

  private func failed() -> SigningError {
    watch.saw(.logFailed)
    return SigningError(.logFailed, "the signer's log cannot be written")
  }

  func accounts(_ chain: ChainID) throws(SigningError) -> [Address] { try inner.accounts(chain) }

  func highestFence(_ chain: ChainID, _ account: Address) throws(SigningError) -> Int64 {
    try inner.highestFence(chain, account)
  }

  func raiseFence(_ chain: ChainID, _ account: Address, to fence: Int64) throws(SigningError) {
    try change("log.raiseFence") { () throws(SigningError) in try inner.raiseFence(chain, account, to: fence) }
  }

  func records(_ chain: ChainID, _ account: Address, slots: [UInt64]) throws(SigningError) -> [SlotRecord] {
    try inner.records(chain, account, slots: slots)
  }

  func records(
    _ chain: ChainID, _ account: Address, from slot: UInt64, limit: Int
  ) throws(SigningError) -> [SlotRecord] {
    try inner.records(chain, account, from: slot, limit: limit)
  }

  func order(_ chain: ChainID, _ account: Address, slots: [UInt64]) throws(SigningError) -> [UInt64: Int64] {
    try inner.order(chain, account, slots: slots)
  }

  func permit(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    try change("log.permit") { () throws(SigningError) in try inner.permit(chain, records) }
  }

  func complete(_ chain: ChainID, _ records: [SlotRecord]) throws(SigningError) {
    try change("log.complete") { () throws(SigningError) in try inner.complete(chain, records) }
  }

  func holders(_ chain: ChainID, _ claim: PayoutClaim) throws(SigningError) -> [SlotPlace] {
    try inner.holders(chain, claim)
  }

  func release(_ chain: ChainID, _ place: SlotPlace, evidence: String) throws(SigningError) {
    try inner.release(chain, place, evidence: evidence)
  }
}

/// A key that knows which intents are durable, and says so when it is asked for any other signature.
struct WatchedKey: SigningKey {
  let inner: SimulatedKey
  let watch: Watch
  /// Reads what the store holds now.
  let reload: @Sendable () -> Void

  var account: Address { inner.account }
  var publicKey: [UInt8] { inner.publicKey }
  var origin: String { inner.origin }

  func sign(_ digests: [Hash32]) throws(SigningError) -> [RecoverableSignature] {
    guard watch.passes("before key.sign", .slowSigner) else {
      throw SigningError(.keyUnavailable, "the process is dead")
    }
    if watch.happens(.keyUnavailable) {
      watch.saw(.keyUnavailable)
      throw SigningError(.keyUnavailable, "the device does not answer")
    }
    if watch.with({ $0.isUnsure }) { reload() }
    for digest in digests where !watch.with({ $0.intended.contains(digest) || $0.isUnsure }) {
      watch.broke(2, "a signature over \(digest) without a durable intent")
    }
    let signatures = try inner.sign(digests)
    guard watch.passes("after key.sign", .slowSigner) else {
      throw SigningError(.keyUnavailable, "the process is dead")
    }
    return signatures
  }
}
