/// A store as it stands at one moment, on a connection of its own and for as long as the work takes.
///
/// It takes no server's lock: it may be read while a server serves the store. While it lasts, SQLite's WAL is not
/// reused and grows by what is written, and PostgreSQL keeps the row versions it sees.
struct StoreSnapshot {
  let transaction: ReadTransaction
  let tables: [StoreTable]
  let origin: ContentOrigin

  /// Lends a snapshot on `connection`, which is closed afterwards.
  ///
  /// Throws ``BackupError/noStore(place:)`` when the database holds none, and
  /// ``StorageError/newerDatabase(found:known:)``.
  static func with<Value>(
    _ connection: any DatabaseConnection, place: String, nowMicros: Int64 = 0, known: Int,
    _ body: (StoreSnapshot) throws -> Value
  ) throws -> Value {
    defer { connection.close() }
    connection.limit(until: nil)
    try connection.begin(.snapshot)
    let transaction = ReadTransaction(on: connection, nowMicros: nowMicros)
    defer {
      transaction.end()
      try? connection.rollback()
    }
    guard try Catalogue.names(transaction).contains("schema_migration") else {
      throw BackupError.noStore(place: place)
    }
    let schema = try transaction.queryOne("SELECT max(number) FROM schema_migration") { row in
      Int(try row.optionalInt64(0) ?? 0)
    }
    guard let schema, schema > 0 else { throw BackupError.noStore(place: place) }
    guard schema <= known else { throw StorageError.newerDatabase(found: schema, known: known) }
    let origin = ContentOrigin(
      schema: schema, revision: try transaction.storeRevision(), timeMicros: nowMicros)
    return try body(
      StoreSnapshot(transaction: transaction, tables: try Catalogue.tables(transaction), origin: origin))
  }
}
