import Testing

@testable import DMSStorage

@Suite("Pages")
struct PagingTests {
  @Test("A token comes back as it was made")
  func tokenRoundTrip() throws {
    let token = PageToken(position: [.integer(-5), "ключ/ + 钥匙", .blob([0, 255])], revision: 77)
    let text = token.encoded(binding: "ListOrders state=APPROVED")
    #expect(text.utf8.allSatisfy { UInt8(ascii: "!")...UInt8(ascii: "~") ~= $0 })
    #expect(try PageToken(decoding: text, binding: "ListOrders state=APPROVED", columnCount: 3) == token)
  }

  @Test("A token of another list, filter or order is refused")
  func tokenIsBound() {
    let text = PageToken(position: [1], revision: 1).encoded(binding: "a")
    #expect(throws: StorageError.invalidPageToken) { try PageToken(decoding: text, binding: "b", columnCount: 1) }
    #expect(throws: StorageError.invalidPageToken) { try PageToken(decoding: text, binding: "a", columnCount: 2) }
  }

  @Test("A damaged token is refused, whatever the damage")
  func damagedToken() throws {
    let text = PageToken(position: [.integer(1), "abc"], revision: 9).encoded(binding: "x")
    for count in 0..<text.count {
      #expect(throws: StorageError.invalidPageToken) {
        try PageToken(decoding: String(text.prefix(count)), binding: "x", columnCount: 2)
      }
    }
    var random = TestRandom(seed: 5)
    for _ in 0..<2_000 {
      let garbage = String(
        (0..<Int.random(in: 0..<60, using: &random)).map { _ in
          Character(UnicodeScalar(UInt8.random(in: 32..<127, using: &random)))
        })
      #expect(throws: StorageError.invalidPageToken) { try PageToken(decoding: garbage, binding: "x", columnCount: 2) }
    }
    #expect(throws: StorageError.invalidPageToken) {
      try PageToken(decoding: String(repeating: "A", count: 5_000), binding: "x", columnCount: 2)
    }
  }

  @Test("Conditions and orders are written so that an index serves them")
  func conditions() {
    let ascending = KeysetOrder(.init("a"), .init("b"))
    #expect(ascending.after(parametersFrom: 3) == "(a, b) > (?3, ?4)")
    #expect(ascending.orderBy == "a, b")
    let descending = KeysetOrder(.init("a", descending: true), .init("b", descending: true))
    #expect(descending.after(parametersFrom: 1) == "(a, b) < (?1, ?2)")
    let mixed = KeysetOrder(.init("a", descending: true), .init("b"))
    #expect(mixed.after(parametersFrom: 1) == "((a < ?1) OR (a = ?1 AND b > ?2))")
    #expect(mixed.orderBy == "a DESC, b")
  }

  @Test(
    "Every row that stays is listed exactly once while others come and go",
    arguments: [
      KeysetOrder(.init("n"), .init("k")), KeysetOrder(.init("n", descending: true), .init("k", descending: true)),
      KeysetOrder(.init("n", descending: true), .init("k")),
    ])
  func pagesNeitherSkipNorRepeat(order: KeysetOrder) async throws {
    try await withTemporaryFolder { folder in
      let connection = try SQLiteConnection(path: "\(folder)/store.db", role: .writer, options: SQLiteOptions())
      defer { connection.close() }
      try connection.execute("CREATE TABLE t (k TEXT NOT NULL PRIMARY KEY, n INTEGER NOT NULL) STRICT", [])
      var stays: Set<String> = []
      for number in 0..<100 {
        stays.insert("stays-\(number)")
        try connection.execute(
          "INSERT INTO t VALUES (?1, ?2)", [.text("stays-\(number)"), .integer(Int64(number % 7))])
      }
      var listed: [String] = []
      var position: [SQLValue] = []
      var page = 0
      while true {
        let condition = position.isEmpty ? "1 = 1" : order.after(parametersFrom: 1)
        var rows: [(String, Int64)] = []
        try connection.query(
          SQL(assembled: "SELECT k, n FROM t WHERE \(condition) ORDER BY \(order.orderBy) LIMIT 9"), position
        ) { row in
          rows.append((try row.text(0), try row.int64(1)))
          return true
        }
        guard let last = rows.last else { break }
        listed += rows.map(\.0)
        position = [.integer(last.1), .text(last.0)]
        for other in 0..<5 {
          try connection.execute(
            "INSERT INTO t VALUES (?1, ?2)", [.text("comes-\(page)-\(other)"), .integer(Int64((page + other) % 7))])
        }
        try connection.execute("DELETE FROM t WHERE k = ?1", [.text("comes-\(page)-0")])
        page += 1
        if page > 60 { break }
      }
      #expect(Set(listed).count == listed.count)
      #expect(stays.isSubset(of: listed))
    }
  }
}
