/// Whether an act waits for a second person.
package enum SecondPerson: Hashable, Sendable {
  /// Nobody is enrolled: whoever may use the machine is the single local operator, whose acts go through at once.
  case notThere
  case required

  /// Throws `people.no_session` in production without people: it knows no local operator.
  package static func rule(_ people: [Person], isProduction: Bool) throws(PeopleError) -> SecondPerson {
    guard people.isEmpty else { return .required }
    guard !isProduction else {
      throw PeopleError(
        .noSession, "nobody is enrolled, and AM_MODE=production knows no local operator",
        hint: "make the first admin: almoner people bootstrap")
    }
    return .notThere
  }
}
