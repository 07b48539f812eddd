import Codecs
import TestSupport
import Testing
import Wallet

@Suite("Vectors: organisation")
struct OrganizationVectorTests {
  static func tree(_ type: TreeType, root: String, operations: [JSON], ids: NodeCounter) throws -> OrganizationTree {
    var tree = OrganizationTree(type)
    try tree.createRoot(user: root, id: ids.next())
    for operation in operations {
      let user = try #require(operation["user"]?.string)
      let sponsor = try #require(operation["sponsor"]?.string)
      guard tree.number(user: sponsor) != nil else {
        // Refused, and no id is used up.
        #expect(throws: WalletError.self) { _ = try tree.place(user: user, sponsor: sponsor, nextID: { ids.next() }) }
        continue
      }
      _ = try tree.place(user: user, sponsor: sponsor, nextID: { ids.next() })
    }
    return tree
  }

  static func built(_ vector: JSON) throws -> OrganizationTree {
    let type = try #require(TreeType(rawValue: vector["tree_type"]?.string ?? ""))
    return try tree(
      type, root: try #require(vector["root_user"]?.string), operations: try #require(vector["operations"]?.array),
      ids: NodeCounter())
  }

  @Test(arguments: ["binary_spillover", "unilevel_placement", "organization_closure"])
  func `every placement of the vectors holds`(file: String) throws {
    for vector in try WalletVectors.cases(file) {
      guard let placements = vector["expected_placements"]?.array else { continue }
      let tree = try Self.built(vector)
      let name: Comment = "\(file) \(vector["name"]?.string ?? "")"
      #expect(tree.nodes.count == placements.count { $0["error"] == nil }, name)
      for expected in placements where expected["error"] == nil {
        let number = try #require(tree.number(user: expected["user"]?.string ?? ""))
        let node = tree.nodes[number]
        #expect(node.id == expected["node_id"]?.string, name)
        #expect(node.sponsor == expected["sponsor"]?.string, name)
        #expect(node.parent.map { tree.nodes[$0].id } == expected["parent_node_id"]?.string, name)
        #expect(node.side?.rawValue == expected["position"]?.string, name)
        #expect(UInt64(node.depth) == expected["depth"]?.uint64, name)
        #expect(tree.path(of: number) == expected["path"]?.string, name)
      }
      if let spillovers = vector["expected_spillovers"]?.array {
        #expect(tree.spillovers.map(\.id) == spillovers.compactMap { $0["log_id"]?.string }, name)
        #expect(tree.spillovers.map(\.parent) == spillovers.compactMap { $0["parent_node_id"]?.string }, name)
        #expect(tree.spillovers.map(\.side.rawValue) == spillovers.compactMap { $0["position"]?.string }, name)
      }
    }
  }

  @Test func `a tree that nobody knows is refused before anything is read`() throws {
    let vectors = try WalletVectors.cases("unilevel_placement").filter { $0["errors"] != nil }
    #expect(vectors.count == 1 && vectors[0]["name"] == "unknown_tree_type")
    #expect(TreeType(rawValue: "matrix") == nil)
  }

  @Test func `closure rows of the vectors hold`() throws {
    for vector in try WalletVectors.cases("organization_closure") {
      let tree = try Self.built(vector)
      for slot in vector["expected_slots"]?.array ?? [] {
        let number = try #require(tree.number(id: slot["node_id"]?.string ?? ""))
        let side = tree.slots(of: number).first { $0.side.rawValue == slot["slot"]?.string }
        #expect(side.map { $0.child == slot["child_node_id"]?.string } == true, "\(slot)")
        #expect((slot["status"] == "FILLED") == (slot["child_node_id"]?.string != nil))
      }
      for query in vector["descendant_queries"]?.array ?? [] {
        let answer = tree.isDescendant(query["descendant"]?.string ?? "", of: query["ancestor"]?.string ?? "")
        #expect(.bool(answer) == query["is_descendant"], "\(query)")
      }
      let rows = Set(tree.nodes.indices.flatMap { tree.closure(of: $0) })
      let expected = Set(
        (vector["expected_closure"]?.array ?? []).map { row in
          ClosureRow(
            ancestor: row["ancestor"]?.string ?? "", descendant: row["descendant"]?.string ?? "",
            depth: Int(row["depth"]?.uint64 ?? 0))
        })
      #expect(!expected.isEmpty && rows == expected)
    }
  }

  @Test(arguments: UInt64(0)..<4)
  func `the path of full levels ends where the literal search ends`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var tree = BinaryTree()
    for _ in 0..<2500 {
      // Half of them below the first ones, whose levels fill.
      let among = random.next() % 2 == 0 ? UInt64(tree.count) : min(7, UInt64(tree.count))
      let sponsor = Int32(random.next() % among)
      let literal = try tree.literalPlace(below: sponsor)
      let free = try tree.freePlace(below: sponsor)
      #expect(free == literal, "replay with seed \(seed)")
      _ = try tree.put(at: free)
    }
  }

  @Test func `a user stands in a tree once, and an unknown sponsor consumes nothing`() throws {
    let ids = NodeCounter()
    var tree = OrganizationTree(.binary)
    try tree.createRoot(user: "root", id: ids.next())
    #expect(throws: WalletError.self) { _ = try tree.place(user: "a", sponsor: "ghost", nextID: { ids.next() }) }
    #expect(try tree.place(user: "a", sponsor: "root", nextID: { ids.next() }).id == "node-2")
    #expect(throws: WalletError.self) { _ = try tree.place(user: "a", sponsor: "root", nextID: { ids.next() }) }
  }
}
