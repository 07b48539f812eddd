package import Chains
import Codecs
package import Engine
package import Money

/// What a desk is for, for ever: the first entry of its journal holds it.
package struct LotterySettings: Hashable, Sendable {
  /// Who counts as the admin of the engine.
  package let admin: LotteryAddress
  /// Where tickets are paid and prizes are paid out.
  package let chain: ChainID
  package let asset: AssetID

  package init(admin: LotteryAddress, chain: ChainID, asset: AssetID) {
    self.admin = admin
    self.chain = chain
    self.asset = asset
  }

  static let kind = "desk_opened"

  /// The journal's first entry.
  var entry: JournalEntry {
    var bytes = BCS.Writer()
    bytes.append(LotteryCommand.version)
    bytes.append(admin)
    bytes.append(chain.description)
    bytes.append(asset.description)
    return JournalEntry(key: LotterySettings.kind, kind: LotterySettings.kind, body: bytes.bytes)
  }

  /// The settings of the desk that this store has; nil before its first request. Throws `lottery_desk.bad_bytes`.
  package init?(standingIn store: any JournalStore) throws {
    guard let first = try store.entries(LotteryEntry.journal, after: 0, limit: 1).first else { return nil }
    var fields = LotteryFieldBytes(first.entry.body)
    let version = try fields.uint8("version")
    let admin = try fields.address("admin")
    let chain = ChainID(try fields.text("chain"))
    let asset = try fields.text("asset").split(separator: "/", maxSplits: 1).map(String.init)
    try fields.finish()
    guard version == LotteryCommand.version, let chain, asset.count == 2 else {
      throw LotteryDeskError(.badBytes, "the first entry of the journal is none that this program writes")
    }
    let token = asset[1] == "native" ? nil : asset[1]
    self.init(admin: admin, chain: chain, asset: AssetID(chain: asset[0], token: token))
  }
}

/// A moment as the shell's clock and block source tell it.
package struct LotteryMoment: Hashable, Sendable {
  /// Whole seconds since 1970.
  package let now: UInt64
  /// The height of a chain's newest block. Nil: the desk counts, and every entry of the journal is a block of its own.
  package let block: UInt64?
  package let chainID: UInt8

  package init(now: UInt64, block: UInt64? = nil, chainID: UInt8) {
    self.now = now
    self.block = block
    self.chainID = chainID
  }
}

/// Where moments come from: never from who asks.
package protocol LotteryTime: Sendable {
  func moment() throws -> LotteryMoment
}

/// The machine's clock. It knows no blocks: the journal counts them.
package struct ClockTime: LotteryTime {
  private let clock: any EngineClock
  private let chainID: UInt8

  package init(clock: any EngineClock, chainID: UInt8) {
    self.clock = clock
    self.chainID = chainID
  }

  package func moment() -> LotteryMoment {
    let seconds = UInt64(max(0, clock.now().milliseconds) / 1000)
    return LotteryMoment(now: seconds, chainID: chainID)
  }
}

extension LotteryAddress {
  /// What the paying chain knows this address by; nil when it is none of that chain.
  ///
  /// EVM and simulated addresses are the last 20 bytes, and the first 12 are zero (docs/adr/0017).
  package func payee(on chain: ChainID) -> Address? {
    let bytes = raw.bytes
    switch chain.family {
    case .evm, .simulated:
      guard bytes.prefix(12).allSatisfy({ $0 == 0 }), bytes.suffix(20).contains(where: { $0 != 0 }) else { return nil }
      return Address(Array(bytes.suffix(20)))
    }
  }
}
