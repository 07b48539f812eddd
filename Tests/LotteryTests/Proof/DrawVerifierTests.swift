import Codecs
import Curves
@testable import Lottery
import Testing

@Suite("Draw verifier")
struct DrawVerifierTests {
  @Test(arguments: Schema.allCases)
  func `an honest bundle is accepted, read from its own JSON`(schema: Schema) throws {
    var bench = try DrawBench(schema)
    try bench.draw()
    for wholeList in [false, true] {
      let bundle = try bench.bundle(wholeList: wholeList)
      let read = try DrawBundle(json: bundle.json.utf8)
      #expect(read == bundle)
      let verdict = try bench.verifier().verify(read)
      #expect(verdict.commitment == bench.course.attempts.last?.commitment.hash)
      let proved = Set(verdict.proved.map(\.statement))
      #expect(proved.isSuperset(of: [.terms, .rounds, .snapshot, .randomness, .winners, .prizes]))
      #expect(proved.contains(.owners) == (schema == .v2))
      #expect(Set(verdict.takenOnTrust.map(\.statement)).isSuperset(of: [.order, .sales]))
    }
  }

  /// Each change is refused with a typed error.
  @Test func `a changed bundle is refused, whatever was changed`() throws {
    var bench = try DrawBench()
    try bench.draw()
    let good = try bench.bundle()
    let listed = try bench.bundle(wholeList: true)
    let verifier = bench.verifier()
    let changes: [(String, (inout DrawBundle) throws -> Void)] = [
      ("lottery", { $0.lotteryId += 1 }),
      ("price", { $0.config.ticketPrice += 1 }),
      ("tags", { $0.config.tagsMask ^= 2 }),
      ("dedup", { $0.config.winnersDedup.toggle() }),
      ("slots", { $0.config.prizePlan[0].winnersPerSlot += 1 }),
      ("empty slot", { $0.config.prizePlan[0].winnersPerSlot = 0 }),
      ("no slots", { $0.config.prizePlan = [] }),
      ("plan", { $0.plan = try DrawBench.plan(fallback: false) }),
      ("no commitment", { $0.closings = [] }),
      ("twice", { $0.closings += $0.closings }),
      ("fallback", { $0.isFallback = true }),
      ("winners", { $0.winners.removeLast() }),
      ("order", { $0.winners.swapAt(0, 1) }),
      ("batch", { $0.winnersBatchHash = .zero }),
      ("checksum", { $0.checksumAfterBatch = .zero }),
      ("schema", { $0.schema = .v1 }),
      (
        "prize",
        {
          let winner = $0.winners[0]
          $0.winners[0] = DrawBundle.Winner(record: winner.record, proof: winner.proof, prize: .max)
        }
      ),
      (
        "owner",
        {
          let winner = $0.winners[0]
          let record = WinnerRecord(
            slotId: winner.record.slotId, ticketIndex: winner.record.ticketIndex, winner: LotteryAddress(99),
            winnerHash: winner.record.winnerHash)
          $0.winners[0] = DrawBundle.Winner(record: record, proof: winner.proof, prize: nil)
        }
      ),
    ]
    _ = try verifier.verify(good)
    for (name, change) in changes {
      for start in [good, listed] {
        var bundle = start
        try change(&bundle)
        #expect(throws: DrawProofError.self, "\(name)") { try verifier.verify(bundle) }
      }
    }
    var short = listed
    short.purchases?.removeLast()
    #expect(throws: DrawProofError.self) { try verifier.verify(short) }
    let other = DrawVerifier(
      randomness: AnyProof(value: [9]), checkpoints: AnySignature(), sha256: SampleSHA256())
    #expect(throws: DrawProofError.self) { try other.verify(good) }
  }

  /// A byte of the file is changed: the reader or the verifier refuses, or the meaning is the same. Nothing traps.
  @Test func `hostile files give errors`() throws {
    var bench = try DrawBench()
    try bench.draw()
    let bundle = try bench.bundle()
    let bytes = bundle.json.utf8
    let verifier = bench.verifier()
    for place in Swift.stride(from: 0, to: bytes.count, by: 3) {
      for byte in [UInt8(ascii: "9"), UInt8(ascii: "f"), UInt8(ascii: "]"), 0xff] {
        var changed = bytes
        changed[place] = byte
        do throws(DrawProofError) {
          let read = try DrawBundle(json: changed)
          _ = try verifier.verify(read)
        } catch { #expect(!error.message.isEmpty) }
      }
    }
    for count in 0..<min(400, bytes.count) {
      #expect(throws: DrawProofError.self) { try DrawBundle(json: Array(bytes[..<count])) }
    }
  }

  @Test func `sums of tickets that wrap round prove nothing`() {
    let big = PurchaseTree.Node(tickets: .max, hash: .zero)
    let buyer = LotteryAddress(1)
    let root = PurchaseTree.join(big, PurchaseTree.leaf(buyer, 5))
    let proof = TicketProof(buyer: buyer, tickets: 5, steps: [TicketProof.Step(sibling: big, isLeft: true)])
    #expect(proof.root == root)
    #expect(!proof.proves(.max, under: root))
  }
}
