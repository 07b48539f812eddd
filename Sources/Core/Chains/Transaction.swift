package import Codecs
package import Money

/// What a transaction pays at most for being carried: `limit` units of work at `price` each, of which `tip` may go to
/// the block's producer. On EVM: gas limit, `maxFeePerGas`, `maxPriorityFeePerGas` (EIP-1559), in wei.
package struct FeeTerms: Hashable, Sendable {
  package let limit: UInt64
  package let price: UInt256
  package let tip: UInt256

  package init(limit: UInt64, price: UInt256, tip: UInt256) {
    self.limit = limit
    self.price = price
    self.tip = tip
  }

  /// The most the chain can take, in native units; throws `money.overflow` past 2^256 - 1.
  package var most: UInt256 {
    get throws(MoneyError) { try price.multiplied(by: UInt256(limit)) }
  }
}

/// What an attempt is for. `pay` moves value to payees; the others spend a slot without paying anybody.
package enum Purpose: Hashable, Sendable {
  case pay(asset: AssetID, payees: [Payee])
  /// Spends the slot on nothing: a cancel, or the repair of a gap.
  case void
  /// Lets the batch contract draw `units` of a token from the lane (ERC-20 `approve`).
  case allowance(asset: AssetID, spender: Address, units: UInt256)
  /// Puts the batch contract on the chain; `code` is the creation code.
  case deploy(code: [UInt8])

  package var kind: AttemptKind {
    switch self {
    case .pay: .pay
    case .void: .void
    case .allowance, .deploy: .setup
    }
  }
}

/// The word for a purpose in tables: `pay`, `void`, or `setup` (allowance, deployment).
package enum AttemptKind: String, CaseIterable, Sendable {
  case pay, void, setup
}

/// Everything the unsigned bytes of one attempt are made of. Nothing else goes in: preparing is pure.
package struct TransactionRequest: Hashable, Sendable {
  /// The sending account.
  package let account: Address
  /// EVM nonce.
  package let slot: UInt64
  package let purpose: Purpose
  package let fee: FeeTerms

  package init(account: Address, slot: UInt64, purpose: Purpose, fee: FeeTerms) {
    self.account = account
    self.slot = slot
    self.purpose = purpose
    self.fee = fee
  }
}

/// Bytes to be signed, and what a signer must put its name to.
package struct UnsignedTransaction: Hashable, Sendable {
  package let bytes: [UInt8]
  package let signingHash: Hash32

  package init(bytes: [UInt8], signingHash: Hash32) {
    self.bytes = bytes
    self.signingHash = signingHash
  }
}

/// Bytes a chain accepts, and the name it will know them by.
package struct SignedTransaction: Hashable, Sendable {
  package let bytes: [UInt8]
  package let hash: Hash32

  package init(bytes: [UInt8], hash: Hash32) {
    self.bytes = bytes
    self.hash = hash
  }
}

/// An ECDSA signature over secp256k1 with its recovery id; `s` is in the lower half (EIP-2).
package struct RecoverableSignature: Hashable, Sendable {
  package let r: UInt256
  package let s: UInt256
  /// 0 or 1: the parity of the nonce point's y.
  package let yParity: UInt8

  package init(r: UInt256, s: UInt256, yParity: UInt8) {
    self.r = r
    self.s = s
    self.yParity = yParity
  }
}

extension TransactionRequest {
  /// What the slot is spent on, fee left out: equal for a transaction and its fee bumps, different for any other
  /// payees, amounts or order. Keccak-256 over canonical bytes; payout numbers are left out, since bytes do not hold them.
  /// Source: PROTOCOL.md 3.2, "payload digest".
  package var payloadDigest: Hash32 {
    var writer = CanonicalBytes.Writer(tag: "almoner/payload/1")
    writer.append(account.bytes)
    writer.append(UInt64(slot))
    switch purpose {
    case .pay(let asset, let payees):
      writer.append("pay")
      writer.append(asset.description)
      writer.append(UInt64(payees.count))
      for payee in payees {
        writer.append(payee.address.bytes)
        writer.append(payee.units)
      }
    case .void:
      writer.append("void")
    case .allowance(let asset, let spender, let units):
      writer.append("allowance")
      writer.append(asset.description)
      writer.append(spender.bytes)
      writer.append(units)
    case .deploy(let code):
      writer.append("deploy")
      writer.append(code)
    }
    return Keccak.hash256(writer.bytes)
  }
}
