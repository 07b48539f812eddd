/// Price records by asset.
package struct PriceFeedRegistry: Equatable, Sendable {
  package init() {}
}
