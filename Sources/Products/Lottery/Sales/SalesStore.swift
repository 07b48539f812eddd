/// What was sold, by lottery.
package struct SalesStore: Equatable, Sendable {
  package internal(set) var states: [UInt64: SalesState] = [:]

  package init() {}
}
