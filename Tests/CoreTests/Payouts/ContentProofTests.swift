import Chains
import Codecs
import Money
import Payouts
import TestSupport
import Testing

@Suite("Content proof")
struct ContentProofTests {
  private let asset = AssetID(chain: "evm:1", token: nil)

  private func payees(_ count: Int) -> [Payee] {
    (0..<count).map { index in
      Payee(
        payout: PayoutID(Int64(index) * 3 + 7), address: Address([UInt8](repeating: UInt8(index % 251), count: 20)),
        units: UInt256(UInt64(index) + 1))
    }
  }

  private func tree(_ payees: [Payee]) throws -> ContentTree {
    var tree = ContentTree(asset)
    for payee in payees { try tree.add(payee) }
    return tree
  }

  private func proof(_ tree: ContentTree, _ all: [Payee], _ places: [UInt64]) throws -> ContentProof {
    try tree.proof(places) { Array(all[Int($0.lowerBound)..<Int($0.upperBound)]) }
  }

  private func problem(
    _ proof: ContentProof, _ chosen: [Payee], _ tree: ContentTree, asset: AssetID? = nil, count: UInt64? = nil,
    total: UInt256? = nil
  ) -> ContentProofError? {
    do {
      try proof.check(
        chosen, asset: asset ?? self.asset, count: count ?? tree.count, total: total ?? tree.total, root: tree.root)
      return nil
    } catch { return error }
  }

  @Test func `the tree that is kept has the root of the stream`() throws {
    for count in [0, 1, 2, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 3000] {
      let all = payees(count)
      #expect(try tree(all).root == ContentRoot.of(all, asset), "\(count)")
    }
  }

  @Test(arguments: UInt64(0)..<60)
  func `any set in any order is proven, and no other payee in its place`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let all = payees(Int.random(in: 1...(seed < 40 ? 70 : 1500), using: &random))
    let tree = try tree(all)
    let wanted = Int.random(in: 1...min(all.count, 40), using: &random)
    let places = all.indices.shuffled(using: &random).prefix(wanted).map(UInt64.init)
    let proof = try proof(tree, all, places)
    let chosen = places.map { all[Int($0)] }
    #expect(problem(proof, chosen, tree) == nil)
    let victim = Int.random(in: 0..<chosen.count, using: &random)
    let mine = chosen[victim]
    for forged in [
      Payee(payout: mine.payout, address: Address([UInt8](repeating: 252, count: 20)), units: mine.units),
      Payee(payout: mine.payout, address: mine.address, units: UInt256(9_999_999)),
      Payee(payout: PayoutID(1), address: mine.address, units: mine.units),
    ] {
      var changed = chosen
      changed[victim] = forged
      #expect(problem(proof, changed, tree) == .otherRoot)
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func `a proof with any hash or place changed, added, dropped or moved is refused`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let all = payees(Int.random(in: 3...600, using: &random))
    let tree = try tree(all)
    let first = Int.random(in: 0..<all.count - 1, using: &random)
    let places = (first..<min(all.count - 1, first + 20)).map(UInt64.init)
    let chosen = places.map { all[Int($0)] }
    let good = try proof(tree, all, places)
    #expect(problem(good, chosen, tree) == nil)
    for index in good.hashes.indices {
      var hashes = good.hashes
      hashes[index] = Keccak.hash256(hashes[index].bytes)
      #expect(problem(ContentProof(places: places, hashes: hashes), chosen, tree) == .otherRoot)
      hashes.remove(at: index)
      #expect(problem(ContentProof(places: places, hashes: hashes), chosen, tree) != nil)
    }
    #expect(problem(ContentProof(places: places, hashes: good.hashes + [.zero]), chosen, tree) == .badShape)
    let moved = places.map { $0 + 1 }
    #expect(problem(ContentProof(places: moved, hashes: good.hashes), chosen, tree) != nil)
    let double = places.dropLast() + [places[0]]
    if places.count > 1 {
      #expect(problem(ContentProof(places: Array(double), hashes: good.hashes), chosen, tree) == .badPlaces)
    }
    let far = places.dropLast() + [UInt64.max]
    #expect(problem(ContentProof(places: Array(far), hashes: good.hashes), chosen, tree) == .badPlaces)
    #expect(problem(good, Array(chosen.dropLast()), tree) == .badPlaces)
  }

  @Test func `a proof fits its own asset, count and total alone`() throws {
    let all = payees(9)
    let tree = try tree(all)
    let good = try proof(tree, all, [2, 3])
    let chosen = [all[2], all[3]]
    #expect(problem(good, chosen, tree, asset: AssetID(chain: "evm:2", token: nil)) == .otherRoot)
    #expect(problem(good, chosen, tree, count: 8) != nil)
    #expect(problem(good, chosen, tree, count: UInt64.max) != nil)
    #expect(problem(good, chosen, tree, total: UInt256(1)) == .otherRoot)
    #expect(problem(ContentProof(places: [], hashes: []), [], tree) == .badPlaces)
  }

  @Test func `an inner node passed off as a payee is refused`() throws {
    // Leaves and nodes are told apart by their first byte, so two payees cannot stand for one.
    let all = payees(4)
    let tree = try tree(all)
    let whole = try proof(tree, all, [0, 1, 2, 3])
    #expect(whole.hashes.isEmpty)
    #expect(problem(ContentProof(places: [0], hashes: whole.hashes), [all[0]], tree, count: 1) == .otherRoot)
  }

  @Test func `a run costs about twice the depth of the tree`() throws {
    let all = payees(5000)
    let tree = try tree(all)
    for first in stride(from: 0, to: 4500, by: 137) {
      let places = (first..<first + 500).map(UInt64.init)
      #expect(try proof(tree, all, places).hashes.count <= 26)
    }
  }

  @Test func `places that are not there, or given twice, or read short, get no proof`() throws {
    let all = payees(300)
    let tree = try tree(all)
    #expect(throws: ContentProofError.badPlaces) { try proof(tree, all, [300]) }
    #expect(throws: ContentProofError.badPlaces) { try proof(tree, all, [4, 4]) }
    #expect(throws: ContentProofError.badPlaces) { try proof(tree, all, []) }
    #expect(throws: ContentProofError.badShape) { try tree.proof([3]) { _ in [] } }
  }
}
