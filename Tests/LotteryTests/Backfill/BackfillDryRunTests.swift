import Codecs
import Lottery
import Testing

@Suite("Backfill dry run")
struct BackfillDryRunTests {
  private static func run(
    _ file: [UInt8], _ format: BackfillDryRun.Format = .auto, target: BackfillDryRun.Target? = nil,
    force: Bool = true
  ) throws(LotteryError) -> BackfillDryRun {
    try BackfillDryRun(file: file, format: format, summaryPath: "/s.bcs", target: target, force: force)
  }

  @Test func `a summary is taken, and anything else only when forced`() throws {
    let summary = ArchiveBench.summary(7)
    for file in [summary.bcs, Array(Hex.prefixed(summary.bcs).utf8)] {
      let run = try Self.run(file, force: false)
      #expect(run.summary == summary.bcs)
      #expect(run.expectedHash == summary.archiveHash)
    }
    expectRefusal(.historyDecode) { () throws(LotteryError) in _ = try Self.run([1, 2], force: false) }
  }

  @Test func `the format can be named: raw hex text stays text, and what is no hex is refused`() throws {
    #expect(try Self.run(Array("cafe".utf8), .raw).summary == Array("cafe".utf8))
    #expect(try Self.run(Array("cafe".utf8), .hex).summary == [0xca, 0xfe])
    expectRefusal(.historyDecode) { () throws(LotteryError) in _ = try Self.run(Array("café".utf8), .hex) }
  }

  @Test func `words of the command are quoted for a shell`() throws {
    let target = BackfillDryRun.Target(lotteryId: 7, config: "it's here.yaml", script: "./run me.sh")
    let command = try #require(try Self.run([1, 2], target: target).suggestedCommand)
    #expect(command.hasPrefix(#"'./run me.sh' 'it'"'"'s here.yaml' import 7 0x0102 0x"#))
  }

  @Test func `without a lottery there is no command`() throws {
    let run = try Self.run([])
    #expect(run.suggestedCommand == nil)
    #expect(run.json.object?.keys == ["summary_hex", "expected_hash", "size_bytes", "summary_path"])
    #expect(run.lines.count == 3)
  }

  @Test func `what was accepted by a dry run can be imported`() throws {
    var engine = try ArchiveBench.engine(.v2, abortOnMismatch: true, abortOnMissing: false)
    let run = try Self.run(ArchiveBench.legacy(7, type: 2, tags: 0).bcs, force: false)
    _ = try engine.importLegacySummaryAdmin(
      id: 7, bytes: run.summary, expectedHash: run.expectedHash.bytes, EngineBench.at(1))
    #expect(try engine.isLegacySummary(7))
  }
}
