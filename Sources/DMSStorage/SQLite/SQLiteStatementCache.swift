/// The prepared statements of one connection.
///
/// Literals are as many as the program has and stay; assembled texts are bounded, and the whole set of them is dropped
/// when it is full, which is cheap to bear: they are prepared anew at next use.
final class SQLiteStatementCache {
  private static let assembledMax = 128

  private var literals: [UInt: SQLiteStatement] = [:]
  private var assembled: [String: SQLiteStatement] = [:]

  /// A statement for `sql` that nobody is stepping, prepared on `database` if need be.
  func statement(for sql: SQL, on database: OpaquePointer) throws(DatabaseError) -> SQLiteStatement {
    switch sql.identity {
    case .literal(let address):
      if let known = literals[address] {
        // The text is being stepped further up the stack: this use gets a statement of its own, for once.
        return known.isInUse ? try SQLiteStatement(sql.description, on: database) : known
      }
      let statement = try SQLiteStatement(sql.description, on: database)
      literals[address] = statement
      return statement
    case .assembled(let text):
      if let known = assembled[text] {
        return known.isInUse ? try SQLiteStatement(text, on: database) : known
      }
      let statement = try SQLiteStatement(text, on: database)
      if assembled.count >= Self.assembledMax { assembled.removeAll(keepingCapacity: true) }
      assembled[text] = statement
      return statement
    }
  }

  /// Finalizes every statement that nobody else holds.
  func removeAll() {
    literals.removeAll()
    assembled.removeAll()
  }
}
