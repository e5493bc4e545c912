#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

extension StoreMaintenance {
  /// A connection that reads a SQLite file without keeping anybody out.
  func openSQLite(_ path: String) throws -> SQLiteConnection {
    guard access(path, F_OK) == 0 else { throw BackupError.noStore(place: path) }
    return try SQLiteConnection(path: path, role: .reader, options: options.sqlite)
  }

  /// A connection that reads, beside a server that may serve the store.
  func openReader(_ location: StoreLocation) throws -> any DatabaseConnection {
    switch location {
    case .sqlite(let path): try openSQLite(path)
    case .postgres: try driver(location).openReader()
    }
  }

  /// What opens connections whose statements may take their time, and whose transactions may wait for another database.
  private func driver(_ location: StoreLocation) throws -> any DatabaseDriver {
    var options = options
    options.postgres.statementTimeoutMilliseconds = 0
    options.postgres.idleInTransactionTimeoutMilliseconds = 0
    return try location.driver(options)
  }

  /// Lends a snapshot of a store to which nobody writes until `body` has returned.
  func withUnservedSnapshot<Value>(
    of source: StoreLocation, _ body: (StoreSnapshot) throws -> Value
  ) throws -> Value {
    switch source {
    case .sqlite(let path):
      guard access(path, F_OK) == 0 else { throw BackupError.noStore(place: path) }
      let lock = try SQLiteLockFile(databasePath: path)
      defer { lock.release() }
      return try StoreSnapshot.with(openSQLite(path), place: "\(source)", known: known, body)
    case .postgres:
      let driver = try self.driver(source)
      defer { driver.close() }
      let keeper = try driver.openWriter()
      defer { keeper.close() }
      try keeper.begin(.write)
      try keeper.lockStore(.exclusive)
      // The lock is certain once something is answered; only then may the snapshot begin, so that it misses nothing.
      try keeper.query("SELECT 1", []) { _ in false }
      defer { try? keeper.rollback() }
      return try StoreSnapshot.with(driver.openReader(), place: "\(source)", known: known, body)
    }
  }

  /// Makes the schema of `origin` in the empty database at `location`, lets `feed` fill it, compares, and commits.
  func fill(
    _ location: StoreLocation, from origin: ContentOrigin, _ feed: (ContentLoader) throws -> Void
  ) throws -> CopyReport {
    guard origin.schema <= known else { throw StorageError.newerDatabase(found: origin.schema, known: known) }
    switch location {
    case .sqlite(let path):
      let driver = try self.driver(location)
      defer { driver.close() }
      // A new file, for its owner alone.
      let made = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if made >= 0 { close(made) }
      do {
        return try fill(driver, place: "\(location)", from: origin, feed)
      } catch {
        // An empty file would be taken for a new store, which nobody asked for.
        if made >= 0 { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
        throw error
      }
    case .postgres:
      let driver = try self.driver(location)
      defer { driver.close() }
      return try fill(driver, place: "\(location)", from: origin, feed)
    }
  }

  private func fill(
    _ driver: any DatabaseDriver, place: String, from origin: ContentOrigin, _ feed: (ContentLoader) throws -> Void
  ) throws -> CopyReport {
    let connection = try driver.openWriter()
    defer { connection.close() }
    connection.limit(until: nil)
    do {
      try connection.begin(.write)
      try connection.lockStore(.exclusive)
      let transaction = ReadTransaction(on: connection, nowMicros: options.nowMicros())
      defer { transaction.end() }
      let present = try Catalogue.names(transaction)
      guard present.isEmpty else { throw BackupError.targetNotEmpty(place: place, tables: present) }
      try Migrator(migrations: migrations).create(
        through: origin.schema, on: connection, nowMicros: transaction.nowMicros)
      let loader = try ContentLoader(connection, tables: try Catalogue.tables(transaction))
      try feed(loader)
      try loader.check()
      guard try transaction.storeRevision() == origin.revision else {
        throw BackupError.contentDiffers(table: "store_state")
      }
      try connection.commit()
      return CopyReport(
        schema: origin.schema, revision: origin.revision, tables: loader.filled, bytes: nil, duration: .zero)
    } catch let failure as CommitFailure {
      switch failure {
      case .undone(let error): throw StorageError.unavailable(error)
      case .inDoubt: throw StorageError.outcomeUnknown
      }
    } catch {
      try? connection.rollback()
      throw error
    }
  }
}
