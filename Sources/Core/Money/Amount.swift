/// What is moved: the native coin of a chain or one token on it.
package struct AssetID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The chain, as `evm:31337` (family and id within the family).
  package let chain: String
  /// The token's canonical address text (lower-case `0x...` on EVM); nil is the native coin.
  package let token: String?

  package init(chain: String, token: String?) {
    self.chain = chain
    self.token = token
  }

  /// `evm:31337/native` or `evm:31337/0x...`: the text in tables and audit records.
  package var description: String { "\(chain)/\(token ?? "native")" }

  package static func < (a: AssetID, b: AssetID) -> Bool { a.description < b.description }
}

/// A sum of one asset, counted in its smallest unit (wei, lamport, nanoton).
///
/// Never negative and never fractional: 1.5 units of an 18-decimal token is `1_500_000_000_000_000_000`.
/// Source: ERC-20 amounts are `uint256`.
package struct Amount: Hashable, Sendable {
  package let asset: AssetID
  package let units: UInt256

  package init(_ units: UInt256, of asset: AssetID) {
    self.asset = asset
    self.units = units
  }

  /// Adds two sums. Throws `money.asset_mismatch`, or `money.overflow` past 2^256 - 1.
  package func adding(_ other: Amount) throws(MoneyError) -> Amount {
    try requireSameAsset(other)
    return Amount(try units.adding(other.units), of: asset)
  }

  /// Takes a sum away. Throws `money.asset_mismatch`, or `money.underflow` below zero.
  package func subtracting(_ other: Amount) throws(MoneyError) -> Amount {
    try requireSameAsset(other)
    return Amount(try units.subtracting(other.units), of: asset)
  }

  private func requireSameAsset(_ other: Amount) throws(MoneyError) {
    guard asset == other.asset else {
      throw MoneyError(.assetMismatch, "\(asset) and \(other.asset) cannot be added up")
    }
  }
}
