/// Winners and payouts by lottery.
package struct PayoutStore: Equatable, Sendable {
  package internal(set) var states: [UInt64: WinnerState] = [:]

  package init() {}
}
