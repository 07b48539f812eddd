package import Codecs

/// A runbook: what to do when something is wrong or due, as steps that check. Format: docs/reference/runbook.schema.json.
package struct Runbook: Equatable, Sendable {
  package let name: String
  package let title: String
  /// When it is to be used.
  package let trigger: String
  package let inputs: [RunbookInput]
  package let steps: [RunbookStep]
  /// The file as it was read: a run keeps the text that it began with.
  package let source: JSON

  package func step(_ id: String) -> RunbookStep? { steps.first { $0.id == id } }

  /// Every command that a step names, with its place.
  package var commands: [(step: String, command: RunbookCommand)] {
    steps.flatMap { step in
      [step.command, step.verify].compactMap { $0 }.map { (step.id, $0) }
    }
  }
}

/// A value that a run is given at its start, such as a lottery's number; it stands as `{name}` in commands and texts.
package struct RunbookInput: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// A whole number.
    case number
    /// `0x` and hexadecimal digits.
    case hex
    /// Letters, digits and `._:/@-`, not beginning with a dash.
    case word
    /// Any line, for texts only: it never becomes part of a command.
    case text
  }
  package let name: String
  package let kind: Kind
  package let about: String

  /// Throws `runbook.bad_input` for a value that is not of this kind.
  package func check(_ value: String) throws(RunbookError) {
    let bytes = value.utf8
    let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) }
    let isLetter: (UInt8) -> Bool = { (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) }
    let isGood =
      switch kind {
      case .number: (1...39).contains(bytes.count) && bytes.allSatisfy(isDigit)
      case .hex:
        value.hasPrefix("0x") && (3...514).contains(bytes.count)
          && Hex.bytes(value.dropFirst(2).count % 2 == 0 ? String(value.dropFirst(2)) : "0" + value.dropFirst(2)) != nil
      case .word:
        (1...200).contains(bytes.count) && bytes.first != 0x2d
          && bytes.allSatisfy { isDigit($0) || isLetter($0) || "._:/@-".utf8.contains($0) }
      case .text: (1...1_000).contains(bytes.count) && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
      }
    guard isGood else {
      throw RunbookError(.badInput, "\(name)=\(value) is no \(kind.rawValue)", hint: about)
    }
  }
}

/// One step of a runbook.
package struct RunbookStep: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// Must hold. Changes nothing, and may be taken again as often as one likes.
    case check
    /// Changes something: asks first, and never runs twice without asking.
    case act = "do"
    /// Time must pass, or something must happen elsewhere.
    case wait
  }
  package let id: String
  package let kind: Kind
  package let title: String
  package let text: String
  /// Roles that may take it; any when empty. Asked once people are enrolled.
  package let who: [String]
  /// Must be taken by somebody else than who took this step.
  package let otherThan: String?
  /// What this program runs; without one a person does it or looks, and gives evidence.
  package let command: RunbookCommand?
  /// A command that must hold after the action.
  package let verify: RunbookCommand?
  /// The call on the chain that a person makes, for steps that this program does not make itself yet.
  package let call: String?
  package let evidence: [RunbookEvidence]
  package let undo: String?
  package let isOptional: Bool
  /// Type of the row that the log gets when the step is done.
  package let row: String?
  /// Milestone of the incident that is reached when the step is done.
  package let milestone: String?
  /// Minutes that must have passed since the step named.
  package let pause: RunbookPause?
}

package struct RunbookPause: Equatable, Sendable {
  package let minutes: Int64
  package let since: String
}

/// What a person must write down for a step.
package struct RunbookEvidence: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case text
    /// A whole number.
    case number
    /// `0x` and 64 hexadecimal digits: a transaction's or a content's hash.
    case hash
  }
  package let name: String
  package let kind: Kind
  package let about: String

  /// Throws `runbook.evidence_missing`.
  package func check(_ value: String?) throws(RunbookError) {
    let isGood: Bool =
      switch kind {
      case .text: value.map { (try? IncidentBook.checked($0)) != nil } ?? false
      case .number:
        value.map { !$0.isEmpty && $0.utf8.count <= 39 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } } ?? false
      case .hash: value.map { $0.hasPrefix("0x") && Hex.bytes(String($0.dropFirst(2)))?.count == 32 } ?? false
      }
    guard isGood else {
      throw RunbookError(
        .evidenceMissing, "the step needs \(name): \(about)", hint: "--evidence '\(name)=...' (\(kind.rawValue))")
    }
  }
}
