/// Why a runbook could not be read, or a step not be taken. Codes are stable: docs/errors.md.
package struct RunbookError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The file is no runbook of format 1: the message names the place (docs/reference/runbook.schema.json).
    case badFile = "runbook.bad_file"
    /// No runbook is shipped under this name, and no run has this number.
    case notFound = "runbook.not_found"
    /// An input of the run is missing, unknown or not of its kind.
    case badInput = "runbook.bad_input"
    /// The step is not the next one, or is done already: no step is left out.
    case wrongStep = "runbook.wrong_step"
    /// What the step's check asks for does not hold. Mend it and take the same step again; it cannot be skipped.
    case checkFailed = "runbook.check_failed"
    /// The step was begun and did not come to its end: nobody knows how far it came. Look, then say --happened or --repeat.
    case halfDone = "runbook.half_done"
    /// Evidence that the step asks for is missing or not of its kind.
    case evidenceMissing = "runbook.evidence_missing"
    /// The step may not be skipped: only optional ones may, with a reason.
    case notOptional = "runbook.not_optional"
    /// The role of the person does not allow this step.
    case notYours = "runbook.not_yours"
    /// The step needs somebody else than who took the one that it checks.
    case secondPerson = "runbook.second_person"
    /// The time that the step waits for is not over; the same command later goes on.
    case notYet = "runbook.not_yet"
    /// The run is over; begin another one with --fresh.
    case ended = "runbook.ended"
    /// Steps remain; the same command goes on where it stopped.
    case unfinished = "runbook.unfinished"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
