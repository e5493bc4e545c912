import DMSAPI

@testable import DMSCommand

extension FuzzTarget {
  /// Files that are imported: a byte chooses what it is a file of, the rest is the file.
  static let csvImport = FuzzTarget(
    "csv-import", inputBytesMax: 3000,
    texts: ImportChecks.headers + [
      ",", "\n", "\r\n", "\r", "\"", "\"\"", "\"a,b\"", "\"a\nb\"", ";", "\u{FEFF}", " ", "12.50", "-1", "2026-02-29",
      "9223372036854775807", "-9223372036854775808", "yes", "ACTIVE", "SALE", "SET", "2026-01-31T12:00:00Z", "é",
      "e\u{301}",
    ]
  ) { input in
    var reader = InputReader(input)
    let kind = reader.byte()
    try ImportChecks.check(reader.bytes, kind: Int(kind & 15), withHeader: kind & 16 != 0)
  }
}

enum ImportChecks {
  /// The kinds of files, by the columns that they have.
  private static let columns: [[ColumnSpec]] = [
    ImportProducts.columns, ImportWarehouses.columns, ImportDealers.columns, ImportCredit.columns,
    ImportPrices.columns, ImportStock.columns, EventFile.columns, OrderFile.orderColumns, OrderFile.lineColumns,
  ]

  static let headers: [String] = columns.map { $0.map(\.name).joined(separator: ",") + "\n" }

  static func check(_ bytes: [UInt8], kind: Int, withHeader: Bool) throws {
    let kind = kind % columns.count
    let content = (withHeader ? Array(headers[kind].utf8) : []) + bytes
    guard let file = try? CSVFile(bytes: content, name: "f") else { return }
    try checkFile(file)
    guard let map = try? ColumnMap(header: file.header, columns: columns[kind], file: "f") else { return }
    switch kind {
    case 0: try checkRows(file, ParsedRows(file, map, key: \.sku) { ImportProducts.product(&$0, language: "en") })
    case 1: try checkRows(file, ParsedRows(file, map, key: \.warehouseID, read: ImportWarehouses.warehouse))
    case 2: try checkRows(file, ParsedRows(file, map, key: \.dealerID, read: ImportDealers.dealer))
    case 3: try checkRows(file, ParsedRows(file, map, key: \.creditAccountID, read: ImportCredit.account))
    case 4: try checkRows(file, ParsedRows(file, map, key: ImportPrices.key, read: ImportPrices.entry))
    case 5:
      let rows = ParsedRows(file, map, key: ImportStock.key, read: ImportStock.item)
      try checkRows(file, rows)
      let parts = ImportStock.parts(of: rows.entries)
      try require(parts.reduce(0) { $0 + $1.count } == rows.entries.count, "a part is missing")
    case 6: try checkEvents(file, map)
    default: try checkOrders(file, map, isOrders: kind == 7)
    }
  }

  /// Rows and problems stand on lines of the file, in order, and every row is as wide as the header.
  private static func checkFile(_ file: CSVFile) throws {
    let lines = 1 + file.text.count(where: \.isNewline)
    var last = 1
    for row in file.rows {
      try require(row.line > last && row.line <= lines, "a row on line \(row.line) after \(last), of \(lines) lines")
      try require(row.fields.count == file.header.count, "a row of \(row.fields.count) fields")
      last = row.line
    }
    try checkLines(of: file.problems, in: file)
  }

  private static func checkLines(of problems: [RowProblem], in file: CSVFile) throws {
    let lines = 1 + file.text.count(where: \.isNewline)
    for problem in problems {
      try require((1...lines).contains(problem.line), "a problem on line \(problem.line) of \(lines)")
      let text = problem.text(in: "f")
      try require(
        !text.unicodeScalars.contains { $0.value < 0x20 }, "a terminal would obey \(text)")
    }
  }

  /// Every row is an item or has a problem.
  private static func checkRows<Item>(_ file: CSVFile, _ rows: ParsedRows<Item>) throws {
    try checkLines(of: rows.problems, in: file)
    let good = Set(rows.entries.map(\.line))
    let bad = Set(rows.problems.map(\.line))
    try require(good.count == rows.entries.count, "two items come from one line")
    for row in file.rows {
      try require(good.contains(row.line) || bad.contains(row.line), "line \(row.line) is lost")
    }
    try require(rows.rowCount >= rows.entries.count, "there are more items than rows")
    let parts = rows.parts(of: 3)
    try require(parts.reduce(0) { $0 + $1.count } == rows.entries.count, "a part is missing")
  }

  private static func checkEvents(_ file: CSVFile, _ map: ColumnMap) throws {
    let events = EventFile(file, map)
    try checkLines(of: events.problems, in: file)
    let lines = events.feeds.flatMap(\.lines)
    try require(Set(lines).count == lines.count, "two events come from one line")
    let known = Set(lines + events.problems.map(\.line))
    try require(file.rows.allSatisfy { known.contains($0.line) }, "a line is lost")
    for feed in events.feeds { try require(feed.events.count == feed.lines.count, "a line is missing") }
  }

  private static func checkOrders(_ file: CSVFile, _ map: ColumnMap, isOrders: Bool) throws {
    let orders = "customer_reference,dealer_id\nA,1\nB,2\n"
    let lines = "customer_reference,sku,quantity\nA,x,1\nB,y,9223372036854775807\nB,y,1\n"
    let other = try CSVFile(bytes: Array((isOrders ? lines : orders).utf8), name: "g")
    let otherMap = try ColumnMap(
      header: other.header, columns: isOrders ? OrderFile.lineColumns : OrderFile.orderColumns, file: "g")
    let result =
      isOrders
      ? OrderFile(orders: file, map, lines: other, otherMap) : OrderFile(orders: other, otherMap, lines: file, map)
    try checkLines(of: isOrders ? result.orderProblems : result.lineProblems, in: file)
    for entry in result.entries {
      try require(entry.sourceLineCount >= entry.lines.count, "there are more lines than in the file")
      _ = entry.requestID(run: "1")
      for line in entry.lines { try require(line.quantity > 0, "a quantity of \(line.quantity)") }
    }
  }
}
