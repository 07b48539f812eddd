/// Dual write: what the archive is expected to hold, and the copy kept for the old system.
package struct LegacyBridge: Equatable, Sendable {
  package init() {}
}
