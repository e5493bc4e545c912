/// Fills the empty tables of a store, inside one transaction of its writing connection.
final class ContentLoader: ContentSink {
  private struct Current {
    var table: StoreTable
    var insert: SQL
    /// Places of the primary key's columns, and of those that name another row of the table.
    var key: [Int]
    var selfReferences: [Int]
    /// References between rows of the table, to be set once all its rows are there: the references, then the key.
    var later: [[SQLValue]] = []
  }

  private let connection: any DatabaseConnection
  private var tables: [String: StoreTable]
  private var current: Current?
  private(set) var filled: [TableSummary] = []

  init(_ connection: any DatabaseConnection, tables: [StoreTable]) throws {
    self.connection = connection
    self.tables = Dictionary(tables.map { ($0.name, $0) }) { first, _ in first }
    // What migrations put in is in the content, too.
    for table in tables.reversed() {
      try connection.execute(SQL(assembled: "DELETE FROM \(table.name.quotedIdentifier)"), [])
    }
  }

  func begin(_ head: TableHead) throws {
    guard let table = tables.removeValue(forKey: head.name), table.head == head else {
      throw BackupError.differentTables([head.name])
    }
    let places = Dictionary(head.columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
    let columns = head.columns.map(\.name.quotedIdentifier).joined(separator: ", ")
    let parameters = (1...head.columns.count).map { "?\($0)" }.joined(separator: ", ")
    current = Current(
      table: table,
      insert: SQL(assembled: "INSERT INTO \(table.name.quotedIdentifier) (\(columns)) VALUES (\(parameters))"),
      key: table.primaryKey.compactMap { places[$0] },
      selfReferences: table.selfReferences.compactMap { places[$0] })
  }

  func add(_ chunk: RowChunk) throws {
    guard var table = current else { return }
    // The rows kept for later must not be copied for each chunk.
    current = nil
    defer { current = table }
    var decoder = RowDecoder(chunk.bytes)
    var rows: [[SQLValue]] = []
    rows.reserveCapacity(min(chunk.count, RowChunk.rowsMax))
    do {
      while !decoder.isAtEnd { rows.append(try decoder.row(of: table.table.head)) }
    } catch is RowDecoder.Malformed {
      throw BackupError.contentDiffers(table: table.table.name)
    }
    guard rows.count == chunk.count else { throw BackupError.contentDiffers(table: table.table.name) }
    if !table.selfReferences.isEmpty {
      for index in rows.indices {
        let references = table.selfReferences.map { rows[index][$0] }
        guard references.contains(where: { $0 != .null }) else { continue }
        table.later.append(references + table.key.map { rows[index][$0] })
        for place in table.selfReferences { rows[index][place] = .null }
      }
    }
    try connection.executeMany(table.insert, rows)
  }

  func end(_ summary: TableSummary) throws {
    defer { current = nil }
    if let current, !current.later.isEmpty {
      let columns = current.table.head.columns.map(\.name.quotedIdentifier)
      let settings = current.selfReferences.enumerated().map { "\(columns[$1]) = ?\($0 + 1)" }
      let conditions = current.key.enumerated().map { "\(columns[$1]) = ?\(current.selfReferences.count + $0 + 1)" }
      let update = SQL(
        assembled: """
          UPDATE \(current.table.name.quotedIdentifier) SET \(settings.joined(separator: ", ")) \
          WHERE \(conditions.joined(separator: " AND "))
          """)
      var rest = current.later[...]
      while !rest.isEmpty {
        try connection.executeMany(update, Array(rest.prefix(RowChunk.rowsMax)))
        rest = rest.dropFirst(RowChunk.rowsMax)
      }
    }
    filled.append(summary)
  }

  /// Reads everything back, and throws unless it is what came.
  func check() throws {
    guard tables.isEmpty else { throw BackupError.differentTables(tables.keys.sorted()) }
    let transaction = ReadTransaction(on: connection, nowMicros: 0)
    defer { transaction.end() }
    let found = Dictionary(
      try Catalogue.tables(transaction).map { ($0.name, try TableReader.read($0, transaction)) }
    ) { first, _ in first }
    for summary in filled where found[summary.name] != summary {
      throw BackupError.contentDiffers(table: summary.name)
    }
  }
}
