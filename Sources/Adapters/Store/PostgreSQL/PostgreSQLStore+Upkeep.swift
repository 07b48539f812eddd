package import Engine

extension PostgreSQLStore: StoreUpkeep {
  /// What the server says of the guards: triggers, constraints and indexes that are switched off or unfinished. Damaged
  /// pages are found by reading, which `checkInvariants` does of every row.
  package func integrityCheck() throws(StoreError) -> [String] {
    try read { session throws(StoreError) in
      try session.all(
        """
        SELECT 'trigger ' || t.tgname || ' is switched off' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND t.tgenabled NOT IN ('O', 'A')
        UNION ALL
        SELECT 'constraint ' || conname || ' was not checked' FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace AND NOT convalidated
        UNION ALL
        SELECT 'index ' || c.relname || ' cannot be used' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND i.indisready)
        UNION ALL
        SELECT 'the guard of ' || t.name || ' is gone' FROM (VALUES ('audit_log'), ('transfers'), ('outbox'),
          ('batch_ranges'), ('attempt_bytes'), ('evidence'), ('checkpoints'), ('checkpoint_heads'), ('approvals'),
          ('payout_notes'), ('recipients'), ('payouts'), ('attempts'), ('batches'), ('loads'), ('people'), ('approval_requests')) t(name)
        WHERE NOT EXISTS(SELECT 1 FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
          WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = t.name AND NOT g.tgisinternal)
        """
      ) { row throws(StoreError) in try row.text(0) }
    }
  }
}
