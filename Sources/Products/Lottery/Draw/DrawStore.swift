/// Draws by lottery, and which lottery waits for which nonce.
package struct DrawStore: Equatable, Sendable {
  package internal(set) var states: [UInt64: DrawState] = [:]
  package internal(set) var nonces: [UInt64: UInt64] = [:]

  package init() {}
}
