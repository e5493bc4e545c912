internal import CSQLite

/// Moves the write-ahead log into the database, before a transaction begins.
///
/// SQLite would do it by itself, as the last part of a COMMIT: then the failure of a checkpoint looks like that of a
/// commit that did take place. Here it is the failure of a transaction that has not begun.
final class SQLiteCheckpointer {
  private let pagesMax: Int
  /// How long the log is, as of the last commit; 0 once that was answered with a checkpoint.
  private var pages: Int32 = 0

  /// - Parameter pagesMax: how many pages in the log call for a checkpoint.
  init(pagesMax: Int) {
    self.pagesMax = pagesMax
  }

  /// Lets `database` tell how long its log is. It must be closed before this goes.
  func install(on database: OpaquePointer) {
    sqlite3_wal_hook(
      database,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<SQLiteCheckpointer>.fromOpaque(context).takeUnretainedValue().pages = pages
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Moves a log that is long enough, or as much of it as no reader's snapshot needs. Throws when the medium fails; the
  /// connection must then be made anew, and nothing is flushed again on this one.
  func run(on database: OpaquePointer) throws(DatabaseError) {
    guard pages > 0, pages >= pagesMax else { return }
    // One attempt for a commit: each says anew how long the log is.
    pages = 0
    try move(SQLITE_CHECKPOINT_PASSIVE, database)
  }

  /// Flushes the log, moves all of it and empties it, as far as no other connection reads it.
  func flush(_ database: OpaquePointer) throws(DatabaseError) {
    try move(SQLITE_CHECKPOINT_TRUNCATE, database)
  }

  private func move(_ mode: Int32, _ database: OpaquePointer) throws(DatabaseError) {
    let code = sqlite3_wal_checkpoint_v2(database, nil, mode, nil, nil)
    guard code != SQLITE_OK else { return }
    let error = DatabaseError(sqlite: code, on: database)
    // Without room, or with a reader in the way, the log keeps what was committed. It is flushed first.
    if error.endsConnection { throw error }
  }
}
