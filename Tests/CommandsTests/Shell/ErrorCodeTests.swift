import Airdrop
import Chains
import Codecs
@testable import Commands
import Engine
import OpenSSL
import Payouts
import Terminal
import Testing
import Transport

@Suite("Errors at the edge")
struct ErrorCodeTests {
  @Test(
    arguments: [
      (IngestError(.notText, "m", hint: "h") as any Error & Sendable, "ingest.not_text"),
      (TransportError(.timeout, "m", mayHaveArrived: true), "transport.timeout"),
      (RPCError(.malformed, "m"), "rpc.malformed"),
      (StoreError(.full, "m"), "store.full"),
      (CampaignError(.notFound, "m"), "campaign.not_found"),
      (RailError(.noQuorum, "m"), "rail.no_quorum"),
      (CommandError(.usage, "m"), "command.usage"),
      (ABIError(.truncated, "m"), "abi.truncated"),
    ])
  func `an error keeps its code and words on the way to a person`(error: any Error & Sendable, code: String) {
    let told = AnyFailure(error)
    #expect(told.code == code)
    #expect(told.message.contains("m"))
  }

  @Test func `a JSON error keeps its code too`() {
    let error = #expect(throws: JSONError.self) { try JSON.parse("{") }
    #expect(error.map { AnyFailure($0).code }?.hasPrefix("json.") == true)
  }

  @Test func `text from outside in an error is tame on a terminal and in JSON`() {
    for hostile in OutputTests.hostile {
      let error = CampaignError(.notFound, "there is no \(hostile)", hint: "not \(hostile) either")
      for isJSON in [false, true] {
        let sink = Collected()
        let terminal = Terminal(isJSON: isJSON, isInteractive: false, usesColour: false, sink: sink)
        #expect(Shell.report(error, terminal) == .badData)
        #expect(OutputTests.isTame(sink.out, newlines: true) && OutputTests.isTame(sink.error, newlines: true))
        #expect((sink.out + sink.error).split(separator: "\n").count == (isJSON ? 1 : 2))
      }
    }
  }
}
