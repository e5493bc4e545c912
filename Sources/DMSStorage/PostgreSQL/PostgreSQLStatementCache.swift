#if PostgreSQL
  /// A statement as the server knows it, by name.
  final class PostgreSQLStatement {
    let name: String
    let text: String
    /// The declared types of its parameters; 0 leaves the type to the server, which infers it from the text.
    let types: [UInt32]
    /// Whether it was sent to be prepared, and nothing has gone wrong with that.
    var isPrepared = false
    fileprivate var lastUse: UInt64 = 0

    fileprivate init(name: String, text: String, types: [UInt32]) {
      self.name = name
      self.text = text
      self.types = types
    }

    /// Whether `values` can be bound as they are.
    fileprivate func fits(_ values: [SQLValue]) -> Bool {
      for index in values.indices {
        if let type = values[index].postgresType, types[index] != type { return false }
      }
      return true
    }
  }

  /// The prepared statements of one connection.
  ///
  /// A literal is found by its address and stays. Assembled texts and statements over arrays are bounded: the one that
  /// was not used for longest makes room.
  final class PostgreSQLStatementCache {
    private static let assembledMax = 128

    /// A statement over arrays: the same text with other types is another statement.
    private struct ArrayKey: Hashable {
      var identity: SQL.Identity
      var elements: [UInt32?]
    }

    private var literals: [UInt: PostgreSQLStatement] = [:]
    private var assembled: [String: PostgreSQLStatement] = [:]
    private var overArrays: [ArrayKey: PostgreSQLStatement] = [:]
    private var inserts: [SQL.Identity: PostgreSQLInsert?] = [:]
    private var count: UInt64 = 0
    private var clock: UInt64 = 0
    /// Statements that the server may forget.
    private(set) var discarded: [PostgreSQLStatement] = []

    /// The statement for `sql` with parameters that take `values`.
    func statement(for sql: SQL, _ values: [SQLValue]) throws(DatabaseError) -> PostgreSQLStatement {
      clock += 1
      switch sql.identity {
      case .literal(let address):
        if let known = literals[address], known.types.count == values.count, known.fits(values) { return known }
        let statement = try make(sql.description, values, replacing: literals[address])
        literals[address] = statement
        return statement
      case .assembled(let text):
        if let known = assembled[text], known.types.count == values.count, known.fits(values) {
          known.lastUse = clock
          return known
        }
        let statement = try make(text, values, replacing: assembled[text])
        if assembled[text] == nil, assembled.count >= Self.assembledMax,
          let oldest = assembled.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
          discard(oldest.value)
          assembled[oldest.key] = nil
        }
        statement.lastUse = clock
        assembled[text] = statement
        return statement
      }
    }

    /// `sql` as an INSERT over arrays, where it can be one.
    func insert(_ sql: SQL) -> PostgreSQLInsert? {
      let identity = sql.identity
      if let known = inserts[identity] { return known }
      if inserts.count >= 2 * Self.assembledMax { inserts.removeAll() }
      let insert = PostgreSQLInsert(sql.description)
      inserts[identity] = .some(insert)
      return insert
    }

    /// The statement that `text` makes of `sql` for arrays of these types; nil stands for a column of NULLs.
    func statement(
      for sql: SQL, overArraysOf elements: [UInt32?], _ text: () -> String
    ) -> PostgreSQLStatement {
      clock += 1
      let key = ArrayKey(identity: sql.identity, elements: elements)
      if let known = overArrays[key] {
        known.lastUse = clock
        return known
      }
      if overArrays.count >= Self.assembledMax,
        let oldest = overArrays.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        discard(oldest.value)
        overArrays[oldest.key] = nil
      }
      let statement = named(text(), elements.compactMap { $0.map(Self.arrayType) })
      statement.lastUse = clock
      overArrays[key] = statement
      return statement
    }

    /// Takes the statements that the server may forget.
    func takeDiscarded() -> [PostgreSQLStatement] {
      defer { discarded = [] }
      return discarded.filter(\.isPrepared)
    }

    /// Keeps in mind that the server may forget `statement`.
    func discard(_ statement: PostgreSQLStatement) {
      if statement.isPrepared { discarded.append(statement) }
    }

    /// Forgets every statement, as the server has.
    func removeAll() {
      literals.removeAll()
      assembled.removeAll()
      overArrays.removeAll()
      discarded.removeAll()
    }

    private func make(
      _ text: String, _ values: [SQLValue], replacing old: PostgreSQLStatement?
    ) throws(DatabaseError) -> PostgreSQLStatement {
      let (renamed, parameterCount) = PostgreSQLText.naming(text) { "$\($0)" }
      guard parameterCount == values.count else {
        throw DatabaseError(.misuse, message: "\(values.count) values for \(parameterCount) parameters")
      }
      // A NULL says nothing about its type; what an earlier use has shown still holds.
      let types = values.indices.map { index in
        values[index].postgresType ?? (old.map { index < $0.types.count ? $0.types[index] : 0 } ?? 0)
      }
      if let old { discard(old) }
      return named(renamed, types)
    }

    private func named(_ text: String, _ types: [UInt32]) -> PostgreSQLStatement {
      count += 1
      return PostgreSQLStatement(name: "s\(count)", text: text, types: types)
    }

    private static func arrayType(_ element: UInt32) -> UInt32 {
      switch element {
      case PostgreSQLType.int8: PostgreSQLType.arrayOfInt8
      case PostgreSQLType.int4: PostgreSQLType.arrayOfInt4
      case PostgreSQLType.bytes: PostgreSQLType.arrayOfBytes
      default: PostgreSQLType.arrayOfText
      }
    }
  }
#endif
