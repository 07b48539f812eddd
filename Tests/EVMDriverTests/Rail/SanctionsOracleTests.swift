import Codecs
@testable import EVMDriver
import Foundation
import Policy
import Screening
import TestSupport
import Testing
import Transport

@Suite("Sanctions oracle", .serialized)
struct SanctionsOracleTests {
  private let chain: TestChain
  private let contract: EVMAddress
  private let listed: EVMAddress
  private let now: Int64

  init() throws {
    chain = try TestChain(seed: "oracle")
    let owner = try chain.lane(0)
    listed = try chain.lane(5).account
    contract = try chain.deploy("SanctionsList", [], [], by: owner)
    let word = { (number: UInt8) in [UInt8](repeating: 0, count: 31) + [number] }
    let address = [UInt8](repeating: 0, count: 12) + listed.bytes
    try chain.invoke(
      contract, ABI.selector("addToSanctionsList(address[])") + word(32) + word(1) + address, by: owner)
    let seconds = try chain.call("eth_getBlockByNumber", ["latest", false])["timestamp"]?.quantity ?? 0
    now = Int64(seconds) * 1_000 + 60_000
  }

  private func oracle(_ nodes: [String]? = nil, at place: EVMAddress? = nil, chain id: UInt64 = TestChain.id) throws
    -> SanctionsOracle
  {
    let nodes = try (nodes ?? [chain.process.url]).map { try URLText(parsing: $0) }
    return SanctionsOracle(
      place ?? contract, chain: id, nodes: nodes, http: HTTPClient(),
      limits: ProviderLimits(timeoutMilliseconds: 2_000))
  }

  private func subject(_ address: EVMAddress) -> ScreeningSubject {
    ScreeningSubject(addresses: [.init(asset: "ETH", key: .evm(address))])
  }

  private func code(_ oracle: SanctionsOracle, at now: Int64? = nil) -> ListError.Code? {
    do throws(ListError) {
      _ = try oracle.screen([subject(listed)], at: now ?? self.now)
      return nil
    } catch { return error.code }
  }

  @Test func `the contract's word decides, and what it cannot know has no source`() throws {
    let other = try chain.lane(6).account
    let subjects =
      [subject(other), subject(listed), ScreeningSubject(addresses: [], names: ["Jane Roe"])]
      + (0..<150).map { _ in subject(other) } + [subject(listed)]
    let answers = try oracle().screen(subjects, at: now)
    #expect(answers.indices.filter { !answers[$0].hits.isEmpty } == [1, 153])
    #expect(answers[1].hits[0].isExact)
    #expect(answers[0].sources.first?.version.hasPrefix("chain 31337 block ") == true)
    #expect(answers[0].sources.first?.ageMilliseconds == 60_000)
    #expect(answers[2].sources.isEmpty)
  }

  @Test func `no contract, another contract, another chain and an old head give no answer`() throws {
    #expect(code(try oracle(at: chain.lane(7).account)) == .badAnswer)
    #expect(code(try oracle(at: chain.contract("usd6"))) != nil)
    #expect(code(try oracle(chain: 1)) == .badAnswer)
    #expect(code(try oracle(), at: now + 3_600_000) == .stale)
    #expect(code(try oracle([])) == .unreachable)
  }

  @Test func `a majority of the nodes must answer, and one yes is a hit`() throws {
    let (up, down) = (chain.process.url, "http://127.0.0.1:1")
    #expect(code(try oracle([up, down])) == .unreachable)
    #expect(code(try oracle([up, up, down])) == nil)
    try chain.fault(["kind": "garbage", "count": .integer(1)])
    #expect(code(try oracle()) == .unreachable)
    #expect(code(try oracle()) == nil)
  }
}
