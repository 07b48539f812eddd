/// How bad an incident is; the terms of service depend on it.
package enum IncidentSeverity: String, CaseIterable, Sendable {
  case critical, high, medium, low
}
