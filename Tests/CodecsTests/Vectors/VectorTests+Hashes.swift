import Codecs
import Money
import OpenSSL
import TestSupport

extension VectorTests {
  static func keccak(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let message = try node("message").bytes()
      check.equal(message.count, try node("length").count(), "length")
      check.equal(Keccak.hash256(message).bytes, try node("keccak256").bytes(), "keccak256")
      check.equal(Keccak.sha3(message).bytes, try node("sha3_256").bytes(), "sha3_256")
      check.equal(Keccak.hash512(message), try node("keccak512").bytes(), "keccak512")
      check.equal(try SHA256.hash(message).bytes, try node("sha256").bytes(), "sha256")
    }
    file.each("repeated") { node, check in
      guard let byte = UInt8(exactly: try node("byte").count()) else { throw VectorFailure("byte is above 255") }
      let message = [UInt8](repeating: byte, count: try node("times").count())
      check.equal(Keccak.hash256(message).bytes, try node("keccak256").bytes(), "keccak256")
      check.equal(Keccak.sha3(message).bytes, try node("sha3_256").bytes(), "sha3_256")
    }
  }

  static func eip191(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      check.equal(EIP191.digest(try node("message").bytes()).bytes, try node("digest").bytes(), "digest")
    }
  }

  static func eip712(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let data = try EIP712.TypedData(node("typedData").whole())
      check.equal(data.domainSeparator.bytes, try node("domainSeparator").bytes(), "domainSeparator")
      check.equal(data.structHash.bytes, try node("structHash").bytes(), "structHash")
      check.equal(data.digest.bytes, try node("digest").bytes(), "digest")
    }
  }

  static func merkleIndexed(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let entries = try node("entries").list()
      let leaves = try entries.map {
        MerkleLeaf(
          index: try $0("index").number(), account: try $0("account").address(), amount: try $0("amount").number())
      }
      let tree = try MerkleTree(leaves, form: .layers)
      try checkTree(tree, node, entries, leaves, check)
    }
  }

  static func merkleOpenZeppelin(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let types = try node("leafTypes").list().map { try ABIType($0.text()) }
      check.equal(types, [.address, .uint(bits: 256)], "leafTypes")
      let entries = try node("entries").list()
      let leaves = try entries.map { entry in
        let (account, amount) = (try entry("account").address(), try entry("amount").number())
        let encoded = try ABI.encode([.address(account), .uint(amount)], as: types)
        check.equal(MerkleLeaf(standard: encoded), MerkleLeaf(account: account, amount: amount), "leaf forms")
        return MerkleLeaf(account: account, amount: amount)
      }
      let tree = try MerkleTree(leaves, form: .openZeppelin)
      check.equal(tree.nodes, try node("tree").list().map { try $0.hash() }, "tree")
      for (place, (entry, leaf)) in zip(entries, leaves).enumerated() {
        check.equal(try entry("index").number(), UInt256(UInt64(place)), "index")
        check.equal(tree.index(of: leaf), try entry("treeIndex").count(), "treeIndex")
      }
      try checkTree(tree, node, entries, leaves, check)
    }
  }

  private static func checkTree(
    _ tree: MerkleTree, _ node: VectorNode, _ entries: [VectorNode], _ leaves: [MerkleLeaf], _ check: VectorChecks
  ) throws {
    let root = try node("root").hash()
    check.equal(tree.root, root, "root")
    for (entry, leaf) in zip(entries, leaves) {
      check.equal(leaf.hash, try entry("leaf").hash(), "leaf")
      let proof = try entry("proof").list().map { try $0.hash() }
      check.equal(tree.proof(of: leaf), proof, "proof")
      check.holds(MerkleTree.verify(leaf, proof: proof, root: root), "the proof does not verify")
    }
  }
}
