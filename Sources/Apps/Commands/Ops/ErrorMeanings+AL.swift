// swift-format-ignore-file
/// Codes and meanings of docs/errors.md, from a-l; made by tools/errors.sh.
extension ErrorMeanings {
  static let aToL = #"""
    abi.bad_type a type name that the ABI does not have
    abi.not_canonical padding or an offset that no encoder writes
    abi.too_large the data claims more elements than it can hold, or than the limit
    abi.truncated the data ends inside a value
    abi.wrong_value the value does not fit its ABI type
    address.bad_checksum mixed-case address whose case does not fit its EIP-55 checksum: a digit is probably wrong; ask the recipient
    address.bad_hex a character that is no hexadecimal digit
    address.bad_length an EVM address is `0x` and 40 digits
    address.checksum_needed an address in one case only, where a checksum was asked for
    argon2.bad_parameters Work factors out of the range that this machine should be asked for.
    argon2.failed libargon2 refused; the message holds its reason.
    argon2.out_of_memory No memory for the hash; wait until the machine has some.
    audit.bad_checkpoint a checkpoint does not fit the audit log or its signature: records were changed after it was signed, or it belongs to another log. Keep both and investigate
    audit.broken A record's fields do not give its hash, or it does not follow the record before it.
    audit.forged_checkpoint A checkpoint was not signed by this key, or does not follow the one before it.
    audit.gap Records are missing.
    audit.missing_checkpoint A checkpoint that the key's folder knows is missing or other in the store.
    audit.rewritten A signed checkpoint names another hash at this record.
    audit.truncated A signed checkpoint names a record that is not there any more.
    audit.witness_unavailable the key that signs checkpoints could not be reached
    bcs.bad_bool A boolean or option byte other than 0 and 1.
    bcs.bad_variant A number of a choice that the type does not have, or types too deep inside one another.
    bcs.length_not_canonical A length that has a shorter form.
    bcs.length_too_long A length of more than ten groups.
    bcs.not_utf8 A text that is not UTF-8.
    bcs.trailing_bytes Bytes follow the record.
    bcs.truncated The record ends inside a field, or claims more elements than bytes follow.
    beacon.bad_previous_signature The chain's scheme asks for the previous signature, or has none; or it is of a length that no signature has.
    beacon.bad_public_key A chain's public key is no point of its group.
    beacon.bad_round Rounds are counted from one.
    beacon.bad_signature The signature is no point that the chain's key could have made.
    beacon.malformed A beacon server's answer is not the JSON of a beacon.
    beacon.time_out_of_range A time before the chain's first round, or past what the count of rounds can hold.
    beacon.wrong_randomness The randomness beside the signature is not the signature's SHA-256.
    beacon.wrong_signature The chain's key did not make this signature for this round.
    broker.bad_topic AM_OUTBOX_TOPIC is no name that every broker takes.
    broker.bad_url AM_QUEUE_URL is not the URL of a broker that is known here.
    broker.denied The broker refuses the name, the password, or the right to write to the topic.
    broker.event_refused The broker does not take this very event. It becomes a dead letter and the others go on.
    broker.event_too_large The event is larger than the broker takes. It becomes a dead letter and the others go on.
    broker.event_unreadable The row of the outbox does not hold JSON. It becomes a dead letter and the others go on.
    broker.full The broker has no room, or too few replicas to keep what it takes. Events wait in the store.
    broker.malformed An answer that is not of the broker's protocol.
    broker.misconfigured The broker is reached and cannot take events as it is set up; the message says what to change.
    broker.no_subscriber Nobody in this process has subscribed, so that handing an event over would lose it.
    broker.timeout The broker did not acknowledge in time. What it may have taken is sent again, under the same ids.
    broker.tls_not_supported TLS to this broker is not built; put a local TLS proxy, or a Unix socket, in between.
    broker.unavailable The broker cannot be reached, or went away. Events wait in the store and nothing is lost.
    campaign.bad_name the name is empty, too long, or holds characters that are not allowed
    campaign.bad_window the window ends before it begins, or its time zone is unknown
    campaign.empty the campaign has no payable recipient; ingest a file first
    campaign.illegal_transition the campaign cannot do that in its present status; nothing was changed
    campaign.loading an ingest is not finished; run it again, it resumes
    campaign.name_taken another campaign has this name
    campaign.not_approved the content was not approved, or changed since
    campaign.not_found no campaign has this name in this store; check `--dsn`
    campaign.rate_limited A limit has no room for the campaign's next payouts; they go on by themselves.
    campaign.window_closed The campaign's window is closed; it opens by itself.
    command.cannot_read A file named on the command line does not exist or cannot be read
    command.cannot_write A file cannot be written
    command.declined A person said no
    command.file_exists A file stands where a new one should be made; nothing is overwritten
    command.incomplete Some payouts are not final yet; the same command can finish them
    command.insufficient_funds The accounts that would pay cannot cover the campaign together; nothing was started
    command.needs_people What is left waits for a decision: failed payouts, unknown fates, a paused campaign
    command.no_sender No sending account is configured
    command.usage The command line was not understood
    config.bad_value A setting has a value that it cannot have
    config.conflict Two settings contradict each other
    config.missing A setting that this command needs is not set
    config.not_supported A setting whose feature is not built yet; it is refused, never ignored
    config.unknown_setting A name that starts with AM_ and is not a setting
    crypto.bad_length A key, seed, nonce or signature of another length.
    crypto.bad_parameters Work factors out of the range that this machine should be asked for.
    crypto.failed OpenSSL refused; the message holds its reason.
    crypto.no_randomness The system's random source failed: nothing that needs secrecy may go on.
    crypto.out_of_memory OpenSSL got no memory
    curl.bad_request The request itself is wrong: a URL or a header that no server should be sent.
    curl.cannot_connect the endpoint refused the connection
    curl.cannot_resolve the host has no address
    curl.connection_lost The connection ended in the middle, or without a response.
    curl.failed the transfer failed; the message says how
    curl.malformed What came back is not HTTP.
    curl.out_of_memory libcurl got no memory
    curl.timeout the endpoint did not answer in time: whether it acted is unknown
    curl.tls The handshake failed or the certificate is not to be trusted.
    curl.too_large The response passed the size limit and was dropped.
    curve.bad_flags The three bits before the coordinate are none that a compressed point can have.
    curve.bad_length A compressed point of G1 has 48 bytes, one of G2 96.
    curve.infinity The neutral element, which verifies with every key of its kind.
    curve.not_canonical A coordinate is not below the field's prime: the point has another, shorter name.
    curve.not_in_subgroup The point is on the curve and outside of the group that signatures live in.
    curve.not_on_curve No point of the curve has this coordinate.
    custodial.bad_request The request cannot be written: an amount is no number.
    custodial.http_status The custodian answered with an HTTP status other than success.
    custodial.key_missing Production calls no custodian without a key.
    custodial.malformed_response The answer cannot be read, or lacks a field: the request may have been executed.
    custodial.network No answer came, or the connection broke: the request may have been executed.
    custodial.not_sent Nothing left this machine: no connection, or a host that is not on the list.
    custodial.upstream_rejected The custodian refused; whether that proves anything is the provider's list to say.
    draw.bundle_malformed The file is no draw bundle of a known version.
    draw.bundle_too_large The file, or a list in it, is larger than a verifier reads.
    draw.out_of_order A step of the draw came before the one that it builds upon.
    draw.plan_invalid A plan of randomness that cannot be followed.
    draw.plan_locked A plan is declared before sales open, and stays.
    draw.refuted A statement of the bundle is false.
    draw.ticket_refuted The ticket's proof does not lead to the commitment.
    draw.value_stands A value of this draw was accepted before, and another one was offered.
    draw.wrong_question The value answers another question than the closing commitment asks at this time.
    eip712.bad_document not an EIP-712 document
    eip712.bad_type a type that EIP-712 does not have, or that the document does not define
    eip712.bad_value a value does not fit its type
    endpoint.behind The node is not at the block that was asked for.
    endpoint.inconsistent The node contradicts itself, or serves another chain.
    endpoint.malformed Not JSON-RPC, or not the shape that the method answers with.
    endpoint.rate_limited Status 429: the node asks to be left alone for a while.
    endpoint.refused The node answered with a JSON-RPC error.
    endpoint.silent No answer, or one that is not of the protocol's transport.
    endpoint.timed_out No answer within the time that was set for it.
    endpoint.too_large The answer is larger than the limit.
    engine.unexpected An error that no subsystem names: a fault of the program.
    file.denied The operating system does not allow it.
    file.full The disk, the quota or the process's file size limit is exhausted.
    file.io The device failed, or the system refused for another reason.
    file.not_a_file A directory, a socket or another thing stands where a file was expected.
    file.not_found No such file or directory.
    incident.bad_row A row of the Markdown table has not five cells or no time; nothing was written, mend the row first.
    incident.bad_text A text is empty, too long, or holds control characters.
    incident.bad_time A time is not `YYYY-MM-DD HH:MM` in UTC, lies in the future, or before the incident began.
    incident.closed The incident is closed already; notes can still be added, milestones cannot.
    incident.no_milestone This kind of incident, or this severity, has no such milestone: the message lists those it has.
    incident.not_found There is no incident with this number: `almoner incident list --all` shows them.
    incident.table_not_found The Markdown file has no table of incidents; nothing was written.
    ingest.already_loaded The recipient was loaded into the campaign before.
    ingest.amount_too_large The amount is larger than 2^256 - 1 base units.
    ingest.amount_too_precise The amount has more digits after the point than the asset.
    ingest.bad_address The address has another form or length than the chain's.
    ingest.bad_amount The amount is no number.
    ingest.bad_checksum Upper and lower case letters do not match the address's checksum.
    ingest.bad_header The first line is not a usable list of column names.
    ingest.bad_json An element of a JSON source is not a readable object.
    ingest.bad_option An option has no meaning: decimals out of range.
    ingest.bad_payout_id The payout id is longer than 128 characters or holds unprintable ones.
    ingest.bad_quoting A quote stands inside an unquoted field, or something follows a closing quote.
    ingest.bare_carriage_return A carriage return without a line feed.
    ingest.broken_json The JSON breaks off or is no list of objects, so where later rows begin is unknown.
    ingest.campaign_closed A canceled campaign takes no recipients.
    ingest.column_count The row has more or fewer fields than the header has columns.
    ingest.duplicate_column Two columns have the same name, letter case and outer spaces aside.
    ingest.duplicate_member Two members of one JSON object have the same name, letter case aside.
    ingest.duplicate_payout_id Another recipient in the file has the same payout id.
    ingest.duplicate_recipient The recipient stands in the file more than once.
    ingest.empty_file The source has no bytes, or only a byte order mark.
    ingest.exponent_amount The amount has an exponent.
    ingest.field_too_large One field is longer than 64 KiB.
    ingest.forbidden_address The address is the token or the batch contract itself.
    ingest.fractional_amount The amount has a decimal point, but is to be in base units.
    ingest.hash_failed The content hash could not be computed.
    ingest.metadata_too_large The columns kept as metadata are longer than 64 KiB together.
    ingest.missing_column A column that is needed (address, amount) is not there.
    ingest.missing_value The address or the amount is empty or missing.
    ingest.nested_value A member of a JSON object is itself a list or an object.
    ingest.no_rows There is a header, or an empty list, and no row.
    ingest.not_text The source is an archive, a spreadsheet or another binary file.
    ingest.not_utf8 A field is not UTF-8.
    ingest.payout_id_taken A payout of an earlier load has the same payout id.
    ingest.rejects_unwritable The rejects file could not be written.
    ingest.reserved_payout_id The payout id has the form of ids that are given out here.
    ingest.row_too_large The row is longer than 1 MiB.
    ingest.separated_amount The amount has thousands separators.
    ingest.settings_differ This file is already loaded, under other choices (duplicate policy, decimals, format).
    ingest.signed_amount The amount has a plus or minus sign.
    ingest.spaced_amount The amount has spaces.
    ingest.spill_failed The temporary files that sort the rows could not be written or read back.
    ingest.spill_full No room left for the temporary files that sort the rows.
    ingest.sum_of_different_ids Rows of one recipient cannot be summed, because their payout ids differ.
    ingest.sum_overflow The amounts of one recipient add up to more than 2^256 - 1.
    ingest.too_many_columns The header names more columns than are read.
    ingest.too_many_rows More rows than a campaign can hold.
    ingest.total_overflow The accepted amounts add up to more than 2^256 - 1.
    ingest.unknown_format The format is neither named nor clear from the file's name.
    ingest.unreadable The source could not be opened or read to its end.
    ingest.unterminated_quote A quote was opened and never closed, so where later rows begin is unknown.
    ingest.wrong_encoding The source is UTF-16 or UTF-32; only UTF-8 is read.
    ingest.zero_address Payments to the zero address are lost.
    ingest.zero_amount The amount is zero.
    ingest.zero_byte A byte of value zero.
    journal.broken A line is not what the line behind it says it was, or no record: somebody changed the file. Keep it as it is.
    journal.file_failed The file could not be opened, read or written.
    json.bad_number a number that JSON does not allow
    json.bad_string a string with a raw control character, a bad escape, or bytes that are not UTF-8
    json.duplicate_key an object names a key twice; which one was meant cannot be known
    json.not_canonical this value has no canonical form and is therefore not hashed
    json.syntax not JSON at the place named
    json.too_deep nested deeper than the limit
    json.too_large longer than the limit
    json.trailing_bytes something follows the end of the value
    json.truncated the text ends inside a value
    kafka.bad_setting A setting that librdkafka does not take.
    kafka.denied The name, the password or the right to write to the topic was refused.
    kafka.failed librdkafka failed in another way; the message has its name for it
    kafka.fatal The producer is of no use any more: the owner makes another.
    kafka.not_enough_replicas Fewer copies are in sync than the topic wants, or the broker's disk failed.
    kafka.out_of_memory librdkafka got no memory
    kafka.record_refused The broker does not take this record, whatever else is wrong.
    kafka.timeout the brokers did not acknowledge in time: whether they took the records is unknown, and they are sent again
    kafka.too_large the record is larger than the brokers take
    kafka.unavailable No broker of the list can be reached, or the partition has no leader.
    kafka.unknown_topic The topic does not exist and brokers do not make it.
    kafka.withdrawn The record was taken back before it was delivered, or its batch could not be.
    keys.chain_unknown A keystore is used on a chain that is neither a known main network nor a known test network.
    keys.file_exposed Group or others may read a file with a secret.
    kyc.bad_answer The KYC provider's answer is not of the documented shape, or too large.
    kyc.refused The KYC provider refused the question: credentials, limits, a wrong path.
    kyc.unreachable The KYC provider did not answer in time.
    lane.draining The lane plans nothing more: the signer or the chain knows of more than the store.
    lane.insufficient_funds The lane's account cannot pay another batch beside those on their way.
    lane.signing_stopped An operator stopped every signature (almoner safety stop).
    lane.unsettled Earlier transactions of a new lane's account are not final yet.
    ledger.asset_mismatch accounts and amount are not of one asset
    ledger.hold_exceeded more would be settled or released than the hold has left
    ledger.hold_reused a hold with this id exists with other content
    ledger.insufficient the account would fall below zero; fund the campaign or lower the total
    ledger.overflow a balance would not fit in 256 bits
    ledger.same_account a transfer from an account to itself
    ledger.unknown_hold no open hold has this id
    ledger.zero_amount a transfer of nothing
    lists.bad_answer An outside provider's answer is not of the published shape, or does not answer what was asked.
    lists.bad_file A list file to import cannot be read as what it is said to be; the message names the place.
    lists.bad_query A name or address to look for cannot be compared: empty, or too long.
    lists.changed A version's bytes are not those that were sealed at import.
    lists.missing No version of a list that is asked for was ever imported.
    lists.provider_refused An outside provider refused the question: credentials, limits, a wrong data set.
    lists.rolled_back The newest version in the folder is older than the newest that was sealed, or a version between is gone.
    lists.stale A list is older than AM_LISTS_MAX_AGE allows: import a newer one.
    lists.too_large A list file, an entry or a name is larger than any published one.
    lists.unreachable An outside provider did not answer in time.
    lists.unsigned A version is not signed, or not by this desk's key.
    lists.unwritable The folder or the register of seals cannot be written or read.
    lottery.already_initialized Any init_* called twice.
    lottery.amount_overflow Quantity × price, a split part, or required minimum does not fit u64.
    lottery.arithmetic A sum, difference or product does not fit 64 bits.
    lottery.autobot_action_hash_empty Empty digest.
    lottery.autobot_already_registered Operator already known.
    lottery.autobot_caller_mismatch Caller is not the cap's operator.
    lottery.autobot_expired Now > expires_at; expires_at 0 at registration.
    lottery.autobot_failure_limit Failure_count ≥ max_failures; max_failures 0.
    lottery.autobot_forbidden_target Action not allowed; empty action list.
    lottery.autobot_not_registered Operator unknown or has no cap.
    lottery.autobot_pending_exists Second dry run.
    lottery.autobot_pending_mismatch Digest differs from announced.
    lottery.autobot_pending_required Nothing announced.
    lottery.autobot_registry_missing Automation store absent, or caller of init, register or rotate not the admin.
    lottery.autobot_timelock Time-lock too short, not elapsed, or zero on a dry run.
    lottery.batch_limit_zero A batch of zero winners was asked for.
    lottery.bcs_decode Config or partner-cap bytes malformed.
    lottery.cancel_reason_invalid Reason 0.
    lottery.cancellation_record_missing Archive of a canceled lottery with no record.
    lottery.cron_invalid A bot's schedule is neither empty nor a cron line of five fields.
    lottery.distribution_bps_invalid The four shares do not sum to 10 000.
    lottery.draw_algo_mismatch The draw algorithm and the rule of distinct winners contradict each other.
    lottery.draw_algo_unsupported Algorithm not 0…2.
    lottery.draw_status_invalid Lottery status unsuitable for draw, winner, payout, finalize or archive step; also changed winner total.
    lottery.draws_already_initialized The history was initialised before.
    lottery.draws_not_authorized The caller is not the history's admin, nor the package account.
    lottery.draws_not_initialized The history was not initialised, or does not hold the right to write.
    lottery.emergency_stop The emergency stop is set; purchases, draws, payouts and automation wait until two people clear it.
    lottery.feature_disabled Feature off for the caller.
    lottery.feature_mode_invalid Mode not 0…2.
    lottery.feature_unknown Feature has no record and devnet override is off.
    lottery.finalization_incomplete Finalize before all winners assigned.
    lottery.history_control_missing Dual-write store absent.
    lottery.history_decode Summary bytes malformed.
    lottery.history_expected_missing No expectation set and abort_on_missing.
    lottery.history_id_mismatch Id inside bytes ≠ argument.
    lottery.history_import_hash Import hash differs.
    lottery.history_mismatch Native summary rewritten with other bytes; expected hash differs.
    lottery.history_missing Archive store absent; non-admin init.
    lottery.history_not_authorized Non-admin on history or dual-write.
    lottery.history_not_legacy Legacy operation on a native record, or native write over a legacy one, or import over a native one.
    lottery.history_summary_missing Rollback or reclassify of an unknown id.
    lottery.hub_already_initialized The hub was initialised before.
    lottery.hub_arithmetic The next id does not fit 64 bits.
    lottery.hub_callback_not_allowed Somebody else than the one named calls back.
    lottery.hub_callback_not_configured Nobody was named who may call back.
    lottery.hub_inactive_lottery The registration is switched off.
    lottery.hub_not_authorized The caller is not the hub's admin, nor the account it belongs to.
    lottery.hub_not_initialized The hub was not initialised.
    lottery.hub_unknown_lottery No registration has this id.
    lottery.hub_unknown_request No pending request has this id.
    lottery.jackpot_allowance_increase Raising a non-zero allowance.
    lottery.jackpot_allowance_underflow Consuming more allowance than left.
    lottery.legacy_not_authorized Only the package account sets up the old system's store.
    lottery.lottery_exists Id already used.
    lottery.lottery_not_active Purchase when status ≠ ACTIVE.
    lottery.not_authorized The caller is not the admin, nor anybody else who may do this.
    lottery.not_found No lottery has this id.
    lottery.number_missing The randomness has no number for a prize slot.
    lottery.operations_alloc_exceeded Operations paid would exceed operations allocated.
    lottery.pagination_limit Page limit over 1000.
    lottery.partner_cap_refused The partner's cap is unknown, expired, or for another slug, series or number of lotteries.
    lottery.partner_payout_budget_exceeded Amount > remaining.
    lottery.partner_payout_cap_missing No cap for that partner.
    lottery.partner_payout_cooldown Partner cooldown not over.
    lottery.partner_payout_expired Timestamp after expiry.
    lottery.partner_payout_holder_mismatch Not raised; the number is kept for it.
    lottery.partner_payout_nonce Nonce ≠ next; constructor stride 0.
    lottery.payout_alloc_exceeded Prize paid would exceed allocated.
    lottery.payout_batch_cap_missing No batch cap set.
    lottery.payout_batch_cooldown Cap cooldown not over.
    lottery.payout_batch_nonce Nonce ≠ last + stride; constructor stride 0.
    lottery.payout_batch_too_large Items > cap size.
    lottery.payout_cooldown Payout timestamp earlier than the last one.
    lottery.payout_operations_budget Cap budget exceeded.
    lottery.payout_round_non_monotonic Payout round ≠ last + 1; partner round < last.
    lottery.payout_state_missing No winner state for the lottery.
    lottery.premium_cap_expired Premium cap past its end.
    lottery.premium_cap_mismatch Not raised; the number is kept for it.
    lottery.premium_cap_missing Caller has no premium cap.
    lottery.price_clamp_active Clamp on.
    lottery.price_clamp_not_active Clearing a clamp that is off.
    lottery.price_clamp_triggered Not raised; the number is kept for it.
    lottery.price_decimals_invalid Decimals > 18.
    lottery.price_fallback_active Fallback on.
    lottery.price_feed_exists Asset registered twice.
    lottery.price_feed_not_found Unknown asset.
    lottery.price_stale Age > window.
    lottery.price_value_invalid A price, its window or its threshold is 0, or its time goes back or lies ahead.
    lottery.primary_type_locked Type change outside DRAFT.
    lottery.primary_type_not_allowed Partner cap does not list the type.
    lottery.prize_plan_empty No slots.
    lottery.prize_slot_invalid Slot with 0 winners, or reward type > 3.
    lottery.purchase_address_limit Per-address limit.
    lottery.purchase_block_share A buyer used up their share of the purchases of this block.
    lottery.purchase_grace_restricted First purchase in the last 15 s without premium.
    lottery.purchase_qty_limit Quantity > 128.
    lottery.purchase_qty_zero Quantity 0.
    lottery.purchase_rate_limit_block 65th purchase in one block.
    lottery.purchase_rate_limit_window 11th purchase in a buyer's window.
    lottery.purchase_total_limit Lottery total limit.
    lottery.refund_after_payout A prize without winners to pay it to, or beyond the money that is left.
    lottery.refund_batch_empty All three amounts 0.
    lottery.refund_limit_funds Refunded money > proceeds.
    lottery.refund_limit_tickets Refunded tickets > sold.
    lottery.refund_not_active Refund tracking not started.
    lottery.refund_progress_funds Archive with money not refunded.
    lottery.refund_progress_incomplete Archive with tickets not refunded.
    lottery.refund_round_non_monotonic Round ≠ last + 1.
    lottery.refund_status_invalid Lottery not CANCELED, or no sales state.
    lottery.refund_timestamp Refund time goes back; archive time before cancellation.
    lottery.registry_missing A store of the engine is absent: its `init` operation was not called.
    lottery.reward_backend_invalid The reward backend is neither native nor partner.
    lottery.roles_not_initialized Role store absent.
    lottery.sales_window_closed Purchase outside [start, end].
    lottery.sales_window_invalid Sales_start ≥ sales_end.
    lottery.snapshot_frozen Move to CLOSING while already frozen (cannot occur through public calls).
    lottery.status_transition_not_allowed Transition not in the table of section 3.
    lottery.tag_budget_exceeded More than 16 bits set.
    lottery.tag_mask_not_allowed Config tags not a subset of the cap's mask.
    lottery.tag_not_allowed The tag may not stand on a lottery of this type (policy matrix).
    lottery.tag_primary_type Primary type not 0…3.
    lottery.tag_unknown_bit Mask has a bit outside the known mask.
    lottery.tags_locked Tag change outside DRAFT/ACTIVE or after freeze.
    lottery.ticket_limit_invalid Total limit 0, or per-address limit > total.
    lottery.ticket_price_zero Price 0.
    lottery.time_reversed The moment lies before something that has already happened.
    lottery.too_few_tickets More winners than tickets, though no ticket may win twice.
    lottery.vrf_attempt_out_of_order Attempt counter at 255 (unreachable, see test catalogue).
    lottery.vrf_client_seed_overflow Next seed = 2^64−1.
    lottery.vrf_consumed Randomness already consumed.
    lottery.vrf_deposit_config Multiplier < 10 000.
    lottery.vrf_deposit_not_initialized Deposit ledger absent on write.
    lottery.vrf_manual_deadline Schedule time 0 or in the past.
    lottery.vrf_manual_schedule_required Manual strategy, later attempt, nothing scheduled.
    lottery.vrf_nonce_unknown Nonce not registered, not current, or reused by the provider.
    lottery.vrf_not_requested Callback or schedule with no matching request.
    lottery.vrf_payload_mismatch Client seed or message hash differs.
    lottery.vrf_pending Request outstanding, or fulfilled and not consumed.
    lottery.vrf_requests_paused Requests paused.
    lottery.vrf_retry_policy_invalid Bad strategy or delays; schedule used with a non-manual strategy.
    lottery.vrf_retry_window Before retry_after_ts.
    lottery.vrf_rng_count_invalid Slot count 0 or > 255; callback count differs.
    lottery.vrf_snapshot_empty No tickets sold.
    lottery.winner_all_assigned Nothing left to assign.
    lottery.winner_dedup_exhausted 16 candidates all taken.
    lottery.winner_index_out_of_range Ordinal or ticket index outside range, or no sales state.
    lottery.winner_vrf_not_ready Winners asked before fulfilment.
    lottery.winners_paid_exceeded More winners are said to be paid than were assigned.
    lottery.winners_unpaid Winners are assigned and neither paid nor waived.
    lottery_desk.bad_argument An argument is missing, stands twice, or is not of its kind.
    lottery_desk.bad_batch A batch of prizes names no winner, or more money or fewer units than winners.
    lottery_desk.bad_bytes Bytes are not the command or entry that was expected.
    lottery_desk.bad_config A lottery's configuration as JSON has not the members that it needs.
    lottery_desk.bad_key A request's key is empty, too long or has other characters than printable ASCII.
    lottery_desk.busy Others kept writing first; nothing of the request was done.
    lottery_desk.draw_refused A plan, a draw or a value is not as the lottery's plan has it; the message begins with the `draw.` code.
    lottery_desk.key_reused The key stands for another request.
    lottery_desk.not_allowed The address is none that the person may act as, or may not do this.
    lottery_desk.not_payable A buyer's or partner's address is none of the paying chain.
    lottery_desk.pot_too_low The pot of a lottery has not what the operation takes.
    lottery_desk.replay_differs An entry of the journal, done again, ends otherwise than it did: this program has other rules.
    lottery_desk.settings_differ The journal belongs to a desk of another admin, chain or asset.
    lottery_desk.unknown_operation No operation has this name.
    lottery_desk.unknown_view No view has this name.
    """#
}
