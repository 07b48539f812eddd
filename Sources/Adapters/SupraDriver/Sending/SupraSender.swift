import Chains
package import Codecs
import Foundation
package import OpenSSL
package import Operations

/// The key of one account, kept in this process.
package struct SupraKey: Sendable {
  private let key: Ed25519.PrivateKey
  package let address: MoveAddress
  package var publicKey: [UInt8] { key.publicKey }

  /// From the 32-byte seed (RFC 8032). Throws `crypto.*`.
  package init(seed: SecretBytes) throws(CryptoError) {
    key = try Ed25519.PrivateKey(seed: seed)
    address = MoveAddress(ed25519: key.publicKey)
  }

  package func sign(_ transaction: SupraTransaction) throws(CryptoError) -> SupraSignedTransaction {
    SupraSignedTransaction(
      transaction, publicKey: key.publicKey, signature: try key.sign(transaction.signingMessage))
  }
}

/// Signs calls with one key, sends them one at a time and waits for what becomes of them.
package struct SupraSender: ChainSending {
  /// How much a transaction may cost and how long it may take.
  package struct Terms: Hashable, Sendable {
    package var maxGas: UInt64 = 500_000
    /// Quants for a unit of gas; nil for what nodes estimate.
    package var gasPrice: UInt64?
    /// The highest price that is paid, whatever nodes estimate.
    package var mostGasPrice: UInt64 = 100_000
    package var lifeSeconds: UInt64 = 300
    /// After that the fate is called unknown.
    package var patienceSeconds: UInt64 = 20
    package var pollMilliseconds: UInt64 = 1_000
    package init() {}
  }

  private let chain: SupraChain
  private let key: SupraKey
  private let terms: Terms

  package init(_ chain: SupraChain, key: SupraKey, terms: Terms = Terms()) {
    self.chain = chain
    self.key = key
    self.terms = terms
  }

  /// Throws `rail.wrong_chain` before anything is signed; `move.*` for a call that no transaction makes.
  package func send(_ call: MoveCall) throws -> TransactionOutcome {
    let entry = try MoveEntry(call)
    let transaction = try prepare(entry)
    let trial = try chain.simulate(transaction, publicKey: key.publicKey)
    guard trial.succeeds else { return .dead(hash: nil, reason: "refused in simulation: \(trial.status)") }
    let signed = try key.sign(transaction)
    let (hash, words) = chain.submit(signed)
    return wait(for: signed, hash: hash, words)
  }

  private func prepare(_ entry: MoveEntry) throws -> SupraTransaction {
    try chain.checkIdentity()
    guard let account = try chain.account(key.address) else {
      throw RailError(.badRequest, "\(key.address) is no account yet", hint: "send it some coin first")
    }
    let price = try terms.gasPrice ?? chain.gasPrice()
    guard price <= terms.mostGasPrice else {
      throw RailError(.feeTooHigh, "gas costs \(price) quants, at most \(terms.mostGasPrice) are paid")
    }
    let life = min(terms.lifeSeconds, try chain.longestLife() ?? terms.lifeSeconds)
    return SupraTransaction(
      sender: key.address, sequenceNumber: account.sequenceNumber, entry: entry, maxGasAmount: terms.maxGas,
      gasUnitPrice: price, expiration: try chain.head().seconds + life, chainID: chain.configuration.chainID)
  }

  /// Looks until a quorum states the end, or patience is over. The same bytes may be handed over again meanwhile: they
  /// can do no more than once.
  private func wait(for signed: SupraSignedTransaction, hash first: String?, _ words: [String]) -> TransactionOutcome {
    let end = ContinuousClock.now + .seconds(Int64(clamping: terms.patienceSeconds))
    var (hash, words) = (first, words)
    var last: SupraFate?
    repeat {
      if let fate = chain.fate(hash, of: signed.transaction) {
        last = fate
        switch fate {
        case .executed(let status, let gas): return .executed(hash: hash ?? "", gasUsed: gas, status: status)
        case .failed(let status, let gas): return .failed(hash: hash ?? "", gasUsed: gas, status: status)
        case .expired: return .dead(hash: hash, reason: "expired before any block took it")
        case .spentElsewhere, .open: break
        }
      }
      if hash == nil {
        // Nobody named it: the same bytes again can do no harm, and tell its name.
        let again = chain.submit(signed)
        hash = again.hash
        words = again.words
      }
      Thread.sleep(forTimeInterval: Double(terms.pollMilliseconds) / 1000)
    } while ContinuousClock.now < end
    let why = last == .spentElsewhere ? "its number is spent, but the nodes do not show it" : "no block holds it yet"
    return .unknown(hash: hash, reason: ([why] + words).joined(separator: "; "))
  }
}
