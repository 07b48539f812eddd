import Engine
import PostgreSQL

extension Session {
  enum Role {
    case writer, reader, listener
    /// Writes beside the writer what nobody sees before the writer says so.
    case side
  }

  /// Opens a session and prepares it. Throws `store.unavailable`, and `store.not_durable` for a server that forgets.
  static func open(
    _ place: ConnectionSettings, _ role: Role, _ settings: PostgreSQLSettings, isReadOnly: Bool, generation: Int
  ) throws(StoreError) -> Session {
    var place = place
    place.fill("application_name", "almoner")
    // Of several hosts the one that takes writes: a standby may lag behind what was decided.
    if !isReadOnly { place.fill("target_session_attrs", "read-write") }
    let longest = role == .reader ? settings.readMilliseconds : settings.statementMilliseconds
    let connection: Connection
    do throws(PostgreSQLError) {
      connection = try Connection(
        place, connectSeconds: settings.connectSeconds, answerMilliseconds: longest + settings.graceMilliseconds)
    } catch { throw StoreError(error) }
    let session = Session(connection, generation: generation)
    try session.prepare(settings, longest: longest, isReadOnly: isReadOnly || role == .reader || role == .listener)
    return session
  }

  /// Every plan walks an index: a statement that is prepared on empty tables would otherwise keep reading all of them
  /// for ever (measured: 519,000 payouts/s fell to 117,000 within one run).
  private func prepare(
    _ settings: PostgreSQLSettings, longest: Int64, isReadOnly: Bool
  ) throws(StoreError) {
    try run(
      """
      SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
        set_config('idle_in_transaction_session_timeout', $3, false),
        set_config('default_transaction_read_only', $4, false),
        set_config('default_transaction_isolation', 'read committed', false),
        set_config('synchronous_commit', CASE current_setting('synchronous_commit')
          WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
        set_config('enable_seqscan', 'off', false), set_config('enable_hashjoin', 'off', false),
        set_config('enable_mergejoin', 'off', false), set_config('enable_bitmapscan', 'off', false),
        set_config('plan_cache_mode', 'force_generic_plan', false), set_config('jit', 'off', false)
      """, "\(longest)", "\(settings.lockMilliseconds)", "\(settings.idleInTransactionMilliseconds)",
      isReadOnly ? "on" : "off")
    let server = try first("SELECT current_setting('server_encoding'), current_setting('fsync')") {
      row throws(StoreError) in (encoding: try row.text(0), sync: try row.text(1))
    }
    guard server?.encoding == "UTF8" else {
      throw StoreError(
        .unavailable, "the database is in the encoding \(server?.encoding ?? "")", hint: "make it with ENCODING UTF8")
    }
    guard server?.sync == "on" else {
      throw StoreError(
        .notDurable, "the database server runs with fsync off, and would forget what was paid",
        hint: "set fsync = on, and restart the server")
    }
    guard connection.serverVersion >= 130_000 else {
      throw StoreError(.unavailable, "the database server is older than version 13")
    }
  }
}
