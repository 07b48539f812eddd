/// How many people must say yes: m of at least n who may.
package struct ApprovalRule: Hashable, Sendable, CustomStringConvertible {
  package let needed: Int
  package let eligible: Int

  /// Throws `people.bad_text` unless 1 <= m <= n <= 20.
  package init(_ needed: Int, of eligible: Int) throws(PeopleError) {
    guard needed >= 1, needed <= eligible, eligible <= 20 else {
      throw PeopleError(.badText, "a rule is m/n with 1 <= m <= n <= 20", hint: "for example 2/3")
    }
    self.needed = needed
    self.eligible = eligible
  }

  /// Reads `2/3`.
  package init(parsing text: String) throws(PeopleError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let needed = parts[0], let eligible = parts[1] else {
      throw PeopleError(.badText, "a rule is m/n with 1 <= m <= n <= 20", hint: "for example 2/3")
    }
    try self.init(needed, of: eligible)
  }

  package var description: String { "\(needed)/\(eligible)" }
}
