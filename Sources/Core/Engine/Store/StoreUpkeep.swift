/// What an operator asks of a durable store besides its contents.
package protocol StoreUpkeep: Sendable {
  /// What the storage's own checks find: damaged pages, missing parents, guards that were taken away. Empty when all is
  /// well.
  func integrityCheck() throws(StoreError) -> [String]
}
