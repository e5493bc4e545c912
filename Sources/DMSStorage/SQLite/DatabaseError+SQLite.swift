internal import CSQLite

extension DatabaseError {
  /// The failure that `database` has just reported as `code`.
  init(sqlite code: Int32, on database: OpaquePointer?) {
    let message = database.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
    let extended = database.map { sqlite3_extended_errcode($0) } ?? code
    // The connection's last code is that of the last call; another primary code is not about this failure.
    let exact = extended & 0xFF == code & 0xFF ? extended : code
    self.init(
      Self.kind(exact), code: String(exact),
      message: message ?? sqlite3_errstr(code).map { String(cString: $0) } ?? "unknown failure")
  }

  /// The failure to bind a value.
  init(binding code: Int32) {
    switch code {
    case SQLITE_MISMATCH: self.init(.constraint(.dataType), code: String(code), message: "text with U+0000")
    default:
      self.init(
        Self.kind(code), code: String(code), message: sqlite3_errstr(code).map { String(cString: $0) } ?? "cannot bind")
    }
  }

  private static func kind(_ code: Int32) -> Kind {
    switch code & 0xFF {
    case SQLITE_CONSTRAINT: .constraint(constraint(code))
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_FULL: .full
    case SQLITE_IOERR, SQLITE_READONLY, SQLITE_PERM: .inputOutput
    case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
    case SQLITE_NOMEM: .outOfMemory
    case SQLITE_INTERRUPT, SQLITE_ABORT: .interrupted
    case SQLITE_TOOBIG: .tooLarge
    case SQLITE_CANTOPEN: .connectionLost
    case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE: .misuse
    default: .other
    }
  }

  /// Extended codes of SQLITE_CONSTRAINT are `SQLITE_CONSTRAINT | (n << 8)`: macros that Swift cannot see.
  private static func constraint(_ code: Int32) -> Constraint {
    switch code >> 8 {
    case 1: .check
    case 3: .foreignKey
    case 5: .notNull
    case 6, 8, 10: .unique  // PRIMARYKEY, UNIQUE, ROWID
    case 12: .dataType
    default: .other
    }
  }
}
