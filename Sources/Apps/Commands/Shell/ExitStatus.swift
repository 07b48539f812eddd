/// How a command ends. The numbers follow `sysexits.h` where it has one; the table is docs/reference/exit-codes.md.
package enum ExitStatus: Int32, CaseIterable, Sendable {
  case success = 0
  /// Something is wrong that another run does not mend: findings of an audit, mismatches, unknown fates.
  case findings = 1
  case usage = 64
  /// The data given is wrong: a bad file, a bad address, refused rows under `--strict`.
  case badData = 65
  /// An input does not exist or cannot be read.
  case noInput = 66
  /// A service is not there: no quorum of nodes, no key device, no database.
  case unavailable = 69
  /// A rule of ours was broken: please report it.
  case software = 70
  /// A transaction ran and was rolled back, or is proven to be in no block.
  case transactionFailed = 71
  /// Nobody can say yet what became of a transaction: watch it, send nothing in its place.
  case fateUnknown = 72
  /// Files or disks: full, read-only, damaged.
  case ioError = 74
  /// Not finished, and a repeat of the same command can finish the rest.
  case again = 75
  /// A report was made, and some of it could not be read.
  case degraded = 76
  /// Refused by policy, or a person said no.
  case refused = 77
  /// Settings are missing, unknown or contradictory.
  case config = 78

  /// The one table from error codes to exit codes. Every code of every subsystem is in it: a test walks them all.
  package static func of(_ code: String) -> ExitStatus {
    if let exact = exact[code] { return exact }
    let area = code.prefix { $0 != "." }
    return areas[String(area)] ?? .software
  }

  private static let exact: [String: ExitStatus] = [
    "command.usage": .usage, "command.declined": .refused, "command.file_exists": .refused,
    "command.cannot_read": .noInput, "command.cannot_write": .ioError, "command.incomplete": .again,
    "command.needs_people": .findings, "command.insufficient_funds": .refused, "command.no_sender": .config,

    "campaign.window_closed": .again, "campaign.rate_limited": .again, "campaign.illegal_transition": .refused,
    "campaign.name_taken": .refused,
    "campaign.not_approved": .refused, "campaign.loading": .again,
    "payout.illegal_transition": .refused, "payout.idempotency_key_reused": .refused,
    "payout.not_unknown": .refused, "payout.spender_not_named": .usage, "payout.nodes_know": .again,
    "payout.contradicted": .findings, "policy.not_in_address_book": .refused,
    "rail.no_quorum": .unavailable, "rail.wrong_chain": .config, "rail.contract_mismatch": .config,
    "rail.fee_too_high": .again, "rail.unsupported": .config, "rail.finality_violated": .findings,
    "signing.key_unavailable": .unavailable, "signing.log_failed": .ioError, "signing.key_not_found": .config,
    "signing.wrong_password": .config, "signing.bad_keystore": .badData, "signing.mainnet_refused": .refused,
    "signing.bad_signature": .software, "signing.bad_hsm_uri": .config, "signing.pin_missing": .config,
    "signing.pin_refused": .config, "signing.device_refused": .unavailable, "signing.file_failed": .ioError,
    "signing.bad_bundle": .badData, "signing.unreachable": .unavailable, "signing.bad_frame": .badData,
    "store.stale_fence": .again, "store.stale_state": .again, "store.busy": .again, "store.commit_unknown": .again,
    "store.over_limit": .again,
    "store.unavailable": .unavailable, "store.not_found": .noInput, "store.conflict": .refused,
    "store.bad_dsn": .config, "store.not_durable": .config, "store.ledger_refused": .software,
    "store.newer_version": .config, "store.not_empty": .refused, "store.unfinished_copy": .refused,
    "policy.in_force": .refused, "policy.no_review": .refused, "policy.bad_reason": .usage,
    "audit.witness_unavailable": .ioError,
    "secrets.bad_terms": .config, "secrets.not_set": .config, "secrets.test_failed": .unavailable,
    "secrets.file_failed": .ioError,
    "transport.egress_refused": .config, "kyc.refused": .config,
    "people.approvals_missing": .again, "people.second_person_needed": .again, "people.locked": .again,
    "people.bad_text": .usage,
    "people.not_found": .noInput, "people.forged": .findings,
    "broker.denied": .config, "broker.misconfigured": .config, "broker.bad_url": .config, "broker.bad_topic": .config,
    "broker.tls_not_supported": .config, "broker.event_too_large": .badData, "broker.event_refused": .badData,
    "broker.event_unreadable": .badData,
    "lists.bad_file": .badData, "lists.too_large": .badData, "lists.bad_query": .badData, "lists.missing": .config,
    "lists.stale": .again, "lists.unwritable": .ioError, "lists.unreachable": .unavailable,
    "lists.provider_refused": .config, "lists.bad_answer": .unavailable,
    "incident.not_found": .noInput, "incident.closed": .refused, "incident.bad_time": .usage,
    "incident.bad_text": .usage,
    "incident.no_milestone": .usage, "runbook.bad_file": .badData, "runbook.not_found": .noInput,
    "runbook.bad_input": .usage, "runbook.wrong_step": .refused, "runbook.check_failed": .findings,
    "runbook.half_done": .findings, "runbook.evidence_missing": .usage, "runbook.not_optional": .refused,
    "runbook.not_yours": .refused, "runbook.second_person": .again, "runbook.not_yet": .again,
    "runbook.ended": .refused, "runbook.unfinished": .again, "journal.file_failed": .ioError,
    "lottery.not_found": .noInput, "lottery.bcs_decode": .badData, "lottery.history_decode": .badData,
    "lottery.emergency_stop": .again, "lottery_desk.busy": .again, "lottery_desk.bad_argument": .usage,
    "lottery_desk.unknown_operation": .usage, "lottery_desk.bad_key": .usage, "lottery_desk.bad_bytes": .badData,
    "lottery_desk.bad_config": .badData, "lottery_desk.unknown_view": .usage,
    "lottery_desk.settings_differ": .config, "lottery_desk.replay_differs": .findings,
    "draw.bundle_malformed": .badData, "draw.bundle_too_large": .badData, "draw.refuted": .findings,
    "draw.ticket_refuted": .findings,
    "wallet.not_found": .noInput, "wallet.withdrawal_not_found": .noInput, "wallet.bad_amount": .badData,
    "wallet.bad_order": .badData, "wallet.bad_days": .usage, "wallet.bad_tree": .badData,
    "wallet.key_in_progress": .again, "wallet.order_failed": .again, "wallet.upstream_failed": .unavailable,
    "wallet.upstream_unknown": .findings, "custodial.bad_request": .badData, "custodial.upstream_rejected": .refused,
    "custodial.key_missing": .config,
    "lane.draining": .findings, "lane.signing_stopped": .again, "lane.unsettled": .again,
    "vrf.failed": .software, "vrf.out_of_memory": .software, "randomness.not_yet": .again,
    "randomness.unproven": .findings, "randomness.wrong_source": .config, "randomness.already_answered": .refused,
    "randomness.log_failed": .ioError,
    "operations.bad_setting": .usage, "operations.missing_setting": .usage, "operations.rule_broken": .refused,
    "operations.not_delivered": .unavailable, "rail.view_refused": .unavailable,
    "engine.unexpected": .software, "ingest.spill_full": .ioError,
    "ingest.spill_failed": .ioError, "ingest.rejects_unwritable": .ioError, "ingest.unreadable": .noInput,
    "ingest.hash_failed": .software, "ingest.campaign_closed": .refused, "ingest.settings_differ": .refused,
    "ingest.bad_option": .usage, "ingest.unknown_format": .usage,
  ]

  private static let areas: [String: ExitStatus] = [
    "money": .badData, "json": .badData, "abi": .badData, "rlp": .badData, "eip712": .badData,
    "transaction": .badData, "merkle": .badData, "ingest": .badData, "campaign": .badData,
    "payout": .badData, "rail": .badData, "signing": .refused, "ledger": .software, "store": .ioError,
    "audit": .findings, "draw": .refused, "config": .config, "command": .usage, "transport": .unavailable,
    "rpc": .unavailable,
    "sqlite": .ioError, "postgresql": .unavailable, "pkcs11": .unavailable, "secp256k1": .software,
    "curl": .unavailable, "lane": .findings, "engine": .software, "address": .badData, "crypto": .software,
    "record": .ioError,
    "keys": .config,
    "endpoint": .unavailable, "file": .ioError, "broker": .unavailable, "redis": .unavailable, "nats": .unavailable,
    "kafka": .unavailable, "lists": .findings, "kyc": .unavailable, "maxmind": .noInput, "xml": .badData,
    "secrets": .refused, "people": .refused, "policy": .badData, "argon2": .software, "oath": .software,
    "bcs": .badData, "lottery": .refused, "lottery_desk": .refused, "move": .badData, "operations": .badData,
    "incident": .badData, "runbook": .refused, "journal": .findings,
    "wallet": .refused, "custodial": .unavailable,
    "beacon": .badData, "curve": .badData, "vrf": .badData, "randomness": .unavailable,
  ]

  /// One sentence for a person.
  package var meaning: String {
    switch self {
    case .success: "done"
    case .findings: "something is wrong that another run does not mend: mismatches, unknown fates, failed payouts"
    case .usage: "the command line was not understood"
    case .badData: "the data given is wrong: a bad file, a bad address, refused rows under --strict"
    case .noInput: "an input does not exist or cannot be read"
    case .unavailable: "a service is not there: no quorum of nodes, no key device, no database"
    case .software: "a rule of ours was broken: please report it"
    case .transactionFailed: "a transaction had no effect: it was rolled back, or no block took it"
    case .fateUnknown: "nobody can say yet what became of a transaction: watch it, send nothing in its place"
    case .degraded: "a report was made, and some of it could not be read"
    case .ioError: "files or disks: full, read-only, damaged"
    case .again: "not finished; the same command again can finish the rest"
    case .refused: "refused by policy, or a person said no"
    case .config: "settings are missing, unknown or contradictory"
    }
  }

  /// The table as text: exact codes, then `area.*`.
  package static var table: [(code: String, status: ExitStatus)] {
    exact.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      + areas.sorted { $0.key < $1.key }.map { ("\($0.key).*", $0.value) }
  }

  /// Whether a code's area is known, for the test that walks all codes.
  package static func knows(_ code: String) -> Bool {
    exact[code] != nil || areas[String(code.prefix { $0 != "." })] != nil
  }
}
