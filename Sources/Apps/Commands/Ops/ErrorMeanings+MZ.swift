// swift-format-ignore-file
/// Codes and meanings of docs/errors.md, from m-z; made by tools/errors.sh.
extension ErrorMeanings {
  static let mToZ = #"""
    maxmind.damaged The file is no MaxMind database, or a damaged one.
    maxmind.failed This machine's own trouble: memory, descriptors.
    maxmind.too_large The file of IP addresses is larger than any published one.
    maxmind.unreadable The file of IP addresses is not there, or may not be read.
    merkle.duplicate_leaf two leaves are equal; each payout must be one leaf
    merkle.leaf_looks_like_node a leaf of 64 bytes could be taken for an inner node and is refused
    merkle.no_leaves a tree needs at least one leaf
    money.asset_mismatch two sums of different assets were put together; check which asset the campaign and the amount name
    money.bad_number the text is not a plain decimal number: no sign, exponent, separator or space is accepted
    money.overflow the result does not fit in 256 bits; no real amount does that, look at the decimals
    money.too_precise the number has more decimal places than the asset; round it in the file, nothing is rounded here
    money.underflow the result would be below zero
    move.bad_address An account is `0x` and 64 hex digits; only 0x0 to 0xf have a short form (AIP-40).
    move.bad_answer A node's answer does not have the shape that the function returns.
    move.bad_function Not `ADDRESS::module::function`.
    move.bad_transaction Bytes that are no entry-function transaction.
    move.bad_type Not a Move type, such as `vector<u8>` or `0x1::supra_coin::SupraCoin`.
    move.bad_value A value that its type cannot hold, or that is not written as its type is.
    nats.bad_request A subject, name or header that NATS does not allow.
    nats.cannot_connect No server of the list can be reached.
    nats.connection_lost The connection ended. It is not made again by itself: the owner makes another.
    nats.denied The name, the password or the right to do this was refused.
    nats.failed libnats failed in another way; the message has its words
    nats.no_responders Nobody listens to the subject: no stream has it, or JetStream is off.
    nats.out_of_memory libnats got no memory
    nats.refused JetStream refused; `jetStream` is its number.
    nats.timeout No answer within the time that was set. The server may have done what it was told.
    nats.too_large The payload is larger than the server takes.
    oath.bad_input A secret or a number of digits out of range, or text that is no base32.
    oath.failed liboath refused; the message holds its reason.
    operations.bad_setting A flag or setting has a value that it cannot have.
    operations.missing_setting A setting that the tool needs is not there.
    operations.not_delivered A webhook or push gateway did not take what was sent.
    operations.overflow A fee, minimum or deposit is past 2^128 - 1, which the chain cannot hold.
    operations.rule_broken A rule of the tool forbids the call; nothing was sent.
    operations.unreadable An answer of the chain is not what the view returns.
    payout.bad_reason compensation needs a reason code of the list
    payout.canceled the campaign was canceled before this payout was sent
    payout.contradicted What a person saw contradicts what nodes, store or signer know.
    payout.denied a rule forbids this payout
    payout.expired the deadline passed before this payout was sent
    payout.idempotency_key_reused this payout id was used for another recipient or amount
    payout.illegal_transition the payout, batch or attempt cannot do that in its present state; nothing was changed
    payout.nodes_know The nodes agree on what happened: their word counts, and a worker writes it down.
    payout.not_credited the transaction is final, and this payee was credited nothing (a token that returns false)
    payout.not_found no payout has this id in this store
    payout.not_unknown The fate of the payout is not unknown: there is nothing for people to say.
    payout.reverted the transaction that carried this payout alone reverted, at finality
    payout.settled_unpaid Another sum was credited than promised, and two people said that it does not count as paid.
    payout.spender_not_named What spent the slot is not named: without a name nothing is released, while the transaction can still be mined.
    people.approval_void The approval is over: its time, its content, its fee cap or its accounts are others now.
    people.approvals_missing Too few people approved what stands; the message says who may.
    people.approved_twice The person has approved this content already.
    people.bad_credentials Name, password or code is wrong; which one is not told.
    people.bad_text A name, a list of roles or a rule is not written as it must be; the message says how.
    people.bootstrap_refused The first admin is made once, on the console of the machine; people exist, or this is no console.
    people.forbidden No role of the person may do this: docs/reference/permissions.md.
    people.forged An approval does not carry a signature of its approver over what it approves.
    people.fresh_code_needed The act needs a one-time code entered a few minutes ago at most: log in again with one.
    people.inactive The person is disabled.
    people.locked Three wrong answers in a row: wait five minutes.
    people.no_second_factor No second factor is enrolled, or it was never confirmed.
    people.no_session People are enrolled, so a command needs a session: log in.
    people.not_found Nobody of this name is enrolled.
    people.out_of_scope The token's scope leaves this act out.
    people.proposal_changed What would happen now is not what was proposed: look again, propose anew.
    people.proposal_over The proposal was answered already, its time is over, or another one took its place.
    people.rejected Somebody said no to this content.
    people.roles_conflict These roles do not go together in one person.
    people.second_person_needed The act waits for another person's yes: almoner proposals show.
    people.session_over The session is over, idle for too long, revoked, or of a time that has not come yet: log in again.
    people.taken The name, or the approval key, belongs to somebody already.
    people.two_sides The person stands on another side of the same campaign.
    people.wrong_key The person has no approval key, or it is not the one that signed.
    pkcs11.ambiguous More than one token, or more than one public key, fits.
    pkcs11.bad_answer The module returned something that the standard does not allow.
    pkcs11.busy Every session is in use, or the token has no more of them. The same call may succeed later.
    pkcs11.device_failed The device does not answer or was removed. The same call may succeed later.
    pkcs11.key_exists A key on the token has this label or id.
    pkcs11.key_not_found The key is not on the token, or no longer.
    pkcs11.module_unavailable The shared object cannot be loaded, or is no PKCS#11 module, or cannot be initialised.
    pkcs11.pin_missing The token needs a PIN and none was given.
    pkcs11.pin_refused Wrong, expired or locked. Never tried again by itself: a token locks after a few wrong tries.
    pkcs11.refused The module refused for another reason; the message names its return value.
    pkcs11.session_lost A session or a login went away, twice in a row. The same call may succeed later.
    pkcs11.token_not_found No token fits, or its slot went away.
    pkcs11.unsupported The module lacks the curve or the mechanism.
    policy.bad_reason A decision needs a reason, and not a long one.
    policy.bad_text A file of rules, lists or people cannot be read; the message names the place.
    policy.in_force The policy to activate is in force already.
    policy.no_review The payout waits for no review.
    policy.not_in_address_book The account pays only to the address book, and a recipient is not in it, or not long enough.
    postgresql.bad_settings The text that names the server cannot be understood.
    postgresql.bad_value A value that its column cannot hold: out of range, not UTF-8, not JSON.
    postgresql.canceled The server stopped the statement: its time was over, or somebody canceled it.
    postgresql.cannot_connect No session was made: nobody listens, the name is unknown, the password is wrong.
    postgresql.connection_lost The session ended under the statement. What it did is unknown if it was a COMMIT, and nothing otherwise.
    postgresql.constraint_check A CHECK of a table refused a value.
    postgresql.constraint_foreign_key A row names another one that is not there, or one is named by others still.
    postgresql.constraint_not_null A column that needs a value got none.
    postgresql.constraint_other Another rule of a table was broken.
    postgresql.constraint_trigger A trigger raised it: the append-only guards speak this way.
    postgresql.constraint_unique A unique name or number is taken.
    postgresql.corrupt The server found its files damaged.
    postgresql.denied The role may not do that.
    postgresql.full The disk of the server is full.
    postgresql.io_error The server could not read or write its files.
    postgresql.lock_timeout A lock was not had in time.
    postgresql.mismatch A column held another type than the one asked for, NULL included.
    postgresql.misuse The wrapper was used wrongly: a column that does not exist, a session that was given up.
    postgresql.out_of_resources The server has no memory, no connection or no lock left.
    postgresql.read_only The server, or the transaction, takes no writes: a standby, or a read-only session.
    postgresql.refused Every other refusal.
    postgresql.serialization Two transactions stood in each other's way; the same transaction may succeed when it is tried again.
    postgresql.timed_out No answer within the caller's own time. The session is given up, as if it were lost.
    postgresql.undefined A table, column or function that is not there.
    rail.bad_address not an address of this rail
    rail.bad_bytes transaction bytes that do not decode, or not to what was asked
    rail.bad_request the rail cannot build what was asked
    rail.contract_mismatch the contract at this address is not the one that was expected; check `AM_EVM_BATCH_CONTRACT` and the token
    rail.fee_too_high the network asks more than the approved cap; wait, or raise the cap
    rail.finality_violated A block that was final has another hash now.
    rail.no_quorum too few endpoints answered alike; the payout waits. Check the endpoints
    rail.unsupported this rail does not do that
    rail.view_refused A chain's view has no answer: it stopped, or the function is not there. The message holds the chain's words.
    rail.wrong_chain an endpoint serves another chain id; check `AM_EVM_RPC` and `AM_EVM_CHAIN_ID`
    randomness.already_answered The keeper of a VRF key has answered for this lottery under another closing commitment: a second value to choose from is what it exists to refuse.
    randomness.key_failed The key could not be used.
    randomness.log_failed The log of a VRF key's keeper is missing, another key's, or cannot be written; nothing is answered without it.
    randomness.not_yet The value does not exist yet, or nobody has handed it out; ask again. A deadline ends the asking, not this error.
    randomness.too_many More requests wait for callbacks than one process keeps.
    randomness.unproven Every answer that came was refused: none proves the value.
    randomness.unreachable No server that was asked gave the value in time.
    randomness.wrong_source This source does not answer such questions, or not for this chain or key.
    record.bad_value a stored record holds a value that nothing here writes
    record.trailing_bytes a stored record is longer than it should be
    record.truncated a stored record is shorter than it should be
    record.wrong_tag a stored record is of another kind or version
    redis.cannot_connect The host or the socket does not exist, or nobody listens there.
    redis.closed The connection was used again after it failed.
    redis.connection_lost The connection ended before the answer did. The server may have done what it was told.
    redis.malformed What came back is not the Redis protocol.
    redis.out_of_memory hiredis got no memory
    redis.timeout No whole answer within the time that was set. The server may have done what it was told.
    redis.too_large The answer passed the limit of bytes or elements and was dropped.
    rlp.not_canonical a length or number not in its shortest form
    rlp.too_deep nested deeper than the limit
    rlp.too_large longer than the limit
    rlp.trailing_bytes something follows the end of the item
    rlp.truncated the bytes end inside an item
    rlp.wrong_shape a list where a string was expected, or the other way round
    rpc.duplicate The batch answers this call more than once: neither answer counts.
    rpc.malformed The body is not JSON, or not JSON-RPC 2.0.
    rpc.missing The batch was answered, this call was not.
    rpc.rate_limited Status 429.
    rpc.server The server understood and refused; `server` holds its error object.
    rpc.status Another status than 200, redirects included.
    rpc.transport No response at all; `transport` says why.
    runbook.bad_file The file is no runbook of format 1: the message names the place (docs/reference/runbook.schema.json).
    runbook.bad_input An input of the run is missing, unknown or not of its kind.
    runbook.check_failed What the step's check asks for does not hold. Mend it and take the same step again; it cannot be skipped.
    runbook.ended The run is over; begin another one with --fresh.
    runbook.evidence_missing Evidence that the step asks for is missing or not of its kind.
    runbook.half_done The step was begun and did not come to its end: nobody knows how far it came. Look, then say --happened or --repeat.
    runbook.not_found No runbook is shipped under this name, and no run has this number.
    runbook.not_optional The step may not be skipped: only optional ones may, with a reason.
    runbook.not_yet The time that the step waits for is not over; the same command later goes on.
    runbook.not_yours The role of the person does not allow this step.
    runbook.second_person The step needs somebody else than who took the one that it checks.
    runbook.unfinished Steps remain; the same command goes on where it stopped.
    runbook.wrong_step The step is not the next one, or is done already: no step is left out.
    secp256k1.bad_digest A digest has 32 bytes.
    secp256k1.bad_public_key The bytes are no point of the curve.
    secp256k1.bad_secret_key Not 32 bytes, zero, or not below the group order.
    secp256k1.bad_signature Not 64 bytes, or r or s is zero or not below the group order.
    secp256k1.not_recoverable Well-formed, but made by another key or over another digest.
    secp256k1.out_of_memory No memory for a private key.
    secrets.bad_terms `AM_SECRETS_MAX_AGE` is not written as it must be; the message says what.
    secrets.by_hand This secret is not one file that a command can replace; the hint says how it is replaced.
    secrets.due_soon Its term ends within 14 days.
    secrets.exposed Group or others may read the file: chmod 600.
    secrets.file_failed A file cannot be written, renamed or removed; the same command again goes on.
    secrets.from_the_future Its file is younger than now: the clock was wrong, or is.
    secrets.in_settings It stands in a setting and not in a file of its own: other programs of the user can read it, and its age is not known.
    secrets.missing A setting names a file that is not there.
    secrets.no_rotation There is nothing to take back: no rotation is open.
    secrets.not_set No setting names a secret of this name: `almoner secrets report` lists those that are.
    secrets.overdue Its term is over: replace it.
    secrets.replaceable Group or others may write the file, or put another in its place: chmod go-w on it and on its folder.
    secrets.rotation_left_open A rotation was begun and not ended: run `almoner secrets rotate` again with the same file, or with --back.
    secrets.rotation_open Another rotation of this secret is open: finish it with its own file, or take it back with --back.
    secrets.test_failed The service did not take the new secret: the old one is in force.
    secrets.unchanged The new secret is the one in force.
    secrets.unsafe_file The file, its folder, or the file with the new secret is not as safe as a secret needs; the message says why.
    signing.bad_bundle A bundle for offline signing is incomplete, was changed, or is for another chain; make it again.
    signing.bad_frame What came is not the signer's protocol: a frame too long or unreadable, another version, or an answer to something else.
    signing.bad_hsm_uri AM_HSM_URI cannot be used: not RFC 7512, a PIN in it, or more than one token fits; see the hint
    signing.bad_keystore the keystore file is damaged or of another kind
    signing.bad_signature the signature does not belong to the key and bytes; it was not used
    signing.device_refused The token lacks the curve or the mechanism, or answered against the standard; the message holds its return value.
    signing.file_failed A file or directory of keys, PINs or requests cannot be read or written, or is too long.
    signing.forbidden policy refuses this transaction: chain, contract, asset or kind
    signing.key_exists A key with this label, id or file name exists; it is not replaced.
    signing.key_not_found no key has this label or id in the token
    signing.key_unavailable the token or keystore could not be reached; a repeat may work
    signing.log_failed the signing guard could not write its own log, so nothing was signed; a repeat may work
    signing.mainnet_refused the development keystore does not sign for main networks; use an HSM or sign offline
    signing.not_approved The signer did not get enough valid approvals of other people than the initiators, or their time is over by its clock.
    signing.not_in_approval A payee, amount, asset, lane or fee of the bytes is not what the approvers signed.
    signing.over_cap the amount or fee is over the cap
    signing.payout_taken A payout of the bytes was permitted in another slot, and the signer has no proof of its own that it is dead.
    signing.pin_missing The password or PIN file is missing or empty; set pin-source=file: in AM_HSM_URI, or AM_HSM_PIN_FILE.
    signing.pin_refused The token refused the PIN. It is not tried again, since a token locks after a few wrong tries: correct the file first.
    signing.safe_mode The program that holds the keys is in safe mode (AM_SAFE_MODE): it signs nothing.
    signing.slot_taken this nonce was signed for other content and is unresolved
    signing.stale_fence another process took the lane over; this one must stop
    signing.unreachable The signer's process cannot be reached, or does not answer in time; nothing is lost, the same is asked again.
    signing.wrong_content the bytes do not pay what was approved
    signing.wrong_password the keystore password or PIN is wrong
    signing.wrong_peer The other side is not one that may ask this signer, or not the signer that was expected.
    sqlite.busy Another connection holds the write lock and the busy timeout ran out. The same call may succeed later.
    sqlite.busy_snapshot A read transaction tried to write after another commit: roll back and begin again. Waiting does not help.
    sqlite.cannot_open the file cannot be opened or made; check its folder and rights
    sqlite.constraint_check a row breaks a check of the schema; nothing was written
    sqlite.constraint_data_type A STRICT table refused a value of another type.
    sqlite.constraint_foreign_key a row names another that does not exist; nothing was written
    sqlite.constraint_not_null a needed value is missing; nothing was written
    sqlite.constraint_other a rule of the schema, such as an append-only trigger, refused; nothing was written
    sqlite.constraint_primary_key a row with this key exists; nothing was written
    sqlite.constraint_trigger A trigger raised it: the append-only guards speak this way.
    sqlite.constraint_unique a row with this value exists; nothing was written
    sqlite.corrupt the file is damaged; restore it, and read what a restore means
    sqlite.full The disk or the file-size limit is full.
    sqlite.interrupted the statement was stopped on request
    sqlite.io_error the disk refused to read or write
    sqlite.mismatch A column held another type than the one asked for, NULL included.
    sqlite.misuse The wrapper was used wrongly: a parameter that does not exist, two statements in one text.
    sqlite.not_a_database the file is something else
    sqlite.out_of_memory SQLite got no memory
    sqlite.read_only the file or its folder may not be written
    sqlite.refused Every other refusal, most often a mistake in the SQL text or an error raised by a `u256_` function.
    sqlite.too_big a value is longer than SQLite stores
    store.bad_dsn the text that names the store cannot be understood, or names one that forgets; write `sqlite:PATH`
    store.bad_row a row read back breaks a rule of the schema; the file was changed by something else
    store.busy another process writes to the store; a repeat may work
    store.commit_unknown the commit's answer was lost: it is neither done nor undone until somebody reads. The engine does so by itself
    store.conflict a unique name or key is taken by other content
    store.copy_differs The copy of a store holds other rows than the store.
    store.corrupt the database file is damaged; restore it, and read what a restore means
    store.full the disk or a quota is full; nothing was half-written. Make room and run again
    store.io the disk refused to read or write
    store.ledger_refused a ledger rule refused the commit; nothing was written
    store.migration_failed a migration, or its check, failed; the database is as it was before
    store.newer_version the database was made by a newer Almoner; use that one
    store.not_a_database the file is something else; check `--dsn`
    store.not_durable The server confirms what it may forget: a store there would pay twice after a power cut.
    store.not_empty The place that a store is to be copied to holds something already.
    store.not_found no such row
    store.over_limit A limit has no room for the payouts of a batch: another worker took it. Nothing was written; they wait.
    store.read_only the file or its folder may not be written
    store.stale_fence the lane is another's: fence, session or epoch differ. Nothing was written
    store.stale_state a row was not in the state that the write expected. Nothing was written; the engine reads again
    store.unavailable the store could not be reached
    store.unfinished_copy The store is the target of a copy that was killed, or that is still at work: it holds only some rows.
    transaction.bad_field a field holds what no valid transaction has there
    transaction.bad_signature the signature is out of range, has a high s, or belongs to another key
    transaction.fee_cap_below_tip the maximum fee is lower than the priority fee
    transaction.malformed the bytes are not a transaction of their type
    transaction.no_chain_id a signature without chain id could be replayed on another chain and is refused
    transaction.unknown_type a transaction type that is not read here
    transport.bad_request Refused before anything was sent: not a URL we call, a header with a line end, a limit out of range.
    transport.cannot_connect the endpoint refused the connection
    transport.cannot_resolve the host has no address
    transport.connection_lost the connection broke: whether the endpoint acted is unknown
    transport.egress_refused The host is not on the list of hosts that requests may go to (AM_EGRESS_HOSTS). Nothing was sent.
    transport.failed This machine's own trouble: memory, a library that does not start.
    transport.malformed What came back is not HTTP.
    transport.timeout no answer in time: whether the endpoint acted is unknown
    transport.tls the TLS handshake or certificate failed
    transport.too_large the answer is longer than the limit
    vrf.bad_proof The proof is not of 80 bytes, its point is none, or its numbers are out of range.
    vrf.bad_public_key The public key is no point, is written in another way than the one that every point has, or is of small order.
    vrf.bad_secret_key A secret key is a seed of 32 bytes.
    vrf.failed libsodium refused; on a working machine it does not.
    vrf.out_of_memory No memory that can be wiped and kept out of swap.
    vrf.wrong_proof The proof is well formed and was not made by this key for this input.
    wallet.already_placed The user has a place in this tree already, or the tree has a root.
    wallet.bad_amount The amount is zero or negative, or is no number.
    wallet.bad_days The number of days is not 1 to 90.
    wallet.bad_order The order cannot be read; the message names the field.
    wallet.bad_signature Key, signature, time or nonce of a partner's call is wrong; which one is not told.
    wallet.bad_tree The tree is not known, or has as many members as it can.
    wallet.bonus_state A bonus is not in the state that the act needs.
    wallet.buyer_not_in_tree The buyer has no place in a tree that a bonus rule follows.
    wallet.challenge_failed The challenge was not passed, or its service did not answer: both end the same.
    wallet.challenge_missing No token of a challenge came with the call.
    wallet.coin_missing The withdrawal goes to the pool, and no coin, or an unknown one, is named.
    wallet.empty_order An order needs one item at least.
    wallet.finalize_needed The withdrawal is over: an approval that does not finish cannot be given any more.
    wallet.hold_too_small Less is held than would be released.
    wallet.insufficient_balance Less is available than was asked for; what is held counts as spent.
    wallet.invalid_state The withdrawal is in another state than the act needs.
    wallet.key_conflict The idempotency key was used with another payload.
    wallet.key_in_progress The same request is still being worked on: ask again later.
    wallet.key_required The header `Idempotency-Key` is missing.
    wallet.not_found There is no such wallet, or it belongs to somebody else.
    wallet.order_failed The order's bonuses could not be made after every attempt; the same request may be sent again.
    wallet.over_cap The withdrawal would pass the cap of what may be withdrawn in all.
    wallet.own_request Nobody approves a withdrawal of their own.
    wallet.product_unavailable The product does not exist or is not sold now.
    wallet.risk_rejected Risk rules blocked the withdrawal; it was cancelled.
    wallet.same_approver The same person cannot give both approvals.
    wallet.second_approval_needed The first of two approvals does not finish a withdrawal.
    wallet.sponsor_not_assigned The sponsor has no place in the tree.
    wallet.suspended The wallet is suspended: only holds can be given back.
    wallet.upstream_failed The pool refused, and the points are back.
    wallet.upstream_unknown Nobody knows whether the pool paid: the points stay taken until its history or two people end it.
    wallet.withdrawal_not_found There is no such withdrawal.
    xml.doctype The document declares a type or entities, which the files we read never do.
    xml.out_of_memory The library has no memory.
    xml.stopped Whoever reads the events asked to stop.
    xml.syntax Not well-formed, or not UTF-8.
    xml.too_deep Elements are nested deeper than any published file's.
    xml.too_large The document, a text, a name or a number of attributes is larger than any published one.
    xml.truncated The document ends before its root element does.
    """#
}
