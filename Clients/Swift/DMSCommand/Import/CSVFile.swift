internal import Foundation
internal import SwiftCSV

/// What is wrong with a row of a file, or with an item that came from it.
struct RowProblem: Error, Equatable, Sendable {
  /// The line of the file on which the row starts, from 1.
  var line: Int
  /// The column that is wrong; nil when it is the whole row.
  var column: String?
  /// What is wrong and what would be right, as a sentence.
  var reason: String

  /// `FILE:LINE: COLUMN: REASON`, which editors can jump to.
  func text(in file: String) -> String {
    "\(file):\(line): \(column.map { "\($0): " } ?? "")\(DisplayWidth.harmless(reason))"
  }
}

/// A CSV file: its header, its rows with their lines, and what is wrong with them.
struct CSVFile: Sendable {
  /// A row below the header.
  struct Row: Equatable, Sendable {
    /// The line of the file on which it starts, from 1.
    let line: Int
    let fields: [String]
  }

  /// What the file is called in messages.
  let name: String
  /// All that it says, from which request ids are derived.
  let text: String
  private(set) var header: [String] = []
  /// Rows that have as many fields as the header; empty lines are passed over.
  private(set) var rows: [Row] = []
  /// Rows that have not, and what makes the file unreadable from some line on.
  private(set) var problems: [RowProblem] = []

  /// Reads a file, or standard input when `path` is `-`. Throws ``CommandFailure`` when it cannot be read.
  init(path: String) throws(CommandFailure) {
    let name = path == "-" ? "standard input" : path
    let content: Data
    do {
      content =
        path == "-"
        ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw CommandFailure("\(name) cannot be read: \(Self.cause(of: error))", status: ExitStatus.usage)
    }
    try self.init(bytes: [UInt8](content), name: name)
  }

  /// Reads these bytes. Throws ``CommandFailure`` when they are not UTF-8 or when there is no header.
  init(bytes: [UInt8], name: String) throws(CommandFailure) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure(
        "\(name) is not UTF-8 from line \(Self.lineOfBadByte(bytes)) on", remedy: "Save it as UTF-8, and import that.",
        status: ExitStatus.invalidInput)
    }
    self.name = name
    // The parser swallows an empty field at the very end; a line end keeps it.
    self.text = text.last?.isNewline == false ? text + "\n" : text
    guard let csv = try? EnumeratedCSV(string: self.text, delimiter: .comma, loadColumns: false, rowLimit: 0),
      csv.header.contains(where: { !$0.isEmpty })
    else {
      throw CommandFailure("\(name) has no header: its first line names the columns", status: ExitStatus.invalidInput)
    }
    header = csv.header.map { $0.trimmingCharacters(in: .whitespaces) }
    read(csv)
  }

  private mutating func read(_ csv: EnumeratedCSV) {
    var rows: [Row] = []
    var problems: [RowProblem] = []
    var line = 1
    let width = header.count
    do {
      try csv.enumerateAsArray(startAt: 0, rowLimit: nil) { fields in
        let start = line
        // A field in quotes may run over several lines.
        line += 1 + fields.reduce(0) { $0 + $1.count(where: \.isNewline) }
        if start == 1 || fields == [""] { return }
        if fields.count == width {
          rows.append(Row(line: start, fields: fields))
        } else {
          let found = CountText.counted(fields.count, "field")
          problems.append(
            RowProblem(
              line: start, reason: "the row has \(found), the header names \(CountText.counted(width, "column"))"))
        }
      }
    } catch CSVParseError.quotation {
      problems.append(
        RowProblem(
          line: line,
          reason: "a quote stands where none may: put the field in quotes, and double each quote in it"))
    } catch {
      problems.append(RowProblem(line: line, reason: "the line cannot be read"))
    }
    // Quotes come in pairs; with an odd number the last field runs to the end of the file.
    if problems.isEmpty || problems.last?.line == rows.last?.line,
      text.utf8.count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 1,
      let last = rows.popLast()
    {
      problems.append(RowProblem(line: last.line, reason: "a quote is opened and never closed"))
    }
    self.rows = rows
    self.problems = problems
  }

  private static func lineOfBadByte(_ bytes: [UInt8]) -> Int {
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { return line }
      line += 1
    }
    return line
  }

  private static func cause(of error: any Error) -> String {
    if let error = error as? CocoaError, let cause = error.underlying as? POSIXError {
      return String(cString: strerror(cause.code.rawValue))
    }
    return (error as? CocoaError)?.code == .fileReadNoSuchFile ? "there is no such file" : error.localizedDescription
  }
}
