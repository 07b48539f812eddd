package import Chains
import Codecs
package import Money
import Synchronization

/// What the pages read so far say about the next one.
struct PageMemory {
  /// The last block read of each asset, with its hash.
  var checkpoints: [AssetID: (number: UInt64, hash: Hash32)] = [:]
  /// Blocks asked for at once: halved when nodes refuse, doubled when they do not.
  var span: [AssetID: UInt64] = [:]
}

/// Reads transfers page by page, from final blocks only. A page counts when a quorum gives the very same one.
extension EVMRail {
  package func transfers(
    _ asset: AssetID, accounts: [Address], from block: UInt64
  ) throws(RailError) -> TransferPage {
    let token = try evmCodec.token(of: asset)
    var senders: [EVMAddress] = []
    for account in accounts { senders.append(try evmCodec.evm(account)) }
    let reader = TransferReader(
      asset: asset, token: token, senders: Set(senders), batchContract: configuration.batchContract,
      finality: configuration.finality)
    let top = try finalNumber()
    guard block <= top else { return try emptyPage(top) }
    let most = token == nil ? EVMRail.mostBodies : EVMRail.mostLogBlocks
    var span = min(most, pages.withLock { $0.span[asset] } ?? most)
    while true {
      let last = min(top, block.addingReportingOverflow(span - 1).overflow ? top : block + (span - 1))
      let (answers, failures) = fleet.ask(settled: { self.quorum.agreed($0) != nil }) {
        conversation throws(EndpointFailure) in
        try reader.read(block...last, conversation)
      }
      if let page = quorum.agreed(answers) {
        return try accept(page, asset, block, last, top, nextSpan: min(most, span < .max / 2 ? span * 2 : span))
      }
      // A node that finds the span too wide says so in many words; any refusal is met with a smaller one.
      let isRefused = failures.values.contains { [.refused, .tooLarge, .timedOut].contains($0.code) }
      guard isRefused, span > 1 else { throw noQuorum("the transfers of blocks \(block) to \(last)", failures) }
      span = min(span, last - block + 1)
      span = max(1, span / 2)
    }
  }

  /// Blocks of one page when logs are asked for, and when whole bodies are.
  private static var mostLogBlocks: UInt64 { 2_000 }
  private static var mostBodies: UInt64 { 64 }

  /// The highest block that a quorum calls final.
  private func finalNumber() throws(RailError) -> UInt64 {
    let finality = configuration.finality
    let answers = try ask("the final block") { conversation throws(EndpointFailure) -> UInt64 in
      try conversation.finalBlock(finality).number
    }
    guard let top = quorum.reached(answers) else { throw noQuorum("the final block") }
    return top
  }

  private func emptyPage(_ top: UInt64) throws(RailError) -> TransferPage {
    let answers = try ask("the final block") { conversation throws(EndpointFailure) -> Hash32 in
      _ = try conversation.begin([])
      return try conversation.header(top).hash
    }
    guard let hash = quorum.agreed(answers) else { throw noQuorum("the final block") }
    return TransferPage(transfers: [], through: top, throughHash: hash, finalBlock: top)
  }

  private func accept(
    _ page: TransferReader.Page, _ asset: AssetID, _ first: UInt64, _ last: UInt64, _ top: UInt64, nextSpan: UInt64
  ) throws(RailError) -> TransferPage {
    let broken = pages.withLock { pages in
      if let known = pages.checkpoints[asset], known.number &+ 1 == first, known.hash != page.before { return true }
      pages.checkpoints[asset] = (last, page.throughHash)
      pages.span[asset] = nextSpan
      return false
    }
    guard !broken else {
      throw RailError(
        .finalityViolated, "block \(first &- 1) was final with another hash than nodes show now",
        hint: "nothing is paid until people have looked: the chain broke its finality, or a quorum of nodes lies")
    }
    return TransferPage(transfers: page.transfers, through: last, throughHash: page.throughHash, finalBlock: top)
  }
}
