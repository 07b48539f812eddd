import Codecs
import Lottery

/// Records of lotteries that others hand over, and what operators write by hand.
enum FuzzLottery {
  /// What is read in the strict form is written as the same bytes; schema 1 reads at least as much.
  static func record(_ input: [UInt8]) {
    if let config = try? Config(bcs: input, schema: .v2) {
      promise(config.bcs == input, "a config has two forms")
      promise((try? Config(bcs: input, schema: .v1)) == config, "schema 1 reads another config")
    }
    if let summary = try? LotterySummary(bcs: input, schema: .v2) {
      promise(summary.bcs == input, "a summary has two forms")
      promise((try? LotterySummary(bcs: input, schema: .v1)) == summary, "schema 1 reads another summary")
    }
    if let cap = try? PartnerCreateCap(bcs: input, schema: .v2) { promise(cap.bcs == input, "a cap has two forms") }
    // Padded lengths are read as well: whatever comes of it is written in the strict form.
    if let padded = try? LotterySummary(bcs: input, schema: .v1) {
      promise((try? LotterySummary(bcs: padded.bcs, schema: .v2)) == padded, "a summary is read otherwise once written")
    }
  }

  /// A schedule, a summary file, and a document of views.
  static func text(_ input: [UInt8]) {
    if let cron = CronSpec(input) {
      promise(cron.fields.count == 5 && cron.fields.allSatisfy { !$0.isEmpty }, "a cron line that never runs")
    }
    if let run = try? BackfillDryRun(file: input, summaryPath: "/s", target: nil, force: true) {
      promise(run.summary.count <= input.count, "a dry run of more than the file")
      let again = try? BackfillDryRun(file: Array(run.summaryHex.utf8), summaryPath: "/s", target: nil, force: true)
      promise(again?.summary == run.summary, "the hex of a file is another file")
    }
    if let document = try? JSON.parse(input) { _ = ViewSchema.current.problems(in: document) }
  }
}
