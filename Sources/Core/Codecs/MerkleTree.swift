package import Money

/// Why a tree was refused. Codes are stable: docs/errors.md.
package struct MerkleError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case noLeaves = "merkle.no_leaves"
    case duplicateLeaf = "merkle.duplicate_leaf"
    case leafLooksLikeNode = "merkle.leaf_looks_like_node"
  }
  package let code: Code

  package init(_ code: Code) { self.code = code }

  /// One sentence for a person.
  package var message: String {
    switch code {
    case .noLeaves: "a tree needs at least one leaf"
    case .duplicateLeaf: "two leaves are equal, so one proof would claim for both"
    case .leafLooksLikeNode: "64 bytes under a leaf could be passed off as an inner node"
    }
  }
}

/// The hash of a claim, at the bottom of a tree.
package struct MerkleLeaf: Hashable, Sendable {
  package let hash: Hash32

  /// The hash of packed bytes. Throws `merkle.leaf_looks_like_node` for 64 bytes, the length of an inner node.
  package init(packed bytes: [UInt8]) throws(MerkleError) {
    guard bytes.count != 64 else { throw MerkleError(.leafLooksLikeNode) }
    hash = Keccak.hash256(bytes)
  }

  /// keccak256(index ‖ account ‖ amount), 84 bytes: the leaf of Uniswap's MerkleDistributor.
  package init(index: UInt256, account: EVMAddress, amount: UInt256) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(84)
    index.appendBigEndian(to: &bytes)
    account.append(to: &bytes)
    amount.appendBigEndian(to: &bytes)
    hash = Keccak.hash256(bytes)
  }

  /// keccak256(keccak256(abi.encode(account, amount))): the leaf of OpenZeppelin's StandardMerkleTree.
  package init(account: EVMAddress, amount: UInt256) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64)
    ABI.append(account, to: &bytes)
    amount.appendBigEndian(to: &bytes)
    self.init(standard: bytes)
  }

  /// keccak256(keccak256(`encoded`)): hashing twice is what keeps any length apart from an inner node.
  package init(standard encoded: [UInt8]) {
    var sponge = Keccak()
    sponge.absorb(Keccak.hash256(encoded))
    hash = sponge.finish()
  }
}

/// A tree over leaves sorted by hash, whose pairs are hashed in sorted order, so that a proof needs no directions.
package struct MerkleTree: Sendable {
  /// How the nodes are laid out. Both forms verify alike; the roots differ.
  package enum Form: Sendable {
    /// Layer by layer; an odd node moves up. Uniswap's MerkleDistributor.
    case layers
    /// A complete binary tree in an array, leaves last and in descending order. OpenZeppelin's `standard-v1`.
    case openZeppelin
  }

  package let form: Form
  /// For `openZeppelin` the tree array itself: the root, then the children of node i at 2i + 1 and 2i + 2.
  /// For `layers` all layers one after the other, leaves first.
  package let nodes: [Hash32]
  /// Where each layer of the `layers` form begins, and the end.
  private let starts: [Int]

  package var root: Hash32 { form == .openZeppelin ? nodes[0] : nodes[nodes.count - 1] }

  /// Builds the tree over leaves in any order. Throws `merkle.no_leaves`, `merkle.duplicate_leaf`.
  package init(_ leaves: [MerkleLeaf], form: Form) throws(MerkleError) {
    guard !leaves.isEmpty else { throw MerkleError(.noLeaves) }
    let sorted = leaves.map(\.hash).sorted()
    for (left, right) in zip(sorted, sorted.dropFirst()) where left == right { throw MerkleError(.duplicateLeaf) }
    self.form = form
    switch form {
    case .layers: (nodes, starts) = MerkleTree.layers(sorted)
    case .openZeppelin:
      nodes = MerkleTree.array(sorted)
      starts = []
    }
  }

  private static func layers(_ sorted: [Hash32]) -> (nodes: [Hash32], starts: [Int]) {
    var nodes = sorted
    var starts = [0]
    var start = 0
    while nodes.count - start > 1 {
      let end = nodes.count
      starts.append(end)
      for left in stride(from: start, to: end, by: 2) {
        nodes.append(left + 1 < end ? parent(nodes[left], nodes[left + 1]) : nodes[left])
      }
      start = end
    }
    return (nodes, starts + [nodes.count])
  }

  private static func array(_ sorted: [Hash32]) -> [Hash32] {
    var nodes = [Hash32](repeating: .zero, count: sorted.count * 2 - 1)
    for (place, leaf) in sorted.enumerated() { nodes[nodes.count - 1 - place] = leaf }
    for index in (0..<(sorted.count - 1)).reversed() {
      nodes[index] = parent(nodes[2 * index + 1], nodes[2 * index + 2])
    }
    return nodes
  }

  static func parent(_ a: Hash32, _ b: Hash32) -> Hash32 { a < b ? Keccak.hash256(a, b) : Keccak.hash256(b, a) }
}

// MARK: Proofs

extension MerkleTree {
  /// Where a leaf stands: its place in `nodes`; nil when it is not in the tree.
  package func index(of leaf: MerkleLeaf) -> Int? {
    let leafCount = (form == .openZeppelin ? nodes.count / 2 : starts[1] - 1) + 1
    var (low, high) = (0, leafCount)
    while low < high {
      let middle = (low + high) / 2
      if node(ofLeaf: middle) < leaf.hash { low = middle + 1 } else { high = middle }
    }
    guard low < leafCount, node(ofLeaf: low) == leaf.hash else { return nil }
    return form == .openZeppelin ? nodes.count - 1 - low : low
  }

  /// The hashes beside the way from a leaf to the root; nil when the leaf is not in the tree.
  package func proof(of leaf: MerkleLeaf) -> [Hash32]? {
    guard var place = index(of: leaf) else { return nil }
    var proof: [Hash32] = []
    switch form {
    case .openZeppelin:
      while place > 0 {
        proof.append(nodes[place.isMultiple(of: 2) ? place - 1 : place + 1])
        place = (place - 1) / 2
      }
    case .layers:
      for (start, end) in zip(starts, starts.dropFirst()) {
        let neighbour = start + (place ^ 1)
        if neighbour < end { proof.append(nodes[neighbour]) }
        place /= 2
      }
    }
    return proof
  }

  /// Whether a proof leads from a leaf to a root. Never fails; a proof longer than any tree is false.
  package static func verify(_ leaf: MerkleLeaf, proof: [Hash32], root: Hash32) -> Bool {
    proof.count <= 64 && proof.reduce(leaf.hash, parent) == root
  }

  private func node(ofLeaf place: Int) -> Hash32 {
    nodes[form == .openZeppelin ? nodes.count - 1 - place : place]
  }
}
