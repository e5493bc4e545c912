internal import CSQLite

/// A connection to a SQLite file: WAL, full durability, foreign keys, a cache of prepared statements.
final class SQLiteConnection: DatabaseConnection {
  /// What a connection is opened for.
  enum Role: Sendable {
    /// The only one that writes and checkpoints.
    case writer
    case reader
  }

  /// For this class and its extensions alone.
  let database: OpaquePointer
  private let statements = SQLiteStatementCache()
  private let scratch = SQLiteScratch()
  private let clock = SQLiteDeadline()
  private let checkpointer: SQLiteCheckpointer
  private var isOpen = true

  /// Opens the file at `path`; a writer makes it when it is missing.
  init(path: String, role: Role, options: SQLiteOptions) throws {
    _ = Self.processSetUp
    var opened: OpaquePointer?
    var flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    if role == .writer { flags |= SQLITE_OPEN_CREATE }
    let code = sqlite3_open_v2(path, &opened, flags, options.vfs)
    guard code == SQLITE_OK, let opened else {
      let error = DatabaseError(sqlite: code, on: opened)
      sqlite3_close_v2(opened)
      throw error
    }
    database = opened
    checkpointer = SQLiteCheckpointer(pagesMax: options.checkpointPages)
    do {
      try configure(role, options)
    } catch {
      close()
      throw error
    }
  }

  deinit {
    close()
  }

  /// Once for the process. It fails when SQLite is in use already, and then all works as well, only slower.
  private static let processSetUp = csqlite_disable_memory_statistics()

  private func configure(_ role: Role, _ options: SQLiteOptions) throws {
    sqlite3_busy_timeout(database, Int32(clamping: options.busyTimeoutMilliseconds))
    try setting("PRAGMA foreign_keys = ON", expecting: nil)
    try setting("PRAGMA temp_store = MEMORY", expecting: nil)
    try setting("PRAGMA trusted_schema = OFF", expecting: nil)
    try setting("PRAGMA synchronous = \(options.durability == .full ? "FULL" : "OFF")", expecting: nil)
    try setting("PRAGMA wal_autocheckpoint = 0", expecting: nil)
    switch role {
    case .writer:
      try setting("PRAGMA journal_mode = WAL", expecting: "wal")
      try setting("PRAGMA journal_size_limit = \(options.walBytesKept)", expecting: nil)
      try setting("PRAGMA cache_size = -\(options.writerCacheKiB)", expecting: nil)
      checkpointer.install(on: database)
    case .reader:
      try setting("PRAGMA query_only = ON", expecting: nil)
      try setting("PRAGMA cache_size = -\(options.readerCacheKiB)", expecting: nil)
    }
    clock.install(on: database)
  }

  /// Carries out a PRAGMA; where `answer` is given, the database must answer it.
  private func setting(_ text: String, expecting answer: String?) throws {
    var given: String?
    try query(SQL(assembled: text), []) { row in
      given = try? row.text(0)
      return true
    }
    if let answer, given != answer {
      throw DatabaseError(.misuse, message: "\(text): answered \(given ?? "nothing")")
    }
  }

  // MARK: Statements

  let dialect = Dialect.sqlite
  let sharesWrites = false

  var isAutocommit: Bool { sqlite3_get_autocommit(database) != 0 }

  func execute(_ sql: SQL, _ parameters: [SQLValue]) throws {
    try run(sql, parameters)
  }

  func executeCounting(_ sql: SQL, _ parameters: [SQLValue]) throws -> Int {
    try run(sql, parameters)
    return Int(sqlite3_changes64(database))
  }

  func executeMany(_ sql: SQL, _ rows: [[SQLValue]]) throws {
    guard !rows.isEmpty else { return }
    let statement = try statements.statement(for: sql, on: database)
    let mark = scratch.mark
    for row in rows {
      defer { scratch.restore(mark) }
      try statement.bind(row, scratch: scratch)
      defer { statement.finish() }
      while try statement.step(on: database) {}
    }
  }

  func query(_ sql: SQL, _ parameters: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
    let statement = try statements.statement(for: sql, on: database)
    let mark = scratch.mark
    defer { scratch.restore(mark) }
    try statement.bind(parameters, scratch: scratch)
    defer { statement.finish() }
    while try statement.step(on: database) {
      guard try body(Row(statement)) else { return }
    }
  }

  func stream(_ sql: SQL, _ parameters: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
    try query(sql, parameters, body)
  }

  func queryMany(_ sql: SQL, _ rows: [[SQLValue]], _ body: (Int, borrowing Row) throws -> Void) throws {
    guard !rows.isEmpty else { return }
    let statement = try statements.statement(for: sql, on: database)
    let mark = scratch.mark
    for (place, row) in rows.enumerated() {
      defer { scratch.restore(mark) }
      try statement.bind(row, scratch: scratch)
      defer { statement.finish() }
      while try statement.step(on: database) {
        try body(place, Row(statement))
      }
    }
  }

  private func run(_ sql: SQL, _ parameters: [SQLValue]) throws(DatabaseError) {
    let statement = try statements.statement(for: sql, on: database)
    let mark = scratch.mark
    defer { scratch.restore(mark) }
    try statement.bind(parameters, scratch: scratch)
    defer { statement.finish() }
    while try statement.step(on: database) {}
  }

  // MARK: Transactions

  func begin(_ mode: TransactionMode) throws {
    switch mode {
    case .write:
      try checkpointer.run(on: database)
      try run("BEGIN IMMEDIATE", [])
    case .snapshot: try run("BEGIN DEFERRED", [])
    }
  }

  func commit() throws {
    do {
      try run("COMMIT", [])
    } catch {
      // After a failed flush nobody knows what the disk holds, and SQLite does not say which call failed.
      throw CommitFailure.inDoubt(error, nil)
    }
  }

  func outcome(of transaction: TransactionID) -> TransactionOutcome { .forgotten }

  func rollback() throws {
    guard !isAutocommit else { return }
    try run("ROLLBACK", [])
  }

  func savepoint() throws {
    try run("SAVEPOINT logical_write", [])
  }

  func releaseSavepoint() throws {
    try run("RELEASE logical_write", [])
  }

  func rollbackToSavepoint() throws {
    try run("ROLLBACK TO logical_write", [])
    try run("RELEASE logical_write", [])
  }

  // The one writer holds everything, and nobody else listens.
  func lockStore(_ lock: StoreLock) {}
  func lock(_ keys: Set<LockKey>) {}
  func announce() {}

  func lockRevision() throws -> Int64 {
    var revision: Int64?
    try query("SELECT value FROM store_state WHERE name = 'revision'", []) { row in
      revision = try row.int64(0)
      return false
    }
    guard let revision else { throw DatabaseError(.corrupt, message: "the revision counter is missing") }
    return revision
  }

  // MARK: The log

  /// Makes all durable that is committed, by moving it into the database. For a writer, while no other connection is
  /// open.
  func flushLog() throws {
    try checkpointer.flush(database)
  }

  /// Opens the log, so that its index lives at least as long as this connection.
  func joinLog() throws {
    try query("SELECT count(*) FROM sqlite_schema", []) { _ in false }
  }

  func limit(until deadline: ContinuousClock.Instant?) {
    clock.deadline = deadline
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    statements.removeAll()
    // «v2» also copes with a statement that is still held: the file closes when it goes.
    sqlite3_close_v2(database)
  }
}
