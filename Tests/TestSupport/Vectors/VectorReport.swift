import Codecs

/// The verdicts on one file: what `make vectors` prints.
package struct VectorReport {
  package let file: VectorFileName
  package let part: VectorPart
  package private(set) var passed = 0
  /// One sentence for each failure, led by the case.
  package private(set) var failures: [String] = []

  package init(_ file: VectorFileName, part: VectorPart) {
    self.file = file
    self.part = part
  }

  /// `vectors evm/rlp.json: 47 passed, 0 failed`; a file of two parts names the part.
  package var line: String {
    let which = file.parts.count > 1 && part == .signing ? " (signing)" : ""
    return "vectors \(file)\(which): \(passed) passed, \(failures.count) failed"
  }

  /// Counts a failure of the file as a whole.
  package mutating func fail(_ why: String) { failures.append(why) }

  /// Runs one case and gives it a verdict.
  ///
  /// It fails when a check fails, when something throws, when no check was made at all, and when a key is left that
  /// nobody read and that is not left to the other part.
  package mutating func run(_ name: String, _ node: VectorNode, _ body: (VectorNode, VectorChecks) throws -> Void) {
    let checks = VectorChecks()
    do {
      try body(node, checks)
      if checks.made == 0 { checks.fail("no check gave a verdict") }
      let leftToSigner = part == .codecs ? file.signingKeys : []
      let optionalHere = part == .signing && file.parts.contains(.codecs)
      for path in node.unread where !leftToSigner.contains(path) {
        if optionalHere && !file.signingKeys.contains(path) { continue }
        checks.fail("nobody checks the key \(path)")
      }
    } catch {
      checks.fail("\(error)")
    }
    if checks.failures.isEmpty {
      passed += 1
    } else {
      failures.append("\(name): " + checks.failures.joined(separator: "; "))
    }
  }
}

/// The checks made for one case.
package final class VectorChecks {
  package private(set) var made = 0
  package private(set) var failures: [String] = []

  /// Compares what was computed with what the file expects.
  package func equal<Value: Equatable>(_ actual: Value, _ expected: Value, _ what: String) {
    made += 1
    if actual != expected { failures.append("\(what) is \(actual), expected \(expected)") }
  }

  /// As `equal`, for bytes, which print as hex.
  package func equal(_ actual: [UInt8], _ expected: [UInt8], _ what: String) {
    equal(Hex.prefixed(actual), Hex.prefixed(expected), what)
  }

  package func holds(_ condition: Bool, _ what: String) {
    made += 1
    if !condition { failures.append(what) }
  }

  /// Passes when `body` throws an error of the expected type, and of a code that `accepts` takes.
  package func refused<Failure: Error>(
    by type: Failure.Type, _ what: String, accepts: (Failure) -> Bool = { _ in true }, _ body: () throws -> Void
  ) {
    made += 1
    do {
      try body()
      failures.append("\(what) was accepted")
    } catch let error as Failure {
      if !accepts(error) { failures.append("\(what) was refused for another reason: \(error)") }
    } catch {
      failures.append("\(what) was refused by another error: \(error)")
    }
  }

  fileprivate func fail(_ why: String) { failures.append(why) }
}
