/// Automation bots by operator.
package struct AutomationRegistry: Equatable, Sendable {
  package init() {}
}
