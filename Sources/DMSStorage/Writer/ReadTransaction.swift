/// One snapshot of the store, for as long as the closure runs that got it.
///
/// Everything it answers belongs to one revision. Repositories extend this class with what they read; a
/// ``WriteTransaction`` is one too, and reads its own changes. Used by one thread, and by no one after its closure has
/// returned: then every method throws ``StorageError/transactionEnded``.
package class ReadTransaction {
  /// When the transaction began, in microseconds since 1970, by the store's clock. It stays the same throughout.
  package let nowMicros: Int64
  private let connection: any DatabaseConnection
  private var hasEnded = false
  /// The first failure of a statement in a write: on PostgreSQL nothing can follow it, so on SQLite nothing does.
  private(set) var failure: DatabaseError?

  /// What is remembered of master data; nil to read it.
  final let master: MasterView?

  init(on connection: any DatabaseConnection, nowMicros: Int64, master: MasterView? = nil) {
    self.connection = connection
    self.nowMicros = nowMicros
    self.master = master
  }

  /// The database's words where they differ; for tables made at run time.
  package final var dialect: Dialect { connection.dialect }

  /// Whether other connections write too.
  final var sharesWrites: Bool { connection.sharesWrites }

  /// The store's revision as this snapshot shows it: the last write that it contains.
  package final func storeRevision() throws -> Int64 {
    try queryOne("SELECT value FROM store_state WHERE name = 'revision'") { row in try row.int64(0) } ?? 0
  }

  /// Everything that `sql` answers, each row made into a value. Bound the rows with LIMIT where they could be many.
  package final func query<Value>(
    _ sql: SQL, _ parameters: [SQLValue] = [], _ transform: (borrowing Row) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    try forEach(sql, parameters) { row in
      values.append(try transform(row))
      return true
    }
    return values
  }

  /// The first row that `sql` answers, made into a value, or nil.
  package final func queryOne<Value>(
    _ sql: SQL, _ parameters: [SQLValue] = [], _ transform: (borrowing Row) throws -> Value
  ) throws -> Value? {
    var value: Value?
    try forEach(sql, parameters) { row in
      value = try transform(row)
      return false
    }
    return value
  }

  /// Whether `sql` answers any row.
  package final func exists(_ sql: SQL, _ parameters: [SQLValue] = []) throws -> Bool {
    var found = false
    try forEach(sql, parameters) { _ in
      found = true
      return false
    }
    return found
  }

  /// Lends every row to `body`, which may use the transaction, until it returns false. Keeps nothing in memory.
  package final func forEach(
    _ sql: SQL, _ parameters: [SQLValue] = [], _ body: (borrowing Row) throws -> Bool
  ) throws {
    try use { connection in try connection.query(sql, parameters, body) }
  }

  /// Asks the same once for each list of parameters, in few round trips, and makes each row into a value.
  /// - Returns: for each list of parameters, in order, its rows.
  package final func queryMany<Value>(
    _ sql: SQL, _ rows: [[SQLValue]], _ transform: (borrowing Row) throws -> Value
  ) throws -> [[Value]] {
    var values = [[Value]](repeating: [], count: rows.count)
    try use { connection in
      try connection.queryMany(sql, rows) { place, row in
        values[place].append(try transform(row))
      }
    }
    return values
  }

  /// Runs `body` on the connection unless the transaction is over, and remembers a statement's failure.
  final func use<Value>(_ body: (any DatabaseConnection) throws -> Value) throws -> Value {
    if hasEnded { throw StorageError.transactionEnded }
    if let failure { throw failure }
    do {
      return try body(connection)
    } catch let error as DatabaseError {
      failure = error
      throw error
    }
  }

  /// Makes the transaction unusable.
  final func end() {
    hasEnded = true
  }
}
