package import Money

/// A transaction before it is signed: everything that the signature covers.
///
/// A value is always one that a chain could accept: the initialiser refuses the rest.
/// Source: EIP-155 (legacy), EIP-2930, EIP-1559.
package struct EVMTransaction: Hashable, Sendable {
  /// What the sender pays for gas, and with it the type of the transaction. Prices are wei a unit of gas.
  package enum Fees: Hashable, Sendable {
    /// Before EIP-2718; with the chain id of EIP-155.
    case legacy(gasPrice: UInt256)
    /// Type 1.
    case accessList(gasPrice: UInt256, [EVMAccess])
    /// Type 2.
    case dynamic(maxFeePerGas: UInt256, maxPriorityFeePerGas: UInt256, [EVMAccess])
  }

  package let chainID: UInt64
  package let nonce: UInt64
  package let gasLimit: UInt64
  /// The recipient or contract; nil deploys `data` as a new contract.
  package let to: EVMAddress?
  /// Wei.
  package let value: UInt256
  package let data: [UInt8]
  package let fees: Fees

  /// The largest chain id, so that the legacy `v` fits in 64 bits. Source: EIP-2294.
  package static let largestChainID: UInt64 = .max / 2 - 36

  /// Throws `transaction.bad_field` for a chain id of zero or past EIP-2294 and for the nonce that EIP-2681 forbids,
  /// `transaction.fee_cap_below_tip`.
  package init(
    chainID: UInt64, nonce: UInt64, gasLimit: UInt64, to: EVMAddress?, value: UInt256, data: [UInt8], fees: Fees
  ) throws(TransactionError) {
    guard chainID > 0, chainID <= EVMTransaction.largestChainID else {
      throw TransactionError(.badField, "the chain id is zero or too large")
    }
    guard nonce < .max else { throw TransactionError(.badField, "the nonce is 2^64 - 1") }
    if case .dynamic(let cap, let tip, _) = fees, tip > cap {
      throw TransactionError(.feeCapBelowTip, "the tip is above the fee cap")
    }
    self.chainID = chainID
    self.nonce = nonce
    self.gasLimit = gasLimit
    self.to = to
    self.value = value
    self.data = data
    self.fees = fees
  }

  /// The most the sender can lose: value and gas at the highest price. Throws `money.overflow`.
  package func mostCost() throws(MoneyError) -> UInt256 {
    let price =
      switch fees {
      case .legacy(let price), .accessList(let price, _): price
      case .dynamic(let cap, _, _): cap
      }
    return try price.multiplied(by: UInt256(gasLimit)).adding(value)
  }
}

/// A contract and storage slots that a transaction announces. Source: EIP-2930.
package struct EVMAccess: Hashable, Sendable {
  package let address: EVMAddress
  package let storageKeys: [Hash32]

  package init(address: EVMAddress, storageKeys: [Hash32]) {
    self.address = address
    self.storageKeys = storageKeys
  }
}

/// A transaction as it goes to a node.
package struct EVMSignedTransaction: Hashable, Sendable {
  package let transaction: EVMTransaction
  package let signature: EVMSignature
  /// The bytes of `eth_sendRawTransaction`.
  package let raw: [UInt8]
  /// keccak256 of `raw`: the name of the transaction everywhere.
  package let hash: Hash32

  /// Puts a transaction and its signature together. Who signed is not checked here: that needs the curve.
  package init(_ transaction: EVMTransaction, signature: EVMSignature) {
    self.transaction = transaction
    self.signature = signature
    raw = transaction.raw(signature)
    hash = Keccak.hash256(raw)
  }

  /// The value `v` that a node shows: the parity, or for legacy the form of EIP-155.
  package var v: UInt64 { transaction.v(signature) }
}
