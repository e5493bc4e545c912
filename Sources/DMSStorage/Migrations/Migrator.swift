/// Brings a database to this release's schema.
struct Migrator {
  let migrations: [Migration]

  /// Carries out what is missing, each migration in a transaction of its own, under the database's write lock.
  ///
  /// Several servers may start at once: each looks at what is done only after it holds the lock. Throws
  /// ``StorageError/newerDatabase(found:known:)`` for a database that a newer release has changed, and changes nothing.
  /// - Returns: the numbers of the migrations carried out.
  func run(on connection: any DatabaseConnection, nowMicros: Int64) throws -> [Int] {
    var done: [Int] = []
    while try step(on: connection, nowMicros: nowMicros, &done) {}
    return done
  }

  /// Carries out the next missing migration; false when there is none.
  private func step(
    on connection: any DatabaseConnection, nowMicros: Int64, _ done: inout [Int]
  ) throws -> Bool {
    try connection.begin(.write)
    do {
      // Before the table is made: two servers that make it at the same time collide.
      try connection.lockStore(.exclusive)
      try makeTable(on: connection)
      var current = 0
      try connection.query("SELECT max(number) FROM schema_migration", []) { row in
        current = Int(try row.optionalInt64(0) ?? 0)
        return false
      }
      let known = migrations.last?.number ?? 0
      guard current <= known else { throw StorageError.newerDatabase(found: current, known: known) }
      let next = migrations.first { $0.number == current + 1 }
      if let next {
        try apply(next, on: connection, nowMicros: nowMicros)
        done.append(next.number)
      }
      try connection.commit()
      return next != nil
    } catch let failure as CommitFailure {
      switch failure {
      case .undone(let error), .inDoubt(let error, _): throw error
      }
    } catch {
      try? connection.rollback()
      // Whether it took place or not, the next start finds out.
      switch error {
      case CommitFailure.undone(let cause), CommitFailure.inDoubt(let cause, _): throw cause
      default: throw error
      }
    }
  }

  /// Makes the schema as it was after the migration `number`, in an empty database and in the open transaction.
  func create(through number: Int, on connection: any DatabaseConnection, nowMicros: Int64) throws {
    try makeTable(on: connection)
    for migration in migrations where migration.number <= number {
      try apply(migration, on: connection, nowMicros: nowMicros)
    }
  }

  private func makeTable(on connection: any DatabaseConnection) throws {
    try connection.execute(
      SQL(
        assembled: connection.dialect.translate(
          """
          CREATE TABLE IF NOT EXISTS schema_migration (
            number {INT} NOT NULL PRIMARY KEY CHECK (number > 0),
            name TEXT NOT NULL,
            apply_time {INT} NOT NULL
          ) {TABLE}
          """)), [])
  }

  private func apply(_ migration: Migration, on connection: any DatabaseConnection, nowMicros: Int64) throws {
    for statement in migration.statements {
      try connection.execute(SQL(assembled: connection.dialect.translate(statement)), [])
    }
    try connection.execute(
      "INSERT INTO schema_migration (number, name, apply_time) VALUES (?1, ?2, ?3)",
      [.integer(Int64(migration.number)), .text(migration.name), .integer(nowMicros)])
  }
}
