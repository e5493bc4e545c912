#if PostgreSQL
  import Testing

  @testable import DMSStorage

  @Suite("Common statements in PostgreSQL's words")
  struct PostgreSQLTextTests {
    @Test(
      "Parameters are renamed, and only they",
      arguments: [
        ("SELECT ?1, ?2 WHERE a = ?1", "SELECT $1, $2 WHERE a = $1", 2),
        ("SELECT '?1', '''?2', \"?3\", ?4", "SELECT '?1', '''?2', \"?3\", $4", 4),
        ("SELECT ?12 ? ?x", "SELECT $12 ? ?x", 12),
        ("SELECT 'é' || ?1", "SELECT 'é' || $1", 1),
        ("", "", 0),
      ])
    func naming(text: String, renamed: String, count: Int) {
      let found = PostgreSQLText.naming(text) { "$\($0)" }
      #expect(found.text == renamed)
      #expect(found.parameterCount == count)
    }

    @Test("An INSERT of one row becomes one over arrays, with its expressions, in order")
    func insert() throws {
      let text = "INSERT INTO t (a, b, c) VALUES (?1, coalesce(?2, ')'), 0)"
      let insert = try #require(PostgreSQLInsert(text))
      #expect(
        insert.text([PostgreSQLType.int8, PostgreSQLType.text]) == """
          INSERT INTO t (a, b, c)  SELECT k.p1, coalesce(k.p2, ')'), 0 \
          FROM unnest($1, $2) WITH ORDINALITY AS k(p1, p2, place) ORDER BY k.place
          """)
      // A column of NULLs has no type, and needs none.
      #expect(
        insert.text([nil, PostgreSQLType.text]) == """
          INSERT INTO t (a, b, c)  SELECT NULL, coalesce(k.p2, ')'), 0 \
          FROM unnest($1) WITH ORDINALITY AS k(p2, place) ORDER BY k.place
          """)
      #expect(PostgreSQLInsert("\(text) ON CONFLICT (a) DO NOTHING") != nil)
    }

    @Test(
      "What may change a row twice, or is no INSERT of one row, stays one by one",
      arguments: [
        "INSERT INTO t (a) VALUES (?1) ON CONFLICT (a) DO UPDATE SET a = excluded.a",
        "INSERT INTO t (a) VALUES (?1), (?2)", "INSERT INTO t (a) SELECT ?1", "UPDATE t SET a = ?1",
        "INSERT INTO t (a) VALUES (?1) RETURNING a", "INSERT INTO t (a) VALUES (?1", "INSERT INTO t",
      ])
    func oneByOne(text: String) {
      #expect(PostgreSQLInsert(text) == nil)
    }
  }
#endif
