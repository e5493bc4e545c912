internal import Crypto

/// Some rows of a table as ``RowCoding`` writes them.
struct RowChunk {
  static let bytesMax = 256 * 1024
  static let rowsMax = 1_000

  var bytes: [UInt8] = []
  var count = 0

  /// Whether it is time to pass it on. One row is always taken, however large.
  var isFull: Bool { bytes.count >= Self.bytesMax || count >= Self.rowsMax }
}

/// Takes a store's content as it is read: for each table its head, its rows in chunks, and what they came to.
protocol ContentSink: AnyObject {
  func begin(_ head: TableHead) throws
  func add(_ chunk: RowChunk) throws
  func end(_ summary: TableSummary) throws
}

/// Sums up a table's rows as they pass.
struct TableDigest {
  private let name: String
  private var hash = SHA256()
  private var rows: Int64 = 0

  init(_ head: TableHead) throws {
    name = head.name
    var bytes: [UInt8] = []
    try RowCoding.append(head, to: &bytes)
    hash.update(data: bytes)
  }

  mutating func add(_ chunk: RowChunk) {
    hash.update(data: chunk.bytes)
    rows += Int64(chunk.count)
  }

  var summary: TableSummary {
    TableSummary(name: name, rows: rows, checksum: Array(hash.finalize()))
  }
}

/// Reads a table whole, in the order of its primary key, which is the same in either database.
enum TableReader {
  /// Lends every row to `body`, a chunk at a time. `body` must not use the snapshot's connection.
  static func read(
    _ table: StoreTable, _ snapshot: ReadTransaction, _ body: (RowChunk) throws -> Void = { _ in }
  ) throws -> TableSummary {
    let head = table.head
    var digest = try TableDigest(head)
    var chunk = RowChunk()
    try snapshot.stream(SQL(assembled: statement(table, snapshot.dialect))) { row in
      try RowCoding.append(row, of: head, to: &chunk.bytes)
      chunk.count += 1
      if chunk.isFull {
        digest.add(chunk)
        try body(chunk)
        chunk.bytes.removeAll(keepingCapacity: true)
        chunk.count = 0
      }
      return true
    }
    if chunk.count > 0 {
      digest.add(chunk)
      try body(chunk)
    }
    return digest.summary
  }

  /// Reads all of `tables` into `sink`, in their order.
  static func read(_ tables: [StoreTable], _ snapshot: ReadTransaction, into sink: any ContentSink) throws {
    for table in tables {
      try sink.begin(table.head)
      try sink.end(try read(table, snapshot) { chunk in try sink.add(chunk) })
    }
  }

  private static func statement(_ table: StoreTable, _ dialect: Dialect) -> String {
    let contents = Dictionary(table.head.columns.map { ($0.name, $0.content) }) { first, _ in first }
    let columns = table.head.columns.map(\.name.quotedIdentifier).joined(separator: ", ")
    let order = table.primaryKey.map { column in
      // Keys are declared so; said again, a key that is not would sort by the database's language.
      let isText = contents[column] == .text && dialect == .postgres
      return column.quotedIdentifier + (isText ? " COLLATE \"C\"" : "")
    }
    return "SELECT \(columns) FROM \(table.name.quotedIdentifier) ORDER BY \(order.joined(separator: ", "))"
  }
}

extension ReadTransaction {
  /// Lends every row of an answer of any length to `body`, which must not use the transaction, until it returns false.
  final func stream(
    _ sql: SQL, _ parameters: [SQLValue] = [], _ body: (borrowing Row) throws -> Bool
  ) throws {
    try use { connection in try connection.stream(sql, parameters, body) }
  }
}

extension [TableSummary] {
  /// One checksum for the content of all tables, whatever their order.
  package var contentChecksum: [UInt8] {
    var hash = SHA256()
    for table in sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      hash.update(data: table.checksum)
    }
    return [UInt8](hash.finalize())
  }
}
