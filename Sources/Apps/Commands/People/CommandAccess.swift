package import Policy

/// What a command asks of whoever types it, once people are enrolled.
package enum CommandAccess: Hashable, Sendable {
  /// Nothing: it shows no store and moves nothing.
  case free
  /// A session alone; or none, for the commands that begin one. The command itself asks.
  case own
  case needs(Permission)

  var text: String {
    switch self {
    case .free: "nothing"
    case .own: "nothing, or a session of one's own"
    case .needs(let permission): "`\(permission.rawValue)`"
    }
  }

  /// A command that is not in the table is nobody's.
  package static func of(_ command: CommandSpec) -> CommandAccess {
    table[command.path.joined(separator: " ")] ?? .needs(.peopleManage)
  }

  /// By the words of the command.
  package static let table: [String: CommandAccess] = [
    "config check": .free, "demo": .free, "reference": .free,
    // The signer has a user of its own and no store: who may start it, the machine says.
    "signer": .free, "keys uses": .free,
    // A stranger's file and nothing else.
    "lottery page": .needs(.view), "lottery verify": .free, "lottery ticket prove": .free,
    "lottery ticket verify": .free,
    "vrf new-key": .free, "vrf serve": .free, "vrf prove": .free,
    "login": .own, "logout": .own, "whoami": .own, "mfa enroll": .own, "mfa confirm": .own, "mfa recovery": .own,
    "people bootstrap": .own, "people password": .own, "approvals new-key": .free, "approvals approve": .own,
    "approvals reject": .own,
    "campaigns list": .needs(.view), "campaigns show": .needs(.view), "payouts list": .needs(.view),
    "payouts status": .needs(.view), "lanes list": .needs(.view), "quote": .needs(.view), "report": .needs(.view),
    "outbox status": .needs(.view), "approvals list": .needs(.view), "approvals show": .needs(.view),
    "campaigns create": .needs(.campaignPrepare), "recipients ingest": .needs(.campaignPrepare),
    "run": .needs(.campaignRun), "serve": .needs(.campaignRun), "store copy": .needs(.storeManage),
    "worker": .needs(.campaignRun), "campaigns resume": .needs(.campaignRun),
    "import-signed": .needs(.campaignRun), "campaigns pause": .needs(.campaignStop),
    "campaigns cancel": .needs(.campaignStop), "approvals ask": .needs(.approvalAsk),
    "payouts compensate": .needs(.payoutCompensate),
    "keys create": .needs(.keyUse), "keys generate": .needs(.keyUse), "keys show": .needs(.keyUse),
    "keys sign-offline": .needs(.keyUse),
    "lanes adopt": .needs(.laneManage), "lanes reopen": .needs(.laneManage),
    "evm deploy-batch-contract": .needs(.laneManage), "store check": .needs(.storeManage),
    "snapshot export": .needs(.storeManage), "snapshot restore": .needs(.storeManage), "export": .needs(.export),
    "outbox relay": .needs(.eventManage), "outbox replay": .needs(.eventManage),
    "outbox dead-letters": .needs(.eventManage), "audit verify": .needs(.auditView), "audit seal": .needs(.auditView),
    "reconcile": .needs(.auditView), "people list": .needs(.peopleView), "people show": .needs(.peopleView),
    "people add": .needs(.peopleManage), "people roles": .needs(.peopleManage),
    "people disable": .needs(.peopleManage), "people enable": .needs(.peopleManage),
    "policy check": .free, "policy show": .needs(.view), "policy history": .needs(.view),
    "policy simulate": .needs(.view), "policy activate": .needs(.policyManage), "screen": .needs(.campaignPrepare),
    "reviews list": .needs(.view), "reviews show": .needs(.view), "reviews clear": .needs(.reviewDecide),
    "reviews refuse": .needs(.reviewDecide), "safety show": .needs(.view), "safety stop": .needs(.campaignStop),
    "safety resume": .needs(.laneManage), "lists import": .needs(.policyManage), "lists show": .needs(.view),
    "lists verify": .needs(.auditView), "lists check": .needs(.view),
    "secrets report": .needs(.auditView), "secrets rotate": .needs(.secretManage),
    "proposals list": .needs(.proposalView), "proposals show": .needs(.proposalView), "proposals confirm": .own,
    "proposals reject": .own, "payouts unknown": .needs(.view), "payouts settle": .needs(.payoutSettle),
    "addresses add": .needs(.bookManage), "addresses remove": .needs(.bookManage),
    "addresses import": .needs(.bookManage), "addresses list": .needs(.view),
    // They read public chains, and no store.
    "ops explain": .free, "ops calc-min-balance": .free, "ops monitor-json": .free, "ops monitor-slack": .free,
    "ops monitor-prometheus": .free, "ops monitor-check": .free, "ops draw-readiness": .free,
    "ops manual-draw": .needs(.laneManage), "ops auto-draw": .needs(.laneManage),
    // The journal of operations must take entries while the store is away: who writes is recorded, not asked.
    "incident open": .own, "incident note": .own, "incident close": .own, "incident row": .own, "incident list": .own,
    "incident show": .own, "incident sla": .own, "incident post-mortem": .own, "incident log": .own,
    "incident-log": .free, "runbook list": .free, "runbook show": .free, "runbook run": .own, "runbook status": .own,
    "runbook abandon": .own, "ops docs-check": .free,
    "people enroll-key": .needs(.peopleManage), "people drop-factor": .needs(.peopleManage),
  ].merging(LotteryCommands.access) { known, _ in known }.merging(LotteryDrawCommands.access) { known, _ in known }
}
