/// The command lines that do by hand what a scheduler's run does: they stand in its JSON line.
package enum AutoDrawCommands {
  /// `common`: flags of profile, addresses and gas, with their values.
  package static func lines(
    common: [String], minTickets: String, assumesYes: Bool, function: String?
  ) -> (readiness: [String], draw: [String]) {
    let tickets = ["--min-tickets", minTickets]
    return (
      ["--json-summary", "--include-report"] + common + tickets,
      ["--json-result"] + tickets + common + (assumesYes ? ["--assume-yes"] : [])
        + (function.map { ["--function-id", $0] } ?? [])
    )
  }
}
