/// One connection to a database, used by one thread at a time.
///
/// Both drivers speak this. It is thin on purpose: a statement's text is common to both, and what is not
/// (tables' types, locks on rows) is a method or a ``Dialect``.
package protocol DatabaseConnection: AnyObject {
  var dialect: Dialect { get }

  /// Whether other connections write too, so that ``lockStore(_:)`` and ``lock(_:)`` count. When false, one writer
  /// makes locks moot and a write may join a batch that is already running; when true, all locks of a batch are taken
  /// before its first write runs.
  var sharesWrites: Bool { get }

  /// Whether no transaction is open. A database may end a transaction by itself when a statement fails.
  var isAutocommit: Bool { get }

  /// Carries a statement out. A driver may send it later, but before the answer of any later call that returns
  /// something, and in order; its failure may therefore show in a later call of the same write.
  func execute(_ sql: SQL, _ parameters: [SQLValue]) throws

  /// Carries a statement out and returns how many rows it changed.
  func executeCounting(_ sql: SQL, _ parameters: [SQLValue]) throws -> Int

  /// Carries a statement out once for each list of parameters, in order, in as few round trips as the driver can.
  func executeMany(_ sql: SQL, _ rows: [[SQLValue]]) throws

  /// Asks, and lends every row to `body` until it returns false or rows run out. `body` may use the connection.
  ///
  /// The answer may be held in memory as a whole; where it could be long, bound it with LIMIT or use
  /// ``stream(_:_:_:)``.
  func query(_ sql: SQL, _ parameters: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws

  /// Like ``query(_:_:_:)`` for answers of any length: rows come as they are read, and few are in memory at a time.
  /// `body` must not use the connection.
  func stream(_ sql: SQL, _ parameters: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws

  /// Asks the same once for each list of parameters, in as few round trips as the driver can; `body` gets the place
  /// of the list with each row, lists in order. `body` must not use the connection.
  func queryMany(_ sql: SQL, _ rows: [[SQLValue]], _ body: (Int, borrowing Row) throws -> Void) throws

  /// Opens a transaction.
  func begin(_ mode: TransactionMode) throws

  /// Makes the transaction durable, or throws a ``CommitFailure``.
  ///
  /// After ``CommitFailure/inDoubt(_:_:)`` the connection is of no more use.
  func commit() throws

  /// What became of a transaction whose commit was in doubt on another connection.
  func outcome(of transaction: TransactionID) throws -> TransactionOutcome

  /// Undoes the transaction; does nothing when none is open.
  func rollback() throws

  /// Opens a savepoint inside the transaction. Savepoints do not nest.
  func savepoint() throws

  /// Keeps what was done since the savepoint. A driver that sends statements ahead settles here whose failures are
  /// still unknown, so that each is the failure of its own write.
  func releaseSavepoint() throws

  /// Undoes what was done since the savepoint, and ends it.
  func rollbackToSavepoint() throws

  /// Locks the store as a whole until the transaction ends. The first thing a write's transaction does.
  func lockStore(_ lock: StoreLock) throws

  /// Locks `keys` until the transaction ends; once in a transaction, after ``lockStore(_:)``.
  ///
  /// The driver takes them in an order that is the same everywhere, so that no two transactions wait for each other in
  /// a circle.
  func lock(_ keys: Set<LockKey>) throws

  /// Reads the store's revision counter, and keeps others from it until the transaction ends.
  func lockRevision() throws -> Int64

  /// Lets the listeners of other servers know, once this transaction is committed, that there are new revisions.
  func announce() throws

  /// Lets statements fail with ``DatabaseError/Kind/interrupted`` once `deadline` has passed; nil lets them run.
  func limit(until deadline: ContinuousClock.Instant?)

  /// Frees everything. The connection must not be used afterwards.
  func close()
}

/// What a transaction is for.
package enum TransactionMode: Sendable, Hashable {
  /// Reads and writes.
  case write
  /// Reads from one snapshot.
  case snapshot
}

/// Where connections come from.
package protocol DatabaseDriver: Sendable {
  /// Whether other servers may use the same database, on another machine.
  var isShared: Bool { get }

  /// A connection that may write. One at a time unless the database is shared.
  func openWriter() throws -> any DatabaseConnection

  /// A connection that reads.
  func openReader() throws -> any DatabaseConnection

  /// Something that hears of commits of other servers; nil where there can be none.
  func openListener() throws -> (any CommitListener)?

  /// How large the database's file and its write-ahead log are, in bytes; nil where there are none.
  var fileSizes: (database: Int64, wal: Int64)? { get }

  /// Gives up what keeps other servers out. All connections are closed before.
  func close()
}

extension DatabaseDriver {
  package var fileSizes: (database: Int64, wal: Int64)? { nil }
}

/// How a write holds the store as a whole, where several servers write.
package enum StoreLock: Sendable, Hashable {
  /// Beside others: what it touches, it has named in lock keys.
  case shared
  /// Alone: it names nothing, and nobody else writes meanwhile.
  case exclusive
}

/// Names a transaction for ``DatabaseConnection/outcome(of:)``.
package struct TransactionID: Sendable, Hashable {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }
}

/// What became of a transaction.
package enum TransactionOutcome: Sendable, Hashable {
  case committed
  case undone
  /// It is still open: its connection has not noticed that nobody is there any more.
  case open
  /// It is too long ago to tell.
  case forgotten
}

/// Why a commit failed.
package enum CommitFailure: Error, Sendable {
  /// The database said so: nothing took place, and the connection goes on.
  case undone(DatabaseError)
  /// The answer did not come, or cannot be trusted. Where the database can be asked later, the transaction's name.
  case inDoubt(DatabaseError, TransactionID?)
}

/// Hears of commits, on a connection of its own.
package protocol CommitListener: AnyObject, Sendable {
  /// Returns when a commit was announced since the last call, when `timeout` has passed, or when ``stop()`` was called;
  /// several announcements may count as one. Blocks its thread. Throws when the connection is lost: what was announced
  /// meanwhile is lost too.
  /// - Returns: whether something was announced.
  func wait(timeout: Duration) throws -> Bool

  /// Lets a wait return at once, from any thread.
  func stop()

  /// Frees everything. No other call is under way.
  func close()
}
