internal import DMSAPI
internal import DMSClient

/// Reads the values of one row, and notes everything that is wrong with it.
struct RowReader {
  private let row: CSVFile.Row
  private let map: ColumnMap
  /// What is wrong with the row.
  private(set) var problems: [RowProblem] = []

  init(_ row: CSVFile.Row, _ map: ColumnMap) {
    self.row = row
    self.map = map
  }

  /// The line on which the row starts.
  var line: Int { row.line }

  /// A text; empty when there is none.
  func text(_ column: String) -> String {
    map.text(column, in: row) ?? ""
  }

  /// Texts that `;` separates.
  func texts(_ column: String) -> [String] {
    text(column).split(separator: ";").map { part in
      String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }.filter { !$0.isEmpty }
  }

  /// A text that must be there.
  mutating func required(_ column: String) -> String {
    let text = text(column)
    if text.isEmpty { note(column, "is empty") }
    return text
  }

  /// A whole number in `range`; `missing` when there is none.
  mutating func integer(
    _ column: String, in range: ClosedRange<Int64> = 0...Int64.max, missing: Int64 = 0
  ) -> Int64 {
    guard let text = map.text(column, in: row) else { return missing }
    guard let number = Int64(text) else {
      note(column, "\"\(text)\" is not a whole number")
      return missing
    }
    guard range.contains(number) else {
      let bounds =
        range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      note(column, "\(number) is out of range: it must be \(bounds)")
      return missing
    }
    return number
  }

  /// A whole number that must be there.
  mutating func requiredInteger(_ column: String, in range: ClosedRange<Int64> = 0...Int64.max) -> Int64 {
    if map.text(column, in: row) == nil { note(column, "is empty") }
    return integer(column, in: range)
  }

  /// An amount in micros, at least 0; nil when there is none.
  mutating func amount(_ column: String) -> Int64? {
    guard let text = map.text(column, in: row) else { return nil }
    return noting(column) { () throws(ValueError) in
      let micros = try MoneyText.micros(text)
      guard micros >= 0 else { throw ValueError("\(text) is below zero") }
      return micros
    }
  }

  /// An amount in micros that must be there.
  mutating func requiredAmount(_ column: String) -> Int64 {
    if map.text(column, in: row) == nil { note(column, "is empty") }
    return amount(column) ?? 0
  }

  /// A date as text; empty when there is none.
  mutating func date(_ column: String) -> String {
    let text = text(column)
    guard !text.isEmpty else { return "" }
    return noting(column) { () throws(ValueError) in try CalendarDate.checked(text) } ?? ""
  }

  /// A yes or a no; no when there is neither.
  mutating func flag(_ column: String) -> Bool {
    switch text(column).lowercased() {
    case "", "no", "n", "false", "0": return false
    case "yes", "y", "true", "1": return true
    default:
      note(column, "\"\(text(column))\" is neither yes nor no")
      return false
    }
  }

  /// A word of the schema; unspecified when there is none.
  mutating func word<Enumeration: EnumValue>(_ column: String) -> Enumeration {
    let text = text(column)
    guard !text.isEmpty else { return Enumeration(rawValue: 0) }
    return noting(column) { () throws(ValueError) in try EnumWord.parse(text) } ?? Enumeration(rawValue: 0)
  }

  /// Notes that a column is wrong.
  mutating func note(_ column: String?, _ reason: String) {
    problems.append(RowProblem(line: row.line, column: column, reason: reason))
  }

  private mutating func noting<Result>(_ column: String, _ read: () throws(ValueError) -> Result) -> Result? {
    do {
      return try read()
    } catch {
      note(column, error.description)
      return nil
    }
  }
}
