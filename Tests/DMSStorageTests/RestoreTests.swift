import Foundation
import TestPostgreSQL
import Testing

@testable import DMSStorage

/// Tables that refer to themselves and to each other, with every kind of value.
private let familyMigrations = [
  Migration(
    number: 1, name: "tables",
    statements: Migration0001Engine.statements + [
      """
      CREATE TABLE person (
        person_id {KEY} NOT NULL PRIMARY KEY,
        parent_id {KEY} REFERENCES person (person_id),
        age {INT} NOT NULL,
        picture {BYTES}
      ) {TABLE}
      """,
      """
      CREATE TABLE a_pet (
        person_id {KEY} NOT NULL REFERENCES person (person_id),
        name {KEY} NOT NULL,
        PRIMARY KEY (person_id, name)
      ) {CLUSTERED}
      """,
    ]),
  Migration(number: 2, name: "shoes", statements: ["ALTER TABLE person ADD COLUMN shoes {INT} NOT NULL DEFAULT 2"]),
]

@Suite("Restoring and migrating")
struct RestoreTests {
  private func maintenance(_ migrations: [Migration]) -> StoreMaintenance {
    StoreMaintenance(options: StoreOptions(nowMicros: { 1_700_000_000_000_000 }), migrations: migrations)
  }

  private func makeFamily(in folder: String, migrations: [Migration] = familyMigrations) async throws {
    try await makeFamily(at: TestPlace(location: .sqlite(path: "\(folder)/store.db")), migrations: migrations)
  }

  private func makeFamily(at place: TestPlace, migrations: [Migration] = familyMigrations) async throws {
    try await withStore(in: place, migrations: migrations) { store in
      try await store.write(WriteRequest(.interactive, principal: "tester")) { transaction in
        _ = try transaction.revision
        try transaction.executeMany(
          "INSERT INTO person (person_id, parent_id, age, picture) VALUES (?1, ?2, ?3, ?4)",
          [
            ["zoë", nil, .integer(.max), .blob([UInt8](0...255))], ["bob", "zoë", .integer(.min), nil],
            ["adam", "bob", 0, .blob([UInt8]())], ["", "adam", -1, .blob([0])],
          ])
        // Round in a circle.
        try transaction.execute("UPDATE person SET parent_id = '' WHERE person_id = 'zoë'")
        try transaction.executeMany(
          "INSERT INTO a_pet (person_id, name) VALUES (?1, ?2)", [["zoë", "Ä\u{10FFFF}"], ["", "rex"]])
      }
    }
  }

