package import Money

/// What a contract said when it refused a call.
///
/// Texts come from strangers: show them only with control characters escaped.
/// Source: Solidity documentation, "Panic via assert and Error via require".
package enum RevertReason: Hashable, Sendable {
  /// `require(false)` without text, or out of gas.
  case empty
  /// `Error(string)`.
  case error(String)
  /// `Panic(uint256)`: 0x11 is arithmetic overflow, 0x12 a division by zero, 0x32 an index out of range.
  case panic(UInt256)
  /// An error the contract declared, or bytes in no known form.
  case custom([UInt8])

  package static let errorSelector = ABI.selector("Error(string)")
  package static let panicSelector = ABI.selector("Panic(uint256)")

  /// Reads the data of a revert. Never fails: what is not understood is `custom`.
  package init(_ data: [UInt8]) {
    let arguments = data.dropFirst(4)
    if data.isEmpty {
      self = .empty
    } else if data.starts(with: RevertReason.errorSelector),
      case .string(let text)? = try? ABI.decode(arguments, as: [.string]).first
    {
      self = .error(text)
    } else if data.starts(with: RevertReason.panicSelector),
      case .uint(let code)? = try? ABI.decode(arguments, as: [.uint(bits: 256)]).first
    {
      self = .panic(code)
    } else {
      self = .custom(data)
    }
  }

  /// The data that a contract would return for this reason.
  package var data: [UInt8] {
    switch self {
    case .empty: []
    case .error(let text):
      RevertReason.errorSelector + ((try? ABI.encode([.string(text)], as: [.string])) ?? [])
    case .panic(let code): RevertReason.panicSelector + code.bigEndianBytes
    case .custom(let data): data
    }
  }
}
