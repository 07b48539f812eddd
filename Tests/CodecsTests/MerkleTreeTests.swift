import Codecs
import Money
import Testing

@Suite("Merkle trees")
struct MerkleTreeTests {
  static func leaves(_ count: Int) -> [MerkleLeaf] {
    (0..<count).map { MerkleLeaf(index: UInt256(UInt64($0)), account: .zero, amount: .one) }
  }

  @Test(arguments: [MerkleTree.Form.layers, .openZeppelin], Array(1...40) + [255, 256, 257])
  func `every leaf has a proof, which verifies for no other leaf, root or order`(form: MerkleTree.Form, count: Int)
    throws
  {
    let leaves = MerkleTreeTests.leaves(count)
    let tree = try MerkleTree(leaves, form: form)
    #expect(try MerkleTree(leaves.reversed(), form: form).root == tree.root)
    let stranger = MerkleLeaf(index: UInt256(1_000_000), account: .zero, amount: .one)
    #expect(tree.proof(of: stranger) == nil && tree.index(of: stranger) == nil)
    for leaf in leaves {
      let proof = try #require(tree.proof(of: leaf))
      #expect(tree.index(of: leaf).map { tree.nodes[$0] } == leaf.hash)
      #expect(MerkleTree.verify(leaf, proof: proof, root: tree.root))
      #expect(!MerkleTree.verify(stranger, proof: proof, root: tree.root))
      #expect(!MerkleTree.verify(leaf, proof: proof, root: leaf.hash) || count == 1)
      #expect(!MerkleTree.verify(leaf, proof: proof + [tree.root], root: tree.root))
      if let last = proof.last {
        #expect(!MerkleTree.verify(leaf, proof: proof.dropLast() + [leaf.hash], root: tree.root) || last == leaf.hash)
      }
    }
  }

  @Test func `no leaves and equal leaves are refused`() throws {
    let leaf = MerkleTreeTests.leaves(1)[0]
    for form in [MerkleTree.Form.layers, .openZeppelin] {
      #expect(throws: MerkleError(.noLeaves)) { try MerkleTree([], form: form) }
      #expect(throws: MerkleError(.duplicateLeaf)) { try MerkleTree([leaf, leaf], form: form) }
    }
  }

  @Test func `64 bytes under a leaf are refused, because they could be an inner node`() throws {
    #expect(throws: MerkleError(.leafLooksLikeNode)) { try MerkleLeaf(packed: [UInt8](repeating: 1, count: 64)) }
    for count in [0, 32, 63, 65, 84] { _ = try MerkleLeaf(packed: [UInt8](repeating: 1, count: count)) }
    let account = EVMAddress([UInt8](1...20)) ?? .zero
    let packed = UInt256(5).bigEndianBytes + account.bytes + UInt256(6).bigEndianBytes
    #expect(try MerkleLeaf(packed: packed) == MerkleLeaf(index: UInt256(5), account: account, amount: UInt256(6)))
  }

  @Test func `a proof longer than any tree is false`() throws {
    let leaf = MerkleTreeTests.leaves(1)[0]
    let proof = [Hash32](repeating: leaf.hash, count: 65)
    let root = proof.reduce(leaf.hash) { $0 < $1 ? Keccak.hash256($0, $1) : Keccak.hash256($1, $0) }
    #expect(!MerkleTree.verify(leaf, proof: proof, root: root))
  }
}