  @Test("Everything comes back: signs, bytes, empty texts, rows that name each other in a circle")
  func everything() async throws {
    try await withBackupFolder { folder in
      try await makeFamily(in: folder)
      let maintenance = maintenance(familyMigrations)
      let source = StoreLocation.sqlite(path: "\(folder)/store.db")
      let export = try maintenance.backUp(source, to: "\(folder)/export", as: .export)
      let copy = try maintenance.backUp(source, to: "\(folder)/copy", as: .sqlite)
      #expect(export.tables == copy.tables)
      #expect(
        export.tables.map(\.name).sorted() == [
          "a_pet", "change_log", "person", "schema_migration", "store_state", "stored_reply",
        ])
      for (file, target) in [("export", "a.db"), ("copy", "b.db")] {
        let location = StoreLocation.sqlite(path: "\(folder)/\(target)")
        let report = try maintenance.restore("\(folder)/\(file)", to: location)
        #expect(report.tables == export.tables)
        #expect(report.revision == 1)
        #expect(try maintenance.backUp(location, to: "\(folder)/\(target).again", as: .export).tables == export.tables)
      }
      let migrated = try maintenance.migrate(from: source, to: .sqlite(path: "\(folder)/c.db"))
      #expect(migrated.tables == export.tables)
    }
  }

  @Test(
    "From one database to the other and back, every table's checksum stays", arguments: TestStoreKind.available,
    TestStoreKind.available)
  func betweenKinds(_ first: TestStoreKind, _ second: TestStoreKind) async throws {
    try await withBackupFolder { folder in
      try await withTestPlace(first) { source in
        try await makeFamily(at: source)
        let maintenance = maintenance(familyMigrations)
        let export = try maintenance.backUp(source.location, to: "\(folder)/export", as: .export)
        try await withTestPlace(second) { target in
          let there = try maintenance.migrate(from: source.location, to: target.location)
          #expect(there.tables == export.tables)
          #expect(there.revision == 1)
          try await withTestPlace(first) { last in
            let back = try maintenance.migrate(from: target.location, to: last.location)
            #expect(back.tables == export.tables)
          }
          // What was carried is a store like any other.
          try await withStore(in: target, migrations: familyMigrations) { store in
            let revision = try await store.write(WriteRequest(principal: "tester")) { try $0.revision }
            #expect(revision == 2)
          }
        }
        try await withTestPlace(second) { target in
          let restored = try maintenance.restore("\(folder)/export", to: target.location)
          #expect(restored.tables == export.tables)
        }
      }
    }
  }

  @Test("A restore that fails leaves an empty database, which can be restored into", arguments: TestStoreKind.available)
  func failureLeavesNothing(_ kind: TestStoreKind) async throws {
    try await withBackupFolder { folder in
      try await makeFamily(in: folder)
      let source = StoreLocation.sqlite(path: "\(folder)/store.db")
      let maintenance = maintenance(familyMigrations)
      _ = try maintenance.backUp(source, to: "\(folder)/good", as: .export)
      // A row that names nothing: it is refused only when nearly everything has been loaded.
      let connection = try SQLiteConnection(path: "\(folder)/store.db", role: .writer, options: SQLiteOptions())
      try connection.execute("PRAGMA foreign_keys = OFF", [])
      try connection.execute("UPDATE person SET parent_id = 'nobody' WHERE person_id = 'bob'", [])
      connection.close()
      _ = try maintenance.backUp(source, to: "\(folder)/bad", as: .export)
      try await withTestPlace(kind) { target in
        let error = #expect(throws: DatabaseError.self) {
          try maintenance.restore("\(folder)/bad", to: target.location)
        }
        #expect(error?.kind == .constraint(.foreignKey))
        #expect(throws: BackupError.self) { try maintenance.verify(target.location) }
        let restored = try maintenance.restore("\(folder)/good", to: target.location)
        #expect(restored.revision == 1)
      }
    }
  }

  @Test("A checksum changes with every value, and with a value's kind and place")
  func checksums() async throws {
    try await withBackupFolder { folder in
      try await makeFamily(in: folder)
      let path = "\(folder)/store.db"
      let maintenance = maintenance(familyMigrations)
      var seen: Set<[UInt8]> = []
      func look() throws {
        let file = "\(folder)/\(UUID().uuidString)"
        let report = try maintenance.backUp(.sqlite(path: path), to: file, as: .export)
        let checksum = try #require(report.tables.first { $0.name == "person" }?.checksum)
        #expect(seen.insert(checksum).inserted)
      }
      try look()
      let connection = try SQLiteConnection(path: path, role: .writer, options: SQLiteOptions())
      defer { connection.close() }
      for sql: SQL in [
        "UPDATE person SET age = 1 WHERE person_id = 'adam'",
        "UPDATE person SET picture = NULL WHERE person_id = 'adam'",
        "UPDATE person SET picture = x'00' WHERE person_id = 'adam'",
        "UPDATE person SET parent_id = NULL WHERE person_id = 'adam'", "UPDATE person SET shoes = 3",
        "INSERT INTO person (person_id, age) VALUES ('eve', 1)", "DELETE FROM person WHERE person_id = 'bob'",
      ] {
        try connection.execute(sql, [])
        try look()
      }
    }
  }

  @Test("A store that is not empty is refused and stays as it is", arguments: TestStoreKind.available)
  func notEmpty(_ kind: TestStoreKind) async throws {
    try await withBackupFolder { folder in
      try await makeFamily(in: folder)
      let maintenance = maintenance(familyMigrations)
      let source = StoreLocation.sqlite(path: "\(folder)/store.db")
      _ = try maintenance.backUp(source, to: "\(folder)/export", as: .export)
      try await withTestPlace(kind) { target in
        try await withStore(in: target) { store in _ = try await store.addEntry("mine") }
        for attempt in [
          { try maintenance.restore("\(folder)/export", to: target.location) },
          { try maintenance.migrate(from: source, to: target.location) },
        ] {
          let refusal = #expect(throws: BackupError.self) { try attempt() }
          guard case .targetNotEmpty("\(target.location)", let tables) = refusal, tables.contains("entry") else {
            Issue.record("\(String(describing: refusal))")
            continue
          }
        }
        try await withStore(in: target) { store in
          let names = try await store.read { try $0.entryNames() }
          #expect(names == ["mine"])
        }
      }
      #expect(throws: BackupError.self) { try maintenance.migrate(from: source, to: source) }
    }
  }

  @Test("A served store is neither migrated nor restored into")
  func served() async throws {
    try await withBackupFolder { folder in
      try await makeFamily(in: folder)
      let path = "\(folder)/store.db"
      let maintenance = maintenance(familyMigrations)
      try await withFileStore(folder, migrations: familyMigrations) { _ in
        _ = try maintenance.backUp(.sqlite(path: path), to: "\(folder)/export", as: .export)
        #expect(throws: StorageError.servedElsewhere(path: path)) {
          try maintenance.migrate(from: .sqlite(path: path), to: .sqlite(path: "\(folder)/new.db"))
        }
        #expect(throws: StorageError.servedElsewhere(path: path)) {
          try maintenance.restore("\(folder)/export", to: .sqlite(path: path))
        }
      }
    }
  }

  @Test("A backup of an older schema is restored as it was, and brought up to date when it is served")
  func olderSchema() async throws {
    try await withBackupFolder { folder in
      let old = [familyMigrations[0]]
      try await makeFamily(in: folder, migrations: old)
      _ = try maintenance(old).backUp(.sqlite(path: "\(folder)/store.db"), to: "\(folder)/export", as: .export)
      try FileManager.default.createDirectory(atPath: "\(folder)/new", withIntermediateDirectories: false)
      let report = try maintenance(familyMigrations).restore(
        "\(folder)/export", to: .sqlite(path: "\(folder)/new/store.db"))
      #expect(report.schema == 1)
      try await withFileStore("\(folder)/new", migrations: familyMigrations) { store in
        let shoes = try await store.read { try $0.query("SELECT shoes FROM person") { try $0.int64(0) } }
        #expect(shoes == [2, 2, 2, 2])
      }
    }
  }

  @Test("A backup of a newer release is refused")
  func newerSchema() async throws {
    try await withBackupFolder { folder in
      try await makeFamily(in: folder)
      let path = "\(folder)/store.db"
      _ = try maintenance(familyMigrations).backUp(.sqlite(path: path), to: "\(folder)/export", as: .export)
      let old = maintenance([familyMigrations[0]])
      let refusal = StorageError.newerDatabase(found: 2, known: 1)
      #expect(throws: refusal) { try old.restore("\(folder)/export", to: .sqlite(path: "\(folder)/new.db")) }
      #expect(throws: refusal) { try old.backUp(.sqlite(path: path), to: "\(folder)/again", as: .sqlite) }
      #expect(throws: refusal) { try old.migrate(from: .sqlite(path: path), to: .sqlite(path: "\(folder)/new.db")) }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/new.db"))
    }
  }

  @Test("Tables come after those they refer to; a circle of tables is refused")
  func referenceOrder() throws {
    func table(_ name: String, _ references: String...) -> StoreTable {
      StoreTable(
        head: TableHead(name: name, columns: [.init("id", .integer)]), primaryKey: ["id"], nullable: [],
        foreignKeys: references.map { .init(columns: ["id"], table: $0, referenced: ["id"]) })
    }
    let ordered = try Catalogue.inReferenceOrder([
      table("a", "c"), table("b", "b"), table("c", "d"), table("d"),
    ])
    #expect(ordered.map(\.name) == ["b", "d", "c", "a"])
    #expect(throws: BackupError.self) { try Catalogue.inReferenceOrder([table("a", "b"), table("b", "a")]) }
  }

  @Test("Every table of this release can be carried", arguments: TestStoreKind.available, TestStoreKind.available)
  func ownTables(_ first: TestStoreKind, _ second: TestStoreKind) async throws {
    try await withTestPlace(first) { source in
      try await withTestPlace(second) { target in
        try await withStore(in: source, migrations: Migration.all) { _ in }
        let report = try maintenance(Migration.all).migrate(from: source.location, to: target.location)
        #expect(report.tables.count > 20)
        #expect(report.tables.first { $0.name == "schema_migration" }?.rows == Int64(Migration.all.count))
      }
    }
  }

  #if PostgreSQL
    @Test("What was acknowledged before a migration from a served PostgreSQL began is carried")
    func migrationWaitsForWrites() async throws {
      try await withTestPlace(.postgres) { source in
        try await withTestPlace(.sqlite) { target in
          try await withStore(in: source) { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
              for writer in 0..<8 {
                group.addTask { for number in 0..<100 { _ = try await store.addEntry("\(writer)-\(number)") } }
              }
              while store.changes.currentRevision < 100 { await Task.yield() }
              let acknowledged = store.changes.currentRevision
              let report = try maintenance(testMigrations).migrate(from: source.location, to: target.location)
              #expect(report.revision >= acknowledged)
              #expect(report.tables.first { $0.name == "entry" }?.rows == report.revision)
              try await group.waitForAll()
            }
          }
        }
      }
    }
  #endif
}
