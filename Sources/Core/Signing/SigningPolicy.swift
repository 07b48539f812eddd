package import Chains
package import Money

/// What a signer lets pass, whoever asks. Its own configuration, not the engine's.
package struct SigningPolicy: Hashable, Sendable {
  package let chain: ChainID
  /// Assets that may be paid; nil allows any on the chain.
  package let assets: Set<AssetID>?
  /// The only contract that may be given an allowance, and that batches go through; nil forbids both.
  package let batchContract: Address?
  /// Most that one transaction may move of an asset, in its smallest unit; nil for no cap.
  package let mostPerTransaction: UInt256?
  /// Most that one transaction may cost in fees, in native units.
  package let mostFee: UInt256
  /// Whether contracts may be deployed with this key.
  package let mayDeploy: Bool

  package init(
    chain: ChainID, assets: Set<AssetID>?, batchContract: Address?, mostPerTransaction: UInt256?, mostFee: UInt256,
    mayDeploy: Bool
  ) {
    self.chain = chain
    self.assets = assets
    self.batchContract = batchContract
    self.mostPerTransaction = mostPerTransaction
    self.mostFee = mostFee
    self.mayDeploy = mayDeploy
  }

  /// Throws unless every rule lets the decoded request pass.
  package func check(_ request: TransactionRequest) throws(SigningError) {
    let fee: UInt256
    do { fee = try request.fee.most } catch {
      throw SigningError(.overCap, "the fee of slot \(request.slot) does not fit in 256 bits")
    }
    guard fee <= mostFee else {
      throw SigningError(
        .overCap, "slot \(request.slot) may cost \(fee) in fees, the signer's cap is \(mostFee)",
        hint: "raise the signer's fee cap (AM_MAX_FEE) if this price is right")
    }
    switch request.purpose {
    case .void: return
    case .deploy:
      guard mayDeploy else { throw SigningError(.forbidden, "this signer may not deploy contracts") }
    case .allowance(let asset, let spender, _):
      try checkAsset(asset)
      guard let batchContract, spender == batchContract else {
        throw SigningError(.forbidden, "an allowance may go to the configured batch contract only")
      }
    case .pay(let asset, let payees):
      try checkAsset(asset)
      guard !payees.isEmpty else { throw SigningError(.wrongContent, "a payment without payees is not signed") }
      try checkCap(payees)
    }
  }

  private func checkAsset(_ asset: AssetID) throws(SigningError) {
    guard asset.chain == chain.description, assets?.contains(asset) ?? true else {
      throw SigningError(.forbidden, "\(asset) is not an asset of this signer")
    }
  }

  private func checkCap(_ payees: [Payee]) throws(SigningError) {
    guard let cap = mostPerTransaction else { return }
    var total = UInt256.zero
    for payee in payees {
      let (sum, overflow) = total.addingReportingOverflow(payee.units)
      guard !overflow, sum <= cap else {
        throw SigningError(.overCap, "a transaction of more than \(cap) units is not signed")
      }
      total = sum
    }
  }
}
