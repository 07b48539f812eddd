/// Ends the run unless the promise holds. In contrast to `precondition`, an optimised build says which one it was.
func promise(_ holds: Bool, _ words: StaticString) {
  guard holds else { broken(words) }
}

func broken(_ words: StaticString) -> Never { fatalError("\(words)") }
