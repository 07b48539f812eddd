/// Rows as a release of each version left them, written when its migration was: never changed with the code.
///
/// One campaign of two recipients, one confirmed in a final batch, one queued; the ledger that goes with it.
enum MigrationFixture {
  /// By the migration that made the tables.
  static let rows: [Int: StaticString] = [
    1: """
    INSERT INTO campaigns(no, uuid, name, status, chain, mode, priority, max_batch, canary, created_by, created_at,
      ready_ordinal) VALUES(1, 'u-1', 'Q4', 'running', 'sim:1', 'async-batch', 5, 200, 0, 'operator:eve', 1000, 2);
    INSERT INTO loads(no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count,
      rejected, duplicates) VALUES(1, 1, zeroblob(32), '{}', 'loaded', 0, 2,
      x'0000000000000000000000000000000000000000000000000000000000000005', 2, 0, 0);
    INSERT INTO recipients(id, campaign_no, address, units, payout_key, row_no, load_no, metadata) VALUES
      (4294967296, 1, x'01', x'0000000000000000000000000000000000000000000000000000000000000002', 'k', 1, 1, ''),
      (4294967297, 1, x'02', x'0000000000000000000000000000000000000000000000000000000000000003', NULL, 2, 1, '{"a":1}');
    INSERT INTO payout_keys(key, id) VALUES(x'8254c329a92850f6d539dd376f4816ee', 4294967296);
    INSERT INTO lanes(id, chain, account, fence, holder, session, until, mode, next_slot, next_sequence, epoch)
      VALUES(1, 'sim:1', x'aa', 4, 'h', 's', 9000, 'open', 1, 3, 1);
    INSERT INTO batches(id, campaign_no, lane_id, slot, asset, count, total, root, state, created_at, spender, ended_at)
      VALUES(1099511627777, 1, 1, 0, 'sim:1/native', 1,
      x'0000000000000000000000000000000000000000000000000000000000000002', zeroblob(32), 'final', 2000,
      1099511627778, 3000);
    INSERT INTO batch_ranges(batch_id, first_id, last_id) VALUES(1099511627777, 4294967296, 4294967296);
    INSERT INTO payouts(id, campaign_no, status, batch_id) VALUES(4294967296, 1, 'confirmed', 1099511627777),
      (4294967297, 1, 'queued', NULL);
    INSERT INTO campaign_tally(campaign_no, status, count, units) VALUES
      (1, 'confirmed', 1, x'0000000000000000000000000000000000000000000000000000000000000002'),
      (1, 'queued', 1, x'0000000000000000000000000000000000000000000000000000000000000003');
    INSERT INTO attempts(id, batch_id, kind, state, signing_hash, payload_digest, fee_limit, fee_price, fee_tip, fence,
      intended_at, tx_hash, sent_at) VALUES(1099511627778, 1099511627777, 'pay', 'confirmed', zeroblob(32),
      zeroblob(32), 21000, zeroblob(32), zeroblob(32), 4, 2000,
      x'00000000000000000000000000000000000000000000000000000000000000ff', 2500);
    INSERT INTO attempt_bytes(attempt_id, part, bytes) VALUES(1099511627778, 'unsigned', x'01'),
      (1099511627778, 'signed', x'0102');
    INSERT INTO evidence(batch_id, verdict, spender_hash, block_number, block_hash, fee_paid, statements, at)
      VALUES(1099511627777, 'paid', x'00000000000000000000000000000000000000000000000000000000000000ff', 7,
      zeroblob(32), zeroblob(32), '{}', 3000);
    INSERT INTO accounts(no, owner, role, asset, posted_debit, posted_credit, pending_debit, pending_credit) VALUES
      (1, 'campaign/1', 'external', 'sim:1/native', x'0000000000000000000000000000000000000000000000000000000000000005',
        zeroblob(32), zeroblob(32), zeroblob(32)),
      (2, 'campaign/1', 'reserved', 'sim:1/native', x'0000000000000000000000000000000000000000000000000000000000000002',
        x'0000000000000000000000000000000000000000000000000000000000000005', zeroblob(32), zeroblob(32)),
      (3, 'campaign/1', 'paid', 'sim:1/native', zeroblob(32),
        x'0000000000000000000000000000000000000000000000000000000000000002', zeroblob(32), zeroblob(32));
    INSERT INTO holds(batch_id, debit, credit, remaining) VALUES(1099511627777, 2, 3, zeroblob(32));
    INSERT INTO transfers(kind, debit, credit, units, hold_id, at) VALUES
      ('move', 1, 2, x'0000000000000000000000000000000000000000000000000000000000000005', NULL, 1000),
      ('hold', 2, 3, x'0000000000000000000000000000000000000000000000000000000000000002', 1099511627777, 2000),
      ('post', 2, 3, x'0000000000000000000000000000000000000000000000000000000000000002', 1099511627777, 3000);
    INSERT INTO audit_log(chain, seq, at, actor, action, entity, entity_id, details, hash)
      VALUES(0, 1, 1000, 'operator:eve', 'campaign.created', 'campaign', '1', '{}', zeroblob(32));
    INSERT INTO outbox(type, key, payload, at) VALUES('campaign.created', 'campaign/1', '{}', 1000);
    INSERT INTO relay_cursors(relay, event_id) VALUES('jsonl', 1);
    """,
    2: """
    INSERT INTO index_checkpoints(name, block_number, block_hash) VALUES('lane/1', 7, zeroblob(32));
    INSERT INTO indexed_transfers(name, block_number, place, tx_hash, asset, block_hash, sender, recipient, units)
      VALUES('lane/1', 7, 0, zeroblob(32), 'sim:1/native', zeroblob(32), x'aa', x'01', zeroblob(32));
    """,
    5: """
    INSERT INTO outbox(type, key, payload, at, epoch) VALUES('campaign.changed', 'campaign/1', '{}', 2000, 3);
    INSERT INTO dead_letters(relay, event_id, code, message, on_topic, at)
      VALUES('redis:airdrop.outbox', 2, 'broker.event_refused', 'm', 1, 2000);
    """,
    6: """
    INSERT INTO people(name, roles, state, version, password, approval_key, recovery, password_failures, code_failures,
      sessions_from, created_by, created_at) VALUES('anna', 'approver', 'active', 1, 'x',
      x'0101010101010101010101010101010101010101010101010101010101010101', '', 0, 0, 0, 'operator:eve', 1000);
    INSERT INTO sessions(token_hash, person, created_at, expires_at, last_used_at) VALUES(zeroblob(32), 'anna', 1, 2, 1);
    INSERT INTO approval_requests(no, campaign_no, campaign_uuid, chain, asset, root, count, total, fee_cap, lanes,
      initiators, needed, eligible, opened_at, expires_at, nonce, mark) VALUES(1, 1, 'u-1', 'sim:1', 'sim:1/native',
      zeroblob(32), 2, zeroblob(32), zeroblob(32), 'aa', 'operator:eve', 1, 1, 1000, 2000, zeroblob(32), 'open');
    INSERT INTO approvals(campaign_no, root, count, total, fee_cap, approved_by, expires_at, at, request_no, signed_at,
      public_key, signature) VALUES(1, zeroblob(32), 2, zeroblob(32), zeroblob(32), 'person:anna', 2000, 1500, 1, 1500,
      x'0101010101010101010101010101010101010101010101010101010101010101', zeroblob(64));
    """,
  ]
}
