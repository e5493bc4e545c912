#if PostgreSQL
  import TestPostgreSQL
  import Testing

  @testable import DMSStorage

  /// A connection to an empty database of its own, and the database's URL.
  func withPostgreSQL<Value>(
    _ options: PostgreSQLOptions = PostgreSQLOptions(), _ body: (PostgreSQLConnection, String) throws -> Value
  ) async throws -> Value {
    try await withTestDatabase { url in
      let connection = try PostgreSQLConnection(try PostgreSQLSession(url: url, options: options))
      defer { connection.close() }
      return try body(connection, url)
    }
  }

  extension DatabaseConnection {
    /// The last row's value, or nil.
    func one<Value>(
      _ sql: SQL, _ parameters: [SQLValue] = [], _ transform: (borrowing Row) throws -> Value
    ) throws -> Value? {
      var value: Value?
      try query(sql, parameters) { row in
        value = try transform(row)
        return true
      }
      return value
    }
  }

  @Suite("The PostgreSQL driver")
  struct PostgreSQLTests {
    @Test("Values come back as they were bound, whatever their size")
    func values() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute("CREATE TABLE t (i BIGINT, x TEXT, b BYTEA)", [])
        for (integer, text, blob): (Int64, String, [UInt8]) in [
          (0, "", []), (.min, "短い", [0]), (-1, "'\"\\$1?2", [0xFF, 0]),
          (.max, String(repeating: "é🚀", count: 40_000), Array(repeating: 7, count: 200_000)),
          (5, String(repeating: "x", count: 3_000_000), Array(repeating: 0, count: 5_000_000)),
        ] {
          try connection.execute("INSERT INTO t VALUES (?1, ?2, ?3)", [.integer(integer), .text(text), .blob(blob)])
          let found = try connection.one("SELECT i, x, b FROM t WHERE i = ?1", [.integer(integer)]) { row in
            (try row.int64(0), try row.text(1), try row.blob(2))
          }
          #expect(found?.0 == integer)
          #expect(found?.1 == text)
          #expect(found?.2 == blob)
        }
      }
    }

    @Test("NULL takes its type from where it stands, before and after values of that type")
    func nulls() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute("CREATE TABLE t (i BIGINT, x TEXT, b BYTEA)", [])
        let insert: SQL = "INSERT INTO t VALUES (?1, ?2, ?3)"
        for values: [SQLValue] in [
          [nil, nil, nil], [1, nil, nil], [nil, "a", nil], [2, "b", .blob([1])], [nil, nil, nil],
        ] {
          try connection.execute(insert, values)
        }
        #expect(
          try connection.one("SELECT count(*), sum(i), count(x), count(b) FROM t") { row in
            [try row.int64(0), try row.int64(1), try row.int64(2), try row.int64(3)]
          } == [5, 3, 2, 1])
        let null = try connection.one("SELECT i, x, b FROM t WHERE i IS NULL AND x IS NULL") { row in
          (try row.optionalInt64(0), try row.optionalText(1), try row.optionalBlob(2))
        }
        #expect(null?.0 == nil && null?.1 == nil && null?.2 == nil)
      }
    }

    @Test("A column of another type than expected throws, never traps")
    func columnsAreChecked() async throws {
      try await withPostgreSQL { (connection, _) throws in
        _ = try connection.one("SELECT 1, 'a', '\\x00'::bytea, NULL, 1.5, 2, true, 7::smallint") { row in
          #expect(throws: ColumnError(column: 1, expected: .integer, found: .text)) { try row.int64(1) }
          #expect(throws: ColumnError(column: 0, expected: .text, found: .integer)) { try row.text(0) }
          #expect(throws: ColumnError(column: 3, expected: .blob, found: .null)) { try row.blob(3) }
          #expect(throws: ColumnError(column: 4, expected: .integer, found: .real)) { try row.int64(4) }
          #expect(throws: ColumnError(column: 5, expected: .truth, found: .integer)) { try row.bool(5) }
          #expect(throws: ColumnError(column: 99, expected: .integer, found: .nothing)) { try row.int64(99) }
          #expect(throws: ColumnError(column: -1, expected: .text, found: .nothing)) { try row.optionalText(-1) }
          let (nothing, text, truth, small) = (
            try row.optionalInt64(3), try row.optionalText(1), try row.bool(6), try row.int64(7)
          )
          #expect(nothing == nil)
          #expect(text == "a")
          #expect(truth)
          #expect(small == 7)
        }
      }
    }

    @Test(
      "A sum is an integer where it is one",
      arguments: [0, 1, -1, 9_999, 10_000, 10_001, -123_456_789_012, 100_000_000, .max, .min] as [Int64])
    func sums(number: Int64) async throws {
      try await withPostgreSQL { (connection, _) throws in
        #expect(
          try connection.one("SELECT sum(n) FROM (SELECT CAST(?1 AS BIGINT)) AS t(n)", [.integer(number)]) { row in
            try row.int64(0)
          } == number)
        let text = SQL(assembled: "SELECT \(number).000::numeric, \(number).5::numeric, 1e19::numeric")
        _ = try connection.one(text) { (row) throws in
          #expect(try row.int64(0) == number)
          #expect(throws: ColumnError.self) { try row.int64(1) }
          #expect(throws: ColumnError.self) { try row.int64(2) }
        }
      }
    }

    @Test("Wrong numbers of values, text with U+0000 and two statements in one are refused")
    func misuseIsRefused() async throws {
      try await withPostgreSQL { (connection, _) throws in
        #expect(throws: DatabaseError.self) { try connection.execute("SELECT ?1", []) }
        #expect(throws: DatabaseError.self) { try connection.execute("SELECT ?1", [1, 2]) }
        let nul = #expect(throws: DatabaseError.self) { try connection.execute("SELECT ?1", ["a\0b"]) }
        #expect(nul?.kind == .constraint(.dataType))
        let two = #expect(throws: DatabaseError.self) { try connection.execute("SELECT 1; SELECT 2", []) }
        #expect(two?.kind == .misuse)
        #expect(try connection.one("SELECT ?1", ["fine"]) { try $0.text(0) } == "fine")
      }
    }

    @Test("Broken rules of the schema are told apart, and no bound value is in the message")
    func constraints() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute("CREATE TABLE p (k TEXT NOT NULL PRIMARY KEY)", [])
        try connection.execute(
          "CREATE TABLE t (k TEXT NOT NULL UNIQUE REFERENCES p (k), n BIGINT NOT NULL CHECK (n > 0))", [])
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

    @Test(
      "States of the server are sorted by what can be done about them",
      arguments: [
        ("57014", DatabaseError.Kind.interrupted), ("55P03", .busy), ("40P01", .busy), ("40001", .busy),
        ("53100", .full),
        ("53200", .outOfMemory), ("57P01", .connectionLost), ("57P02", .connectionLost), ("57P03", .connectionLost),
        ("08006", .connectionLost), ("23505", .constraint(.unique)), ("XX001", .corrupt), ("XX002", .corrupt),
        ("58030", .inputOutput), ("42601", .misuse), ("54000", .tooLarge), ("22021", .constraint(.dataType)),
        ("99999", .other),
      ])
    func states(state: String, kind: DatabaseError.Kind) {
      #expect(DatabaseError.kind(state) == kind)
    }

    @Test("A failure of a statement sent ahead shows in the same write, and the others of the batch stay")
    func failureIsOfItsWrite() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute("CREATE TABLE t (k BIGINT NOT NULL PRIMARY KEY)", [])
        try connection.begin(.write)
        func write(_ keys: [Int64]) throws {
          try connection.savepoint()
          for key in keys { try connection.execute("INSERT INTO t VALUES (?1)", [.integer(key)]) }
          try connection.releaseSavepoint()
        }
        try write([1, 2])
        let error = #expect(throws: DatabaseError.self) { try write([3, 1, 4]) }
        #expect(error?.kind == .constraint(.unique))
        #expect(!connection.isAutocommit)
        try connection.rollbackToSavepoint()
        try write([5])
        // One that fails of itself, with statements under way of which one fails as well.
        try connection.savepoint()
        try connection.execute("INSERT INTO t VALUES (6)", [])
        try connection.execute("INSERT INTO t VALUES (5)", [])
        try connection.rollbackToSavepoint()
        try write([7])
        try connection.commit()
        #expect(connection.isAutocommit)
        var keys: [Int64] = []
        try connection.query("SELECT k FROM t ORDER BY k", []) { row in
          keys.append(try row.int64(0))
          return true
        }
        #expect(keys == [1, 2, 5, 7])
      }
    }

    @Test("A statement that cannot be prepared fails its write alone, and again when it is tried again")
    func unknownTable() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.begin(.write)
        for _ in 0..<2 {
          try connection.savepoint()
          try connection.execute("INSERT INTO missing VALUES (?1)", [1])
          let error = #expect(throws: DatabaseError.self) { try connection.releaseSavepoint() }
          #expect(error?.code == "42P01")
          try connection.rollbackToSavepoint()
        }
        try connection.execute("CREATE TABLE missing (k BIGINT)", [])
        try connection.execute("INSERT INTO missing VALUES (?1)", [1])
        try connection.commit()
        #expect(try connection.one("SELECT count(*) FROM missing") { try $0.int64(0) } == 1)
      }
    }

    @Test("A commit that the server refuses has undone everything, and the connection goes on")
    func refusedCommit() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute("CREATE TABLE t (k BIGINT UNIQUE DEFERRABLE INITIALLY DEFERRED)", [])
        // At the commit itself, and in a statement sent ahead of it.
        for keys: [Int64] in [[1, 1], [2, 0]] {
          try connection.begin(.write)
          for key in keys { try connection.execute("INSERT INTO t VALUES (6 / ?1 * ?1)", [.integer(key)]) }
          let error = #expect(throws: CommitFailure.self) { try connection.commit() }
          guard case .undone = error else {
            Issue.record("\(String(describing: error))")
            return
          }
          #expect(connection.isAutocommit)
        }
        #expect(try connection.one("SELECT count(*) FROM t") { try $0.int64(0) } == 0)
      }
    }

    @Test("A hundred thousand statements sent ahead block nobody")
    func manyStatements() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute("CREATE TABLE t (k BIGINT, x TEXT)", [])
        try connection.begin(.write)
        let filler = String(repeating: "x", count: 100)
        for number in 0..<100_000 {
          try connection.execute("INSERT INTO t VALUES (?1, ?2)", [.integer(Int64(number)), .text(filler)])
        }
        try connection.commit()
        #expect(try connection.one("SELECT count(*) FROM t") { try $0.int64(0) } == 100_000)
        // Answers that nobody reads meanwhile fill the other direction.
        var count = 0
        try connection.queryMany(
          "SELECT repeat('y', 2000), x FROM t WHERE k = -1 OR ?1 >= 0 LIMIT 1", (0..<20_000).map { [.integer($0)] }
        ) { _, _ in count += 1 }
        #expect(count == 20_000)
      }
    }

    @Test("Many rows are inserted in their order, with expressions and NULLs, by one statement or many")
    func executeMany() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute(
          "CREATE TABLE t (n BIGINT GENERATED ALWAYS AS IDENTITY, k BIGINT UNIQUE, x TEXT, b BYTEA, v BIGINT)", [])
        let rows = (0..<2_500).map { number -> [SQLValue] in
          let text: SQLValue = number % 3 == 0 ? .null : .text("t\(number)")
          let blob: SQLValue = number % 2 == 0 ? .null : .blob([UInt8(truncatingIfNeeded: number)])
          return [.integer(Int64(number * 7 % 2_500)), text, blob, .null]
        }
        try connection.executeMany("INSERT INTO t (k, x, b, v) VALUES (?1, coalesce(?2, 'none, (?1)'), ?3, ?4)", rows)
        var place = 0
        try connection.query("SELECT k, x, b, v FROM t ORDER BY n", []) { (row) throws in
          #expect(try row.int64(0) == Int64(place * 7 % 2_500))
          #expect(try row.text(1) == (place % 3 == 0 ? "none, (?1)" : "t\(place)"))
          #expect(try row.optionalBlob(2) == (place % 2 == 0 ? nil : [UInt8(truncatingIfNeeded: place)]))
          let isNull = row.isNull(3)
          #expect(isNull)
          place += 1
          return true
        }
        #expect(place == 2_500)
        // The same row twice: only one after the other can do that.
        try connection.executeMany(
          "INSERT INTO t (k, v) VALUES (?1, ?2) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
          [[3_000, 1], [3_000, 2], [0, 3]])
        try connection.executeMany(
          "INSERT INTO t (k, v) VALUES (?1, ?2) ON CONFLICT (k) DO NOTHING", [[3_001, 1], [3_001, 2], [0, 4]])
        try connection.executeMany("UPDATE t SET v = v + ?2 WHERE k = ?1", [[3_000, 10], [3_000, 100], [0, 1_000]])
        #expect(
          try [3_000, 3_001, 0].map { key in
            try connection.one("SELECT v FROM t WHERE k = ?1", [.integer(key)]) { try $0.int64(0) }
          } == [112, 1, 1_003])
        let error = #expect(throws: DatabaseError.self) {
          try connection.executeMany("INSERT INTO t (k) VALUES (?1)", [[5_000], [0]])
        }
        #expect(error?.kind == .constraint(.unique))
      }
    }

    @Test("Rows of many lists come back list by list, each in its order")
    func queryMany() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute("CREATE TABLE t (g TEXT COLLATE \"C\", k BIGINT, x BYTEA)", [])
        let rows = (0..<300).map { number -> [SQLValue] in
          [.text("g\(number % 10)"), .integer(Int64(number)), number % 2 == 0 ? .null : .blob([1])]
        }
        try connection.executeMany("INSERT INTO t VALUES (?1, ?2, ?3)", rows)
        let lists: [[SQLValue]] = [["g3", 100], ["none", 0], ["g1", 200], ["g3", 280], [nil, 5], ["g3", 100]]
        var found = [[Int64]](repeating: [], count: lists.count)
        var order: [Int] = []
        try connection.queryMany("SELECT k, x FROM t WHERE g = ?1 AND k > ?2 ORDER BY k DESC", lists) { place, row in
          found[place].append(try row.int64(0))
          order.append(place)
        }
        let expected = [[293, 283, 273], [], [291, 281, 271]] as [[Int64]]
        #expect(found.map { Array($0.prefix(3)) } == [expected[0], [], expected[2], [293, 283], [], expected[0]])
        #expect(found[0].count == 20)
        #expect(order == order.sorted())
      }
    }

    @Test("A long answer streams, may be left early, and the connection goes on")
    func streams() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.begin(.snapshot)
        var sum: Int64 = 0
        try connection.stream("SELECT n FROM generate_series(?1, ?2) AS s(n)", [1, 100_000]) { row in
          sum += try row.int64(0)
          return true
        }
        #expect(sum == 5_000_050_000)
        var count = 0
        for _ in 0..<2 {
          try connection.stream("SELECT n FROM generate_series(1, 100000000) AS s(n)", []) { _ in
            count += 1
            return count % 1_000 != 0
          }
        }
        #expect(count == 2_000)
        try connection.rollback()
        #expect(connection.isAutocommit)
      }
    }

    @Test("A statement may be used again while it is being read")
    func nestedUse() async throws {
      try await withPostgreSQL { (connection, _) throws in
        try connection.execute("CREATE TABLE t (k TEXT NOT NULL, parent TEXT)", [])
        try connection.executeMany(
          "INSERT INTO t VALUES (?1, ?2)", [["a", nil], ["b", "a"], ["c", "b"], ["d", "c"]])
        func path(below key: String) throws -> String {
          var result = key
          try connection.query("SELECT k FROM t WHERE parent = ?1", [.text(key)]) { row in
            result += try path(below: try row.text(0))
            return true
          }
          return result
        }
        #expect(try path(below: "a") == "abcd")
      }
    }

    @Test("Many assembled statements do not pile up")
    func assembledStatements() async throws {
      try await withPostgreSQL { (connection, _) throws in
        for number in 0..<1_000 {
          #expect(try connection.one(SQL(assembled: "SELECT \(number)")) { try $0.int64(0) } == Int64(number))
        }
        // Also where what is to be forgotten is told with the first statement of a snapshot.
        try connection.begin(.snapshot)
        let prepared = try connection.one("SELECT count(*) FROM pg_prepared_statements") { try $0.int64(0) } ?? 0
        #expect(prepared <= 140)
        try connection.rollback()
      }
    }

    @Test("A snapshot stays as it was, and cannot write")
    func snapshot() async throws {
      try await withPostgreSQL { (connection, url) throws in
        try connection.execute("CREATE TABLE t (k BIGINT)", [])
        let other = try PostgreSQLConnection(try PostgreSQLSession(url: url, options: PostgreSQLOptions()))
        defer { other.close() }
        try other.begin(.snapshot)
        #expect(try other.one("SELECT count(*) FROM t") { try $0.int64(0) } == 0)
        try connection.execute("INSERT INTO t VALUES (1)", [])
        #expect(try other.one("SELECT count(*) FROM t") { try $0.int64(0) } == 0)
        let error = #expect(throws: DatabaseError.self) { try other.executeCounting("INSERT INTO t VALUES (2)", []) }
        #expect(error?.kind == .misuse)
        try other.rollback()
        #expect(try other.one("SELECT count(*) FROM t") { try $0.int64(0) } == 1)
      }
    }
  }
#endif
