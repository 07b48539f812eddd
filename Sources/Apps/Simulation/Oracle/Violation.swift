/// A rule that did not hold, by its number in docs/internals/architecture.md; 0 is liveness.
struct Violation: Hashable, Sendable {
  let invariant: Int
  let sentence: String

  init(_ invariant: Int, _ sentence: String) {
    self.invariant = invariant
    self.sentence = sentence
  }
}
