/// Reads the schema's tables from the database itself, so that what later migrations add is carried, too.
enum Catalogue {
  /// Every table of the schema, those that others refer to before those that refer to them.
  ///
  /// Throws ``BackupError/unsupportedSchema(_:)`` for what cannot be carried: a column that is no integer, text or
  /// bytes, a table without a primary key, foreign keys in a circle.
  static func tables(_ snapshot: ReadTransaction) throws -> [StoreTable] {
    let names = try names(snapshot)
    let tables = try names.map { name in
      switch snapshot.dialect {
      case .sqlite: try sqliteTable(name, snapshot)
      case .postgres: try postgresTable(name, snapshot)
      }
    }
    return try inReferenceOrder(tables)
  }

  /// The names of all tables, in the order of their bytes.
  static func names(_ snapshot: ReadTransaction) throws -> [String] {
    switch snapshot.dialect {
    case .sqlite:
      try snapshot.query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
      ) { row in try row.text(0) }
    case .postgres:
      try snapshot.query(
        """
        SELECT CAST(c.relname AS TEXT) FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
        ORDER BY CAST(c.relname AS TEXT) COLLATE "C"
        """
      ) { row in try row.text(0) }
    }
  }

  // MARK: SQLite

  private static func sqliteTable(_ name: String, _ snapshot: ReadTransaction) throws -> StoreTable {
    var columns: [TableHead.Column] = []
    var nullable: Set<String> = []
    var key: [(place: Int64, name: String)] = []
    try snapshot.forEach(
      "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY cid", [.text(name)]
    ) { row in
      let column = try row.text(0)
      columns.append(TableHead.Column(column, try content(try row.text(1), of: column, in: name)))
      let place = try row.int64(3)
      if place > 0 { key.append((place, column)) }
      if try row.int64(2) == 0, place == 0 { nullable.insert(column) }
      return true
    }
    var foreignKeys: [StoreTable.ForeignKey] = []
    var last: Int64?
    try snapshot.forEach(
      "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq", [.text(name)]
    ) { row in
      let id = try row.int64(0)
      if id != last { foreignKeys.append(.init(columns: [], table: try row.text(1), referenced: [])) }
      last = id
      guard let referenced = try row.optionalText(3) else {
        throw BackupError.unsupportedSchema("\(name) refers to \(try row.text(1)) without naming columns")
      }
      foreignKeys[foreignKeys.count - 1].columns.append(try row.text(2))
      foreignKeys[foreignKeys.count - 1].referenced.append(referenced)
      return true
    }
    return try table(
      name, columns, key.sorted { $0.place < $1.place }.map(\.name), nullable, foreignKeys)
  }

  // MARK: PostgreSQL

  private static func postgresTable(_ name: String, _ snapshot: ReadTransaction) throws -> StoreTable {
    var columns: [TableHead.Column] = []
    var nullable: Set<String> = []
    try snapshot.forEach(
      """
      SELECT CAST(a.attname AS TEXT), pg_catalog.format_type(a.atttypid, NULL),
        CAST(CASE WHEN a.attnotnull THEN 1 ELSE 0 END AS BIGINT)
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = current_schema() AND CAST(c.relname AS TEXT) = ?1 AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum
      """, [.text(name)]
    ) { row in
      let column = try row.text(0)
      columns.append(TableHead.Column(column, try content(try row.text(1), of: column, in: name)))
      if try row.int64(2) == 0 { nullable.insert(column) }
      return true
    }
    let key = try snapshot.query(
      """
      SELECT CAST(a.attname AS TEXT)
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY AS part (number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = part.number
      WHERE n.nspname = current_schema() AND CAST(c.relname AS TEXT) = ?1 AND k.contype = 'p'
      ORDER BY part.place
      """, [.text(name)]
    ) { row in try row.text(0) }
    var foreignKeys: [StoreTable.ForeignKey] = []
    var last: String?
    try snapshot.forEach(
      """
      SELECT CAST(k.conname AS TEXT), CAST(other.relname AS TEXT), CAST(a.attname AS TEXT), CAST(b.attname AS TEXT)
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class other ON other.oid = k.confrelid
      CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS part (own, referenced, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = part.own
      JOIN pg_catalog.pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = part.referenced
      WHERE n.nspname = current_schema() AND CAST(c.relname AS TEXT) = ?1 AND k.contype = 'f'
      ORDER BY CAST(k.conname AS TEXT) COLLATE "C", part.place
      """, [.text(name)]
    ) { row in
      let constraint = try row.text(0)
      if constraint != last { foreignKeys.append(.init(columns: [], table: try row.text(1), referenced: [])) }
      last = constraint
      foreignKeys[foreignKeys.count - 1].columns.append(try row.text(2))
      foreignKeys[foreignKeys.count - 1].referenced.append(try row.text(3))
      return true
    }
    return try table(name, columns, key, nullable, foreignKeys)
  }

  // MARK: Both

  private static func content(_ type: String, of column: String, in table: String) throws -> TableHead.Content {
    switch type.lowercased() {
    case "integer", "bigint": .integer
    case "text": .text
    case "blob", "bytea": .bytes
    default: throw BackupError.unsupportedSchema("\(table).\(column) is of type \(type)")
    }
  }

  private static func table(
    _ name: String, _ columns: [TableHead.Column], _ key: [String], _ nullable: Set<String>,
    _ foreignKeys: [StoreTable.ForeignKey]
  ) throws -> StoreTable {
    guard !key.isEmpty else { throw BackupError.unsupportedSchema("\(name) has no primary key") }
    let table = StoreTable(
      head: TableHead(name: name, columns: columns), primaryKey: key, nullable: nullable, foreignKeys: foreignKeys)
    guard table.selfReferences.allSatisfy({ nullable.contains($0) }) else {
      throw BackupError.unsupportedSchema("\(name) refers to itself with a column that is never empty")
    }
    return table
  }

  /// `tables` so that each comes after all it refers to; of several that may come, the first by name.
  static func inReferenceOrder(_ tables: [StoreTable]) throws -> [StoreTable] {
    var waiting = tables.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var ordered: [StoreTable] = []
    var placed: Set<String> = []
    while !waiting.isEmpty {
      let next = waiting.firstIndex { table in
        table.foreignKeys.allSatisfy { $0.table == table.name || placed.contains($0.table) }
      }
      guard let next else {
        let names = waiting.map(\.name).joined(separator: ", ")
        throw BackupError.unsupportedSchema("\(names) refer to one another in a circle")
      }
      let table = waiting.remove(at: next)
      placed.insert(table.name)
      ordered.append(table)
    }
    return ordered
  }
}

extension String {
  /// The name as an identifier in a statement.
  var quotedIdentifier: String {
    "\"" + replacing("\"", with: "\"\"") + "\""
  }
}
