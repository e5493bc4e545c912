#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// How a backup is kept.
package enum BackupFormat: Sendable, Hashable {
  /// A SQLite database in one file, page by page as it was. From SQLite stores only.
  case sqlite
  /// A file of ours that either database can be restored from; see ``ExportFile``.
  case export

  /// The format of the file at `path`, told by its first bytes. Throws ``BackupError/notABackup(path:)``.
  package init(of path: String) throws {
    let file = try InputFile(path: path)
    let start = try file.read(min(16, file.remaining))
    if start == Array("SQLite format 3\0".utf8) {
      self = .sqlite
    } else if start.starts(with: ExportFile.magic) {
      self = .export
    } else {
      throw BackupError.notABackup(path: path)
    }
  }
}

/// What was carried.
package struct CopyReport: Sendable, Hashable {
  /// The number of the schema's last migration.
  package var schema: Int
  /// The revision of the store that it is a copy of.
  package var revision: Int64
  /// Each table with its rows and checksum.
  package var tables: [TableSummary]
  /// The size of the file written or read; nil where there is none.
  package var bytes: Int64?
  package var duration: Duration

  /// The rows of all tables.
  package var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }
}

/// Copies of whole stores: to a file, from a file, from one database to another.
///
/// Everything here blocks its thread for as long as it takes, and opens connections of its own.
package struct StoreMaintenance: Sendable {
  let options: StoreOptions
  let migrations: [Migration]

  package init(options: StoreOptions, migrations: [Migration] = Migration.all) {
    self.options = options
    self.migrations = migrations
  }

  var known: Int { migrations.last?.number ?? 0 }

  // MARK: Backup

  /// Writes the store's content as it is at one moment to `path`, which must be free, while a server may serve it.
  ///
  /// The file takes its name only once it is whole, on disk, and checked. Throws ``BackupError``, ``StorageError`` or
  /// ``DatabaseError``.
  package func backUp(_ location: StoreLocation, to path: String, as format: BackupFormat) throws -> CopyReport {
    switch (location, format) {
    case (.sqlite(let source), .sqlite): try copySQLite(source, to: path)
    case (.postgres, .sqlite): throw BackupError.unsupportedFormat(place: "\(location)")
    case (_, .export): try export(location, to: path)
    }
  }

  private func copySQLite(_ source: String, to path: String) throws -> CopyReport {
    let start = ContinuousClock.now
    let file = try DurableFile(path: path)
    let connection = try openSQLite(source)
    let origin = try StoreSnapshot.with(connection, place: source, known: known) { snapshot in
      try connection.copy(to: file.partialPath)
      return snapshot.origin
    }
    // The source is free again; the copy is looked at in peace.
    let copy = try SQLiteConnection(path: file.partialPath, role: .reader, options: SQLiteOptions())
    let tables = try StoreSnapshot.with(copy, place: path, known: known) { snapshot in
      let isSame = snapshot.origin == origin
      guard isSame, try StoreVerification.integrity(snapshot.transaction).isEmpty else {
        throw BackupError.damaged(path: source, part: "the database")
      }
      return try snapshot.tables.map { try TableReader.read($0, snapshot.transaction) }
    }
    let bytes = try file.publish()
    return CopyReport(
      schema: origin.schema, revision: origin.revision, tables: tables, bytes: bytes, duration: .now - start)
  }

  private func export(_ location: StoreLocation, to path: String) throws -> CopyReport {
    let start = ContinuousClock.now
    // Before the snapshot, which is not to be held for nothing.
    guard access(path, F_OK) != 0 else { throw BackupError.targetExists(path: path) }
    let now = options.nowMicros()
    return try StoreSnapshot.with(openReader(location), place: "\(location)", nowMicros: now, known: known) {
      snapshot in
      let writer = try ExportWriter(path: path, origin: snapshot.origin)
      try TableReader.read(snapshot.tables, snapshot.transaction, into: writer)
      let bytes = try writer.publish()
      return CopyReport(
        schema: snapshot.origin.schema, revision: snapshot.origin.revision, tables: writer.tables, bytes: bytes,
        duration: .now - start)
    }
  }

  // MARK: Restore

  /// Fills the empty store at `location` from a backup of either format and from either database.
  ///
  /// Everything takes place in one transaction, schema and all, and is compared with the backup before it commits: a
  /// restore that fails leaves an empty database. The schema is that of the backup; a server brings it up to date.
  package func restore(_ path: String, to location: StoreLocation) throws -> CopyReport {
    let start = ContinuousClock.now
    var report: CopyReport
    if try BackupFormat(of: path) == .export {
      // Once to be certain that it is whole, once to carry it over.
      let checked = try ExportReader(path: path)
      let told = try checked.read()
      report = try fill(location, from: checked.origin) { loader in
        guard try ExportReader(path: path).read(into: loader) == told else {
          throw BackupError.damaged(path: path, part: "the whole: it changed while it was read")
        }
      }
    } else {
      let connection = try SQLiteConnection(path: path, role: .reader, options: SQLiteOptions())
      report = try StoreSnapshot.with(connection, place: path, known: known) { snapshot in
        guard try StoreVerification.integrity(snapshot.transaction).isEmpty else {
          throw BackupError.damaged(path: path, part: "the database")
        }
        return try fill(location, from: snapshot.origin) { loader in
          try TableReader.read(snapshot.tables, snapshot.transaction, into: loader)
        }
      }
    }
    report.bytes = try Int64(InputFile(path: path).remaining)
    report.duration = .now - start
    return report
  }

  // MARK: Migration

  /// Carries everything from one store to an empty one of either kind, and proves that it arrived by a checksum for
  /// each table.
  ///
  /// Nobody writes to the source meanwhile: it is locked as a server would lock it.
  package func migrate(from source: StoreLocation, to target: StoreLocation) throws -> CopyReport {
    let start = ContinuousClock.now
    guard source != target else { throw BackupError.targetNotEmpty(place: "\(target)", tables: []) }
    var report = try withUnservedSnapshot(of: source) { snapshot in
      try fill(target, from: snapshot.origin) { loader in
        try TableReader.read(snapshot.tables, snapshot.transaction, into: loader)
      }
    }
    report.duration = .now - start
    return report
  }

  // MARK: Verification

  /// Checks the store at `location` in one snapshot, while a server may serve it.
  package func verify(_ location: StoreLocation) throws -> VerificationReport {
    let start = ContinuousClock.now
    var report = try StoreSnapshot.with(openReader(location), place: "\(location)", known: known) { snapshot in
      try StoreVerification.run(snapshot)
    }
    report.duration = .now - start
    return report
  }
}
