package import Chains
import Codecs
package import Money
import Synchronization

/// What the pages read so far say about the next one.
struct PageMemory {
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
    guard block <= top else { return try emptyPage(top, isNext: block - 1 == top) }
    let most = token == nil ? EVMRail.mostBodies : EVMRail.mostLogBlocks
    var span = min(most, pages.withLock { $0.span[asset] } ?? most)
    while true {
      let last = min(top, block.addingReportingOverflow(span - 1).overflow ? top : block + (span - 1))
      let (answers, failures) = fleet.ask(settled: { self.quorum.agreed($0) != nil }) {
        conversation throws(EndpointFailure) in
        try reader.read(block...last, conversation)
      }
      if let page = quorum.agreed(answers) {
        pages.withLock { $0.span[asset] = min(most, span < .max / 2 ? span * 2 : span) }
        return TransferPage(
          transfers: page.transfers, before: page.before, through: last, throughHash: page.throughHash, finalBlock: top)
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

  /// `isNext`: the page would begin right after the newest final block.
  private func emptyPage(_ top: UInt64, isNext: Bool) throws(RailError) -> TransferPage {
    let answers = try ask("the final block") { conversation throws(EndpointFailure) -> Hash32 in
      _ = try conversation.begin([])
      return try conversation.header(top).hash
    }
    guard let hash = quorum.agreed(answers) else { throw noQuorum("the final block") }
    return TransferPage(transfers: [], before: isNext ? hash : nil, through: top, throughHash: hash, finalBlock: top)
  }
}
