internal import CSQLite

/// A prepared statement, and the row at which it stands. Owned by one connection, used by its thread.
final class SQLiteStatement: RowSource {
  private let handle: OpaquePointer
  let parameterCount: Int
  private let columnCount: Int
  /// Whether it is being stepped; a nested use of the same text then needs a statement of its own.
  private(set) var isInUse = false

  /// Prepares `text` on `database`, to be kept for long.
  init(_ text: String, on database: OpaquePointer) throws(DatabaseError) {
    var text = text
    var prepared: OpaquePointer?
    let (code, consumedAll) = text.withUTF8 { bytes -> (Int32, Bool) in
      guard let length = Int32(exactly: bytes.count), bytes.count > 0 else { return (SQLITE_TOOBIG, true) }
      return bytes.withMemoryRebound(to: CChar.self) { characters in
        var tail: UnsafePointer<CChar>?
        let code = sqlite3_prepare_v3(
          database, characters.baseAddress, length, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, &tail)
        guard let tail, let start = characters.baseAddress else { return (code, true) }
        return (code, characters[(tail - start)...].allSatisfy { $0 == 0x20 || $0 == 0x0A })
      }
    }
    guard code == SQLITE_OK, let prepared else { throw DatabaseError(sqlite: code, on: database) }
    guard consumedAll else {
      sqlite3_finalize(prepared)
      throw DatabaseError(.misuse, message: "more than one statement in one text")
    }
    handle = prepared
    parameterCount = Int(sqlite3_bind_parameter_count(prepared))
    columnCount = Int(sqlite3_column_count(prepared))
  }

  deinit {
    sqlite3_finalize(handle)
  }

  /// Binds every parameter. Texts and bytes are copied to `scratch`, which must keep them until ``finish()``.
  func bind(_ values: [SQLValue], scratch: SQLiteScratch) throws(DatabaseError) {
    guard values.count == parameterCount else {
      throw DatabaseError(.misuse, message: "\(values.count) values for \(parameterCount) parameters")
    }
    isInUse = true
    var index: Int32 = 1
    for value in values {
      let code =
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
        case .text(let text): bind(text, at: index, scratch: scratch)
        case .blob(let bytes): bind(bytes, at: index, scratch: scratch)
        }
      guard code == SQLITE_OK else {
        finish()
        throw DatabaseError(binding: code)
      }
      index += 1
    }
  }

  private func bind(_ text: String, at index: Int32, scratch: SQLiteScratch) -> Int32 {
    let code = text.utf8.withContiguousStorageIfAvailable { bytes -> Int32 in
      guard !bytes.contains(0) else { return SQLITE_MISMATCH }
      let (pointer, destructor) = scratch.keep(UnsafeRawBufferPointer(bytes))
      return sqlite3_bind_text64(
        handle, index, pointer.assumingMemoryBound(to: CChar.self), sqlite3_uint64(bytes.count), destructor,
        UInt8(SQLITE_UTF8))
    }
    guard let code else { return bind(String(decoding: Array(text.utf8), as: UTF8.self), at: index, scratch: scratch) }
    return code
  }

  private func bind(_ bytes: [UInt8], at index: Int32, scratch: SQLiteScratch) -> Int32 {
    bytes.withUnsafeBytes { bytes in
      let (pointer, destructor) = scratch.keep(bytes)
      return sqlite3_bind_blob64(handle, index, pointer, sqlite3_uint64(bytes.count), destructor)
    }
  }

  /// Goes to the next row; false at the end.
  func step(on database: OpaquePointer) throws(DatabaseError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw DatabaseError(sqlite: code, on: database)
    }
  }

  /// Ends the use: the statement can be bound anew.
  func finish() {
    // Its result repeats the failure of the last step, which was thrown.
    sqlite3_reset(handle)
    isInUse = false
  }

  // MARK: Reading the row

  func isNull(at column: Int) -> Bool {
    column >= 0 && column < columnCount && sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
  }

  func integer(at column: Int) throws(ColumnError) -> Int64 {
    try require(SQLITE_INTEGER, .integer, at: column)
    return sqlite3_column_int64(handle, Int32(column))
  }

  func text(at column: Int) throws(ColumnError) -> String {
    try require(SQLITE_TEXT, .text, at: column)
    guard let start = sqlite3_column_text(handle, Int32(column)) else { return "" }
    let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column))))
    let text = String(decoding: bytes, as: UTF8.self)
    // Decoding mends what is no UTF-8, which must not pass; what is ASCII needs no second look.
    guard text.utf8.count == bytes.count, bytes.allSatisfy({ $0 < 0x80 }) || text.utf8.elementsEqual(bytes) else {
      throw ColumnError(column: column, expected: .text, found: .malformedText)
    }
    return text
  }

  func blob(at column: Int) throws(ColumnError) -> [UInt8] {
    try require(SQLITE_BLOB, .blob, at: column)
    guard let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
  }

  @inline(__always)
  private func require(_ type: Int32, _ expected: ColumnError.Content, at column: Int) throws(ColumnError) {
    guard column >= 0, column < columnCount else {
      throw ColumnError(column: column, expected: expected, found: .nothing)
    }
    let found = sqlite3_column_type(handle, Int32(column))
    guard found == type else { throw ColumnError(column: column, expected: expected, found: content(of: found)) }
  }

  private func content(of type: Int32) -> ColumnError.Content {
    switch type {
    case SQLITE_INTEGER: .integer
    case SQLITE_FLOAT: .real
    case SQLITE_TEXT: .text
    case SQLITE_BLOB: .blob
    default: .null
    }
  }
}
