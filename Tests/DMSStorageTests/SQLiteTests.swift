import Testing

@testable import DMSStorage

@Suite("The SQLite driver")
struct SQLiteTests {
  private func withConnection<Value>(_ body: (SQLiteConnection, String) throws -> Value) async throws -> Value {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      let connection = try SQLiteConnection(path: path, role: .writer, options: SQLiteOptions())
      defer { connection.close() }
      return try body(connection, path)
    }
  }

  private func one<Value>(
    _ connection: SQLiteConnection, _ sql: SQL, _ parameters: [SQLValue] = [],
    _ transform: (borrowing Row) throws -> Value
  ) throws -> Value? {
    var value: Value?
    try connection.query(sql, parameters) { row in
      value = try transform(row)
      return true
    }
    return value
  }

  @Test("It is as durable as SQLite can be, and checks foreign keys")
  func settings() async throws {
    try await withConnection { (connection, _) throws in
      #expect(try one(connection, "PRAGMA journal_mode") { try $0.text(0) } == "wal")
      #expect(try one(connection, "PRAGMA synchronous") { try $0.int64(0) } == 2)
      #expect(try one(connection, "PRAGMA foreign_keys") { try $0.int64(0) } == 1)
    }
  }

  @Test("Values come back as they were bound, whatever their size")
  func values() async throws {
    try await withConnection { (connection, _) throws in
      try connection.execute("CREATE TABLE t (i INTEGER, x TEXT, b BLOB) STRICT", [])
      for (integer, text, blob): (Int64, String, [UInt8]) in [
        (0, "", []), (.min, "短い", [0]),
        (.max, String(repeating: "é🚀", count: 40_000), Array(repeating: 7, count: 200_000)),
      ] {
        try connection.execute("INSERT INTO t VALUES (?1, ?2, ?3)", [.integer(integer), .text(text), .blob(blob)])
        let found = try one(connection, "SELECT i, x, b FROM t WHERE i = ?1", [.integer(integer)]) { row in
          (try row.int64(0), try row.text(1), try row.blob(2))
        }
        #expect(found?.0 == integer)
        #expect(found?.1 == text)
        #expect(found?.2 == blob)
      }
    }
  }

  @Test("A column of another type than expected throws, never traps")
  func columnsAreChecked() async throws {
    try await withConnection { (connection, _) throws in
      _ = try one(connection, "SELECT 1, 'a', x'00', NULL, 1.5, CAST(x'FF' AS TEXT), 2") { row in
        #expect(throws: ColumnError(column: 1, expected: .integer, found: .text)) { try row.int64(1) }
        #expect(throws: ColumnError(column: 0, expected: .text, found: .integer)) { try row.text(0) }
        #expect(throws: ColumnError(column: 3, expected: .blob, found: .null)) { try row.blob(3) }
        #expect(throws: ColumnError(column: 4, expected: .integer, found: .real)) { try row.int64(4) }
        #expect(throws: ColumnError(column: 5, expected: .text, found: .malformedText)) { try row.text(5) }
        #expect(throws: ColumnError(column: 6, expected: .truth, found: .integer)) { try row.bool(6) }
        #expect(throws: ColumnError(column: 99, expected: .integer, found: .nothing)) { try row.int64(99) }
        #expect(throws: ColumnError(column: -1, expected: .text, found: .nothing)) { try row.optionalText(-1) }
        let (nothing, text, truth) = (try row.optionalInt64(3), try row.optionalText(1), try row.bool(0))
        #expect(nothing == nil)
        #expect(text == "a")
        #expect(truth)
      }
    }
  }

  @Test("Wrong numbers of values, text with U+0000 and two statements in one are refused")
  func misuseIsRefused() async throws {
    try await withConnection { (connection, _) throws in
      #expect(throws: DatabaseError.self) { try connection.execute("SELECT ?1", []) }
      #expect(throws: DatabaseError.self) { try connection.execute("SELECT ?1", [1, 2]) }
      let nul = #expect(throws: DatabaseError.self) { try connection.execute("SELECT ?1", ["a\0b"]) }
      #expect(nul?.kind == .constraint(.dataType))
      let two = #expect(throws: DatabaseError.self) { try connection.execute("SELECT 1; SELECT 2", []) }
      #expect(two?.kind == .misuse)
      #expect(try one(connection, "SELECT ?1", ["fine"]) { try $0.text(0) } == "fine")
    }
  }

  @Test("Broken rules of the schema are told apart, and no bound value is in the message")
  func constraints() async throws {
    try await withConnection { (connection, _) throws in
      try connection.execute("CREATE TABLE p (k TEXT NOT NULL PRIMARY KEY) STRICT", [])
      try connection.execute(
        "CREATE TABLE t (k TEXT NOT NULL UNIQUE REFERENCES p (k), n INTEGER NOT NULL CHECK (n > 0)) STRICT", [])
      try connection.execute("INSERT INTO p VALUES ('secret')", [])
      try connection.execute("INSERT INTO t VALUES ('secret', 1)", [])
      for (values, rule): ([SQLValue], DatabaseError.Constraint) in [
        (["secret", 1], .unique), (["secret-2", 1], .foreignKey), (["secret", 0], .check), ([nil, 1], .notNull),
        (["secret", "secret-3"], .dataType),
      ] {
        let error = #expect(throws: DatabaseError.self) {
          try connection.execute("INSERT INTO t VALUES (?1, ?2)", values)
        }
        #expect(error?.kind == .constraint(rule))
        #expect(error?.message.contains("secret") == false)
      }
    }
  }

  @Test("A statement may be used again while it is being read")
  func nestedUse() async throws {
    try await withConnection { (connection, _) throws in
      try connection.execute("CREATE TABLE t (k TEXT NOT NULL, parent TEXT) STRICT", [])
      try connection.executeMany("INSERT INTO t VALUES (?1, ?2)", [["a", nil], ["b", "a"], ["c", "b"], ["d", "c"]])
      func path(below key: String) throws -> String {
        var result = key
        try connection.query("SELECT k FROM t WHERE parent = ?1", [.text(key)]) { row in
          result += try path(below: try row.text(0))
          return true
        }
        return result
      }
      #expect(try path(below: "a") == "abcd")
      #expect(try path(below: "b") == "bcd")
    }
  }

  @Test("Many assembled statements do not pile up")
  func assembledStatements() async throws {
    try await withConnection { (connection, _) throws in
      for number in 0..<1_000 {
        #expect(try one(connection, SQL(assembled: "SELECT \(number)")) { try $0.int64(0) } == Int64(number))
      }
    }
  }

  @Test("A second server is kept out, until the first is gone")
  func secondServerIsKeptOut() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      let first = try SQLiteDriver(path: path, options: SQLiteOptions())
      #expect(throws: StorageError.servedElsewhere(path: path)) {
        try SQLiteDriver(path: path, options: SQLiteOptions())
      }
      first.close()
      try SQLiteDriver(path: path, options: SQLiteOptions()).close()
    }
  }

  @Test("A file that is no database is refused, and stays as it is")
  func foreignFile() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/store.db"
      let connection = try SQLiteConnection(path: path, role: .writer, options: SQLiteOptions())
      connection.close()
      #expect(throws: (any Error).self) {
        try SQLiteConnection(path: "\(folder)/missing/store.db", role: .writer, options: SQLiteOptions())
      }
      #expect(throws: (any Error).self) {
        try SQLiteConnection(path: "\(folder)/none.db", role: .reader, options: SQLiteOptions())
      }
    }
  }
}
