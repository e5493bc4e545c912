/// One connection to a database, used by one thread at a time.
///
/// Both drivers speak this. It is thin on purpose: a statement's text is common to both, and what is not
/// (tables' types, locks on rows) is a method or a ``Dialect``.
package protocol DatabaseConnection: AnyObject {
  var dialect: Dialect { get }

  /// Whether other connections write too, so that ``lock(_:)`` counts. When false, one writer makes lock keys moot
  /// and a write may join a batch that is already running; when true, all keys of a batch are locked before its
  /// first write runs.
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
  func query(_ sql: SQL, _ parameters: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws

  /// Asks the same once for each list of parameters, in as few round trips as the driver can; `body` gets the place
  /// of the list with each row, lists in order. `body` must not use the connection.
  func queryMany(_ sql: SQL, _ rows: [[SQLValue]], _ body: (Int, borrowing Row) throws -> Void) throws

  /// Opens a transaction.
  func begin(_ mode: TransactionMode) throws

  /// Makes the transaction durable. When it throws, nobody knows whether the transaction took place, and the connection
  /// is of no more use.
  func commit() throws

  /// Undoes the transaction; does nothing when none is open.
  func rollback() throws

  /// Opens a savepoint inside the transaction. Savepoints do not nest.
  func savepoint() throws

  /// Keeps what was done since the savepoint. A driver that sends statements ahead settles here whose failures are
  /// still unknown, so that each is the failure of its own write.
  func releaseSavepoint() throws

  /// Undoes what was done since the savepoint, and ends it.
  func rollbackToSavepoint() throws

  /// Locks `keys`, sorted and without repeats, until the transaction ends.
  func lock(_ keys: [LockKey]) throws

  /// Reads the store's revision counter, and keeps others from it until the transaction ends.
  func lockRevision() throws -> Int64

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
  /// A connection that may write. On SQLite there is one at a time.
  func openWriter() throws -> any DatabaseConnection

  /// A connection that reads.
  func openReader() throws -> any DatabaseConnection

  /// Gives up what keeps other servers out. All connections are closed before.
  func close()
}
