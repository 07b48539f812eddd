import CPostgreSQL

/// One statement with its values. The text is a literal by type, so no input can become SQL.
package struct Request {
  package let sql: StaticString
  /// Written when the statement is sent: the server works on the one before meanwhile.
  let arguments: () -> Arguments

  package init(_ sql: StaticString, _ arguments: Arguments = Arguments()) {
    self.init(sql) { arguments }
  }

  /// For many values: they are in memory from when the statement is sent until it is.
  package init(_ sql: StaticString, _ arguments: @escaping () -> Arguments) {
    self.sql = sql
    self.arguments = arguments
  }
}

/// The name of a prepared statement in its session.
struct PreparedName {
  let name: String
}

extension Connection {
  /// Runs one prepared statement and returns its answer.
  @discardableResult
  package func run(_ sql: StaticString, _ arguments: Arguments = Arguments()) throws(PostgreSQLError) -> Rows {
    let answers = try run([Request(sql, arguments)])
    guard let answer = answers.first else { throw PostgreSQLError(.misuse, "a statement gave no answer") }
    return answer
  }

  /// Runs statements in one round trip, each prepared at its first use, and returns their answers in order.
  ///
  /// Throws the first failure; the statements after it were not run. Outside of a transaction the ones before it are
  /// undone with it: a pipeline without BEGIN is one transaction
  /// (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html).
  @discardableResult
  package func run(_ requests: [Request]) throws(PostgreSQLError) -> [Rows] {
    try run { send throws(PostgreSQLError) in for request in requests { try send(request) } }
  }

  /// As `run(_:)` for statements that are made while the server works on those before: the body hands them over in order,
  /// after `first`.
  package func run(
    first: [Request] = [],
    _ body: (_ send: (Request) throws(PostgreSQLError) -> Void) throws(PostgreSQLError) -> Void
  ) throws(PostgreSQLError) -> [Rows] {
    try checkUsable()
    guard unsafe PQenterPipelineMode(handle) == 1 else { throw failure(.misuse) }
    let deadline = Deadline(milliseconds: answerMilliseconds)
    var steps: [Step] = []
    do throws(PostgreSQLError) {
      var fresh: [UInt: PreparedName] = [:]
      for request in first { try send(request, &steps, &fresh, deadline) }
      try body { request throws(PostgreSQLError) in try send(request, &steps, &fresh, deadline) }
      guard unsafe PQpipelineSync(handle) == 1 else { throw lost() }
      try flush(until: deadline)
    } catch {
      // Half a pipeline is on its way: nobody can tell what of it runs.
      giveUp()
      throw error
    }
    let answers = try collect(steps, deadline)
    guard unsafe PQexitPipelineMode(handle) == 1 else {
      giveUp()
      throw failure(.misuse)
    }
    if let failure = answers.failure { throw failure }
    return answers.rows
  }

  /// Runs a script of several statements and drops their rows: schemas and migrations.
  package func execute(_ script: StaticString) throws(PostgreSQLError) { try execute(text: script.description) }

  func execute(text: String) throws(PostgreSQLError) {
    try checkUsable()
    let sent = unsafe withCStrings([text]) { unsafe PQsendQuery(handle, $0?[0]) }
    guard sent == 1 else { throw lost() }
    let deadline = Deadline(milliseconds: answerMilliseconds)
    try flush(until: deadline)
    var failure: PostgreSQLError?
    while let result = unsafe try nextResult(until: deadline) {
      if let found = unsafe problem(result) { failure = failure ?? found }
      unsafe PQclear(result)
      // libpq would tell of a COPY again and again.
      guard failure?.code != .misuse else { giveUp(); break }
    }
    if let failure { throw failure }
  }

  // MARK: Pipeline

  private enum Step {
    case prepare(UInt, PreparedName)
    case execute
  }

  private func send(
    _ request: Request, _ steps: inout [Step], _ fresh: inout [UInt: PreparedName], _ deadline: Deadline
  ) throws(PostgreSQLError) {
    guard request.sql.hasPointerRepresentation else {
      throw PostgreSQLError(.misuse, "the SQL text is one character")
    }
    let arguments = request.arguments()
    let key = unsafe UInt(bitPattern: request.sql.utf8Start)
    let prepared: PreparedName
    if let known = statements[key] ?? fresh[key] {
      prepared = known
    } else {
      lastName += 1
      prepared = PreparedName(name: "s\(lastName)")
      let types = arguments.places.map(\.type)
      let text = request.sql.description
      guard unsafe PQsendPrepare(handle, prepared.name, text, Int32(types.count), types) == 1 else { throw lost() }
      fresh[key] = prepared
      steps.append(.prepare(key, prepared))
    }
    guard sendExecute(prepared, arguments) else { throw lost() }
    steps.append(.execute)
    // Keeps what waits in memory small: the server works on the first while the last are written.
    if arguments.bytes.count > 1 << 14 { try flush(until: deadline) }
  }

  private func sendExecute(_ prepared: PreparedName, _ arguments: Arguments) -> Bool {
    let formats = [Int32](repeating: 1, count: arguments.places.count)
    let lengths = arguments.places.map { max(0, $0.length) }
    return unsafe arguments.bytes.withUnsafeBytes { bytes in
      let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      let values: [UnsafePointer<CChar>?] = unsafe arguments.places.map { place in
        place.length < 0 ? nil : unsafe base.map { unsafe $0 + place.start }
      }
      return unsafe PQsendQueryPrepared(
        handle, prepared.name, Int32(values.count), values, lengths, formats, 1) == 1
    }
  }

  /// Reads every answer up to the end of the pipeline.
  private func collect(
    _ steps: [Step], _ deadline: Deadline
  ) throws(PostgreSQLError) -> (rows: [Rows], failure: PostgreSQLError?) {
    var rows: [Rows] = []
    var failure: PostgreSQLError?
    rows.reserveCapacity(steps.count)
    for step in steps {
      guard let result = unsafe try nextResult(until: deadline) else { throw lost() }
      if let problem = unsafe problem(result) {
        failure = failure ?? problem
        unsafe PQclear(result)
        guard isUsable else { throw failure ?? problem }
      } else if unsafe PQresultStatus(result) == PGRES_PIPELINE_ABORTED {
        unsafe PQclear(result)
      } else {
        let answer = unsafe Rows(result)
        switch step {
        case .prepare(let key, let name): statements[key] = name
        case .execute: rows.append(answer)
        }
      }
      guard unsafe try nextResult(until: deadline) == nil else {
        giveUp()
        throw PostgreSQLError(.misuse, "a statement gave two answers")
      }
    }
    guard let end = unsafe try nextResult(until: deadline) else { throw lost() }
    let status = unsafe PQresultStatus(end)
    unsafe PQclear(end)
    guard status == PGRES_PIPELINE_SYNC else { throw failure ?? lost() }
    return (rows, failure)
  }

  /// The error of a result, if it is one.
  func problem(_ result: OpaquePointer) -> PostgreSQLError? {
    switch unsafe PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_PIPELINE_ABORTED, PGRES_EMPTY_QUERY, PGRES_PIPELINE_SYNC: nil
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      PostgreSQLError(.misuse, "COPY runs by copyIn and copyOut")
    default: unsafe error(of: result)
    }
  }
}
