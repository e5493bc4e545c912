/// Every row of a file as an item, with its line, and everything that is wrong.
struct ParsedRows<Item: Sendable>: Sendable {
  /// An item and the line it came from.
  struct Entry: Sendable {
    let line: Int
    let item: Item
  }

  /// Rows that can be sent.
  private(set) var entries: [Entry] = []
  /// What is wrong with the others, by line.
  private(set) var problems: [RowProblem]
  /// Rows of the file, the wrong ones included.
  let rowCount: Int

  /// Reads every row; of two rows with one `key` the second is wrong.
  init(
    _ file: CSVFile, _ map: ColumnMap, key: (Item) -> String, read: (inout RowReader) -> Item
  ) {
    problems = file.problems
    rowCount = file.rows.count + file.problems.count
    var lines: [String: Int] = [:]
    for row in file.rows {
      var reader = RowReader(row, map)
      let item = read(&reader)
      if reader.problems.isEmpty {
        let key = key(item)
        if let line = lines[key] {
          reader.note(nil, "the row repeats line \(line)")
        } else {
          lines[key] = row.line
          entries.append(Entry(line: row.line, item: item))
        }
      }
      problems += reader.problems
    }
    problems.sort { $0.line < $1.line }
  }

  /// The items in parts of at most `size`.
  func parts(of size: Int) -> [ArraySlice<Entry>] {
    stride(from: 0, to: entries.count, by: size).map { entries[$0..<min($0 + size, entries.count)] }
  }

  /// Takes out the items with which something is wrong.
  mutating func refuse(_ problem: (Entry) -> RowProblem?) {
    var kept: [Entry] = []
    for entry in entries {
      if let problem = problem(entry) { problems.append(problem) } else { kept.append(entry) }
    }
    entries = kept
    problems.sort { $0.line < $1.line }
  }

  /// Puts the items into another order.
  mutating func reorder(_ order: ([Entry]) -> [Entry]) {
    entries = order(entries)
  }
}
