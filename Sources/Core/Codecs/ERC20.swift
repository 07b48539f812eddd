package import Money

/// Calls to a fungible token, what it answers, and the event that says money moved.
/// Source: EIP-20; selectors and topics are hashes of the signatures beside them.
package enum ERC20 {
  /// `transfer(address,uint256)`.
  package static func transfer(to recipient: EVMAddress, _ amount: UInt256) -> [UInt8] {
    call(0xa905_9cbb, [recipient], amount)
  }

  /// `approve(address,uint256)`.
  package static func approve(_ spender: EVMAddress, _ amount: UInt256) -> [UInt8] {
    call(0x095e_a7b3, [spender], amount)
  }

  /// `transferFrom(address,address,uint256)`.
  package static func transferFrom(_ owner: EVMAddress, to recipient: EVMAddress, _ amount: UInt256) -> [UInt8] {
    call(0x23b8_72dd, [owner, recipient], amount)
  }

  /// `balanceOf(address)`; answers a word.
  package static func balance(of owner: EVMAddress) -> [UInt8] { call(0x70a0_8231, [owner], nil) }

  /// `allowance(address,address)`; answers a word.
  package static func allowance(of owner: EVMAddress, to spender: EVMAddress) -> [UInt8] {
    call(0xdd62_ed3e, [owner, spender], nil)
  }

  /// `decimals()`; answers a word.
  package static let decimals: [UInt8] = [0x31, 0x3c, 0xe5, 0x67]

  /// `symbol()`; answers a string, or `bytes32` in the oldest tokens.
  package static let symbol: [UInt8] = [0x95, 0xd8, 0x9b, 0x41]

  private static func call(_ selector: UInt32, _ addresses: [EVMAddress], _ amount: UInt256?) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(4 + 32 * (addresses.count + 1))
    BigEndian.append(selector, to: &out)
    for address in addresses { ABI.append(address, to: &out) }
    amount?.appendBigEndian(to: &out)
    return out
  }
}

// MARK: Answers

extension ERC20 {
  /// What `transfer`, `approve` and `transferFrom` may answer when they do not revert.
  package enum Answer: Hashable, Sendable {
    /// `true`, or nothing at all, as tokens older than the final EIP do.
    case accepted
    /// `false`: the token refused without reverting.
    case refused
    /// Neither: not a token, or not one we understand.
    case unknown
  }

  /// Reads the return data of a call that moves money.
  package static func answer(_ data: [UInt8]) -> Answer {
    if data.isEmpty { return .accepted }
    return switch word(data) {
    case UInt256.one: .accepted
    case UInt256.zero: .refused
    default: .unknown
    }
  }

  /// Reads one word, as `balanceOf` and `allowance` answer; nil for any other length.
  package static func word(_ data: [UInt8]) -> UInt256? { data.count == 32 ? UInt256(bigEndian: data) : nil }

  /// Reads the answer of `decimals()`; nil when it is not a `uint8`.
  package static func decimals(_ data: [UInt8]) -> UInt8? { word(data)?.uint64.flatMap { UInt8(exactly: $0) } }

  /// Reads the answer of `symbol()`, in both forms. The text comes from a stranger: escape it before showing it.
  package static func symbol(_ data: [UInt8]) -> String? {
    if data.count == 32 {
      let text = data.prefix { $0 != 0 }
      guard data.dropFirst(text.count).allSatisfy({ $0 == 0 }) else { return nil }
      return String(validating: text, as: UTF8.self)
    }
    guard case .string(let text)? = try? ABI.decode(data, as: [.string]).first else { return nil }
    return text
  }
}

// MARK: The Transfer event

extension ERC20 {
  /// `Transfer(address,address,uint256)`: money moved, and how much of it arrived.
  package struct Transfer: Hashable, Sendable {
    package let from: EVMAddress
    package let to: EVMAddress
    package let amount: UInt256

    /// The first topic of the event.
    package static let topic = ABI.topic("Transfer(address,address,uint256)")

    /// Reads a log; nil for any other event, and for the one of ERC-721, whose third argument is a topic.
    package init?(topics: [Hash32], data: [UInt8]) {
      guard topics.count == 3, topics[0] == Transfer.topic, data.count == 32, let amount = UInt256(bigEndian: data),
        let from = EVMAddress(topic: topics[1]), let to = EVMAddress(topic: topics[2])
      else { return nil }
      self.from = from
      self.to = to
      self.amount = amount
    }
  }
}

extension EVMAddress {
  /// Reads an address from an indexed argument; nil when the twelve bytes before it are not zero.
  package init?(topic: Hash32) {
    guard topic.words.0 == 0, topic.words.1 >> 32 == 0 else { return nil }
    self.init(lastBytesOf: topic)
  }

  /// The address as an indexed argument: to filter logs.
  package var topic: Hash32 {
    Hash32(words: (0, high >> 32, high << 32 | middle >> 32, middle << 32 | UInt64(low)))
  }
}
