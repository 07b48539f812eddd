import Foundation
import Testing

@Suite("Streams that end early, with the real binary")
struct StreamTests {
  private func bash(_ script: String, _ desk: Desk) throws -> Program.Ended {
    try Program.run(
      ["-c", script, Program.path], path: "/bin/bash", environment: desk.environment, folder: desk.scratch.path)
  }

  private func desk() throws -> Desk {
    let desk = try Desk()
    try desk.campaign("Q4", token: nil, file: Recipient.file(Array(1...5_000)))
    return desk
  }

  @Test func `a reader that goes away does not end the program by a signal`() throws {
    let run = try bash(
      "\"$0\" export --dataset payouts | head -1 >&2; echo ${PIPESTATUS[0]}", try desk())
    let status = try #require(Int(run.out.split(separator: "\n").last ?? ""))
    #expect(status < 128, "ended by signal \(status - 128)")
    #expect(run.error.contains("cursor,campaign,payout_id"))
  }

  @Test(arguments: [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
  func `a closed stream never gets what was meant for a file`(closed: String) throws {
    let desk = try Desk()
    try desk.scratch.write(Recipient.file(Array(1...500)), to: "in.csv")
    let run = try bash(
      """
      "$0" airdrop campaigns create --name Q4 --chain evm \(closed)
      "$0" airdrop recipients ingest --campaign Q4 --file in.csv \(closed)
      """, desk)
    #expect(run.status == 0)
    #expect(try desk.counts("Q4") == ["queued": 500])
    #expect(try desk.run(["store", "check"]).status == 0)
    #expect(try desk.run(["audit", "verify"]).status == 0)
  }

  @Test func `an output that cannot take more is an error, not silence`() throws {
    let run = try bash("\"$0\" export --dataset payouts > /dev/full; echo $?", try desk())
    #expect(run.out == "74\n")
    #expect(run.error.contains("command.cannot_write"))
  }

  @Test func `a question without an answer is a no`() throws {
    let desk = try Desk()
    try desk.campaign("Q4", token: nil, [1])
    let run = try desk("campaigns", "cancel", "--campaign", "Q4")
    #expect(run.status == 77 && run.code == "command.declined")
    #expect(try desk.status("Q4") == "pending")
  }
}
