package import Chains
package import Codecs
package import Money

/// The root over who is paid what: what an approval and an audit record name instead of listing thousands of payees.
///
/// A Merkle tree over Keccak-256 in the shape of RFC 6962 (largest power of two to the left), leaves and nodes
/// separated by a first byte, built as a stream in O(log n) memory. The root also binds asset, count and total.
package struct ContentRoot: Sendable {
  private let asset: AssetID
  /// Complete subtrees, largest first, with their size.
  private var stack: [(size: UInt64, hash: Hash32)] = []
  package private(set) var count: UInt64 = 0
  package private(set) var total = UInt256.zero

  package init(_ asset: AssetID) { self.asset = asset }

  /// The root of these payees of one asset. Throws `money.overflow` when the total does not fit in 256 bits.
  package static func of(_ payees: [Payee], _ asset: AssetID) throws(MoneyError) -> Hash32 {
    var root = ContentRoot(asset)
    for payee in payees { try root.add(payee) }
    return root.hash
  }

  /// Adds the next payee. Throws `money.overflow` when the total does not fit in 256 bits.
  package mutating func add(_ payee: Payee) throws(MoneyError) {
    total = try total.adding(payee.units)
    count += 1
    stack.append((1, ContentRoot.leaf(payee)))
    while stack.count >= 2, stack[stack.count - 1].size == stack[stack.count - 2].size {
      let right = stack.removeLast()
      let left = stack.removeLast()
      stack.append((left.size + right.size, ContentRoot.node(left.hash, right.hash)))
    }
  }

  package var hash: Hash32 {
    var rest = stack
    while rest.count >= 2 {
      let right = rest.removeLast()
      let left = rest.removeLast()
      rest.append((left.size + right.size, ContentRoot.node(left.hash, right.hash)))
    }
    return ContentRoot.bound(asset, count: count, total: total, tree: rest.first?.hash ?? .zero)
  }

  /// The root that binds a tree's hash to asset, count and total.
  static func bound(_ asset: AssetID, count: UInt64, total: UInt256, tree: Hash32) -> Hash32 {
    var writer = CanonicalBytes.Writer(tag: "almoner/content/1")
    writer.append(asset.description)
    writer.append(count)
    writer.append(total)
    writer.append(tree)
    return Keccak.hash256(writer.bytes)
  }

  static func leaf(_ payee: Payee) -> Hash32 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(73)
    bytes.append(0)
    var shift: Int64 = 64
    while shift > 0 {
      shift -= 8
      bytes.append(UInt8(truncatingIfNeeded: payee.payout.raw >> shift))
    }
    bytes += payee.address.bytes
    payee.units.appendBigEndian(to: &bytes)
    return Keccak.hash256(bytes)
  }

  static func node(_ left: Hash32, _ right: Hash32) -> Hash32 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(65)
    bytes.append(1)
    left.append(to: &bytes)
    right.append(to: &bytes)
    return Keccak.hash256(bytes)
  }
}
