internal import CSQLite

extension SQLiteConnection {
  /// Copies the database page by page into the empty file at `path`: one step, inside the open snapshot, so that it
  /// finishes whatever others write meanwhile.
  ///
  /// The copy needs no other file beside it. It is not flushed: that is the caller's.
  func copy(to path: String) throws {
    try Self.withTarget(path) { target, error in
      // What a crash leaves behind is of no use anyway.
      try Self.run("PRAGMA journal_mode = OFF", on: target)
      try Self.run("PRAGMA synchronous = OFF", on: target)
      guard let backup = sqlite3_backup_init(target, "main", database, "main") else { throw error(SQLITE_ERROR) }
      let stepped = sqlite3_backup_step(backup, -1)
      let finished = sqlite3_backup_finish(backup)
      guard stepped == SQLITE_DONE else { throw error(stepped) }
      guard finished == SQLITE_OK else { throw error(finished) }
    }
    // Opened anew: the file says now that it has a WAL.
    try Self.withTarget(path) { target, _ in
      try Self.run("PRAGMA synchronous = OFF", on: target)
      try Self.run("PRAGMA journal_mode = DELETE", on: target)
    }
  }

  private static func withTarget(
    _ path: String, _ body: (OpaquePointer, (Int32) -> DatabaseError) throws -> Void
  ) throws {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    defer { sqlite3_close_v2(opened) }
    guard code == SQLITE_OK, let opened else { throw DatabaseError(sqlite: code, on: opened) }
    try body(opened) { code in DatabaseError(sqlite: code, on: opened) }
  }

  private static func run(_ text: String, on database: OpaquePointer) throws {
    let code = sqlite3_exec(database, text, nil, nil, nil)
    guard code == SQLITE_OK else { throw DatabaseError(sqlite: code, on: database) }
  }
}
