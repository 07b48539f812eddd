package import Codecs

/// A policy: lists, then rules in order, then what holds when none matched. Made by `parse` alone.
package struct PolicyDocument: Hashable, Sendable {
  package let name: String
  /// How long a verdict counts.
  package let maxAgeSeconds: Int64
  package let lists: [AddressList]
  package let rules: [Rule]
  /// What is counted when payouts are promised.
  package let limits: [RateLimit]
  package let otherwise: Outcome
  /// The file as it is kept: canonical JSON (sorted keys, no blanks), so that its layout changes nothing.
  package let canonical: [UInt8]
  /// The policy's version: Keccak-256 of `canonical`.
  package let digest: Hash32
  /// The canonical bytes of each rule, to know whether a rule is the one that somebody judged.
  package let ruleBytes: [String: [UInt8]]

  /// What its rules ask for.
  package var attributes: Set<Attribute> { rules.reduce(into: []) { $0.formUnion($1.when.attributes) } }

  /// A verdict that depends on the hour is old a minute later, one that depends on what is used up of a limit ten minutes.
  package var verdictSeconds: Int64 {
    let attributes = attributes
    if attributes.contains(.timeOfDay) { return min(maxAgeSeconds, 60) }
    return attributes.contains { if case .used = $0 { true } else { false } } ? min(maxAgeSeconds, 600) : maxAgeSeconds
  }

  /// The time zones that its rules name.
  package var zones: Set<String> { rules.reduce(into: []) { $0.formUnion($1.when.zones) } }
}
