import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("Migrations")
struct MigrationTests {
  private func withConnection<Value>(
    _ kind: TestStoreKind, _ body: (any DatabaseConnection) throws -> Value
  ) async throws -> Value {
    try await withTestPlace(kind) { place in
      let driver = try place.driver(StoreOptions(nowMicros: { 0 }))
      defer { driver.close() }
      let connection = try driver.openWriter()
      defer { connection.close() }
      return try body(connection)
    }
  }

  private let two = [
    Migration(number: 1, name: "one", statements: ["CREATE TABLE a (k {KEY} NOT NULL, b {BYTES}) {TABLE}"]),
    Migration(number: 2, name: "two", statements: ["CREATE TABLE b (n {INT} NOT NULL PRIMARY KEY) {CLUSTERED}"]),
  ]

  @Test("Each runs once, in order, and a later release adds its own", arguments: TestStoreKind.available)
  func runOnce(kind: TestStoreKind) async throws {
    try await withConnection(kind) { (connection) throws in
      #expect(try Migrator(migrations: [two[0]]).run(on: connection, nowMicros: 1) == [1])
      #expect(try Migrator(migrations: two).run(on: connection, nowMicros: 2) == [2])
      #expect(try Migrator(migrations: two).run(on: connection, nowMicros: 3) == [])
      try connection.execute("INSERT INTO b VALUES (1)", [])
    }
  }

  @Test("A database of a newer release is refused and left alone", arguments: TestStoreKind.available)
  func newerIsRefused(kind: TestStoreKind) async throws {
    try await withTestPlace(kind) { place in
      try await withStore(in: place) { _ in }
      let later =
        testMigrations + [Migration(number: 2, name: "later", statements: ["CREATE TABLE c (n {INT}) {TABLE}"])]
      try await withStore(in: place, migrations: later) { _ in }
      await #expect(throws: StorageError.newerDatabase(found: 2, known: 1)) {
        try await withStore(in: place) { _ in }
      }
      try await withStore(in: place, migrations: later) { (store) async throws in
        #expect(try await store.addEntry("still works") == 1)
      }
    }
  }

  @Test("One that fails leaves nothing behind", arguments: TestStoreKind.available)
  func failureLeavesNothing(kind: TestStoreKind) async throws {
    try await withConnection(kind) { (connection) throws in
      let broken = Migration(
        number: 2, name: "broken", statements: ["CREATE TABLE d (n {INT}) {TABLE}", "CREATE NONSENSE"])
      #expect(throws: DatabaseError.self) {
        try Migrator(migrations: [two[0], broken]).run(on: connection, nowMicros: 1)
      }
      #expect(connection.isAutocommit)
      #expect(try Migrator(migrations: two).run(on: connection, nowMicros: 2) == [2])
      var tables: [String] = []
      let list: SQL =
        switch kind {
        case .sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        case .postgres: "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        }
      try connection.query(list, []) { row in
        tables.append(try row.text(0))
        return true
      }
      #expect(tables == ["a", "b", "schema_migration"])
    }
  }

  @Test("This release's own tables are made, and are numbered without gaps", arguments: TestStoreKind.available)
  func ownMigrations(kind: TestStoreKind) async throws {
    try await withConnection(kind) { (connection) throws in
      let done = try Migrator(migrations: Migration.all).run(on: connection, nowMicros: 1)
      #expect(done == Array(1...Migration.all.count))
    }
  }

  @Test("Common words become each database's own")
  func dialects() {
    let text = "CREATE TABLE t (k {KEY}, n {INT}, b {BYTES}) {TABLE}"
    #expect(Dialect.sqlite.translate(text) == "CREATE TABLE t (k TEXT, n INTEGER, b BLOB) STRICT")
    #expect(Dialect.postgres.translate(text) == "CREATE TABLE t (k TEXT COLLATE \"C\", n BIGINT, b BYTEA) ")
    #expect(Dialect.sqlite.translate("{UNKNOWN} {KEY") == "{UNKNOWN} {KEY")
  }
}
