package import Chains
import Codecs

/// What an engine asks of a signer apart. One call, one answer, in order, over one connection.
package enum SignerCall: Hashable, Sendable {
  /// Which chain, accounts and rules the signer has.
  case describe
  case announce(Address, fence: Int64)
  case sign([SigningRequest])
  case accounts
  case highestFence(Address)
  case records(Address, slots: [UInt64])
  case recordsFrom(Address, slot: UInt64, limit: UInt32)
  case order(Address, slots: [UInt64])

  /// The word in events.
  package var word: String {
    switch self {
    case .describe: "describe"
    case .announce: "announce"
    case .sign: "sign"
    case .accounts: "accounts"
    case .highestFence: "highest_fence"
    case .records: "records"
    case .recordsFrom: "records_from"
    case .order: "order"
    }
  }
}

/// What a signer says of itself.
package struct SignerDescription: Hashable, Sendable {
  package let policy: SigningPolicy
  package let accounts: [Address]
  package let wantsGrounds: Bool

  package init(policy: SigningPolicy, accounts: [Address], wantsGrounds: Bool) {
    self.policy = policy
    self.accounts = accounts
    self.wantsGrounds = wantsGrounds
  }
}

package enum SignerAnswer: Hashable, Sendable {
  case description(SignerDescription)
  case done
  case signed([SignedTransaction])
  case accounts([Address])
  case fence(Int64)
  case records([SlotRecord])
  case order([UInt64: Int64])
  case refused(SigningError)
}

/// Lengths on the wire. A frame is its length in four bytes, big-endian, then that many bytes of one record.
package enum SignerFrame {
  /// Most bytes of a call: some 8,000 payees with their proofs.
  package static let mostCall = 16 << 20
  /// Most bytes of an answer: pages of the log with their bytes.
  package static let mostAnswer = 64 << 20
  /// Slots that one call may ask about.
  package static let mostSlots = 200
  /// Transactions that one call may ask to sign.
  package static let mostRequests = 64

  package static func length(_ head: [UInt8], most: Int) throws(SigningError) -> Int {
    guard head.count == 4, let length = BigEndian.uint64(head), length > 0, length <= UInt64(most) else {
      throw SigningError(.badFrame, "a frame is of an impossible length")
    }
    return Int(length)
  }

  package static func framed(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + 4)
    BigEndian.append(UInt32(clamping: bytes.count), to: &out)
    out += bytes
    return out
  }
}
