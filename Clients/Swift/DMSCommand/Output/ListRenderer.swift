/// How lists are written.
enum OutputFormat: String, CaseIterable, Sendable {
  case table
  case json
  case csv
}

/// Writes a list row by row in any format, in bounded memory.
///
/// A table's widths are those of its first rows: later ones that are wider push their neighbours aside.
struct ListRenderer<Row: Sendable> {
  /// Rows that a table waits for before it settles its widths.
  static var rowsBeforeLayout: Int { 500 }

  private let columns: [ListColumn<Row>]
  private let format: OutputFormat
  private var waiting: [[String]] = []
  private var layout: TableText.Layout?

  /// Rows so far.
  private(set) var count = 0

  init(_ columns: [ListColumn<Row>], as format: OutputFormat) {
    self.columns = columns
    self.format = format
  }

  /// Takes a row; what is to be written now.
  mutating func add(_ row: Row) -> String {
    count += 1
    switch format {
    case .json:
      let record = Value.record(columns.map { Value.Field($0.name, $0.value(row)) })
      return (count == 1 ? "[\n " : ",\n ") + record.json
    case .csv:
      return (count == 1 ? header : "") + CSVText.row(columns.map { $0.value(row).plain })
    case .table:
      waiting.append(columns.filter { $0.heading != nil }.map { $0.shown(row).plain })
      return waiting.count < Self.rowsBeforeLayout ? "" : flush()
    }
  }

  /// What is to be written after the last row.
  mutating func finish() -> String {
    switch format {
    case .json: count == 0 ? "[]\n" : "\n]\n"
    case .csv: count == 0 ? header : ""
    case .table: flush()
    }
  }

  private var header: String {
    CSVText.row(columns.map(\.name))
  }

  private mutating func flush() -> String {
    defer { waiting = [] }
    if let layout { return TableText.text(waiting, in: layout, withHeadings: false) }
    let shown = columns.filter { $0.heading != nil }
    let layout = TableText.layout(
      headings: shown.compactMap(\.heading), numeric: shown.map(\.isNumeric), rows: waiting)
    self.layout = layout
    return TableText.text(waiting, in: layout, withHeadings: true)
  }
}
