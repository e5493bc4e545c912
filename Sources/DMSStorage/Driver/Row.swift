/// One row of an answer, readable while its closure runs and not after: it is lent, and cannot be kept.
///
/// Every accessor checks the stored type and throws ``ColumnError`` when it is another; nothing that a table holds
/// makes one trap. Columns count from 0.
package struct Row: ~Copyable {
  private let source: any RowSource

  /// A view on the row at which `source` stands.
  package init(_ source: any RowSource) {
    self.source = source
  }

  /// The integer in `column`.
  package func int64(_ column: Int) throws -> Int64 {
    try source.integer(at: column)
  }

  /// The integer in `column`, or nil when it is NULL.
  package func optionalInt64(_ column: Int) throws -> Int64? {
    source.isNull(at: column) ? nil : try source.integer(at: column)
  }

  /// The integer in `column` where it is 0 or 1, as truth.
  package func bool(_ column: Int) throws -> Bool {
    switch try source.integer(at: column) {
    case 0: return false
    case 1: return true
    default: throw ColumnError(column: column, expected: .truth, found: .integer)
    }
  }

  /// The text in `column`, proved to be UTF-8.
  package func text(_ column: Int) throws -> String {
    try source.text(at: column)
  }

  /// The text in `column`, or nil when it is NULL.
  package func optionalText(_ column: Int) throws -> String? {
    source.isNull(at: column) ? nil : try source.text(at: column)
  }

  /// The bytes in `column`.
  package func blob(_ column: Int) throws -> [UInt8] {
    try source.blob(at: column)
  }

  /// The bytes in `column`, or nil when it is NULL.
  package func optionalBlob(_ column: Int) throws -> [UInt8]? {
    source.isNull(at: column) ? nil : try source.blob(at: column)
  }

  /// Whether `column` holds NULL.
  package func isNull(_ column: Int) -> Bool {
    source.isNull(at: column)
  }
}

/// Where a driver keeps the row that is being read; every read is checked.
package protocol RowSource: AnyObject {
  func isNull(at column: Int) -> Bool
  func integer(at column: Int) throws(ColumnError) -> Int64
  func text(at column: Int) throws(ColumnError) -> String
  func blob(at column: Int) throws(ColumnError) -> [UInt8]
}

/// A column held something else than the code expected: the table and the code disagree.
package struct ColumnError: Error, Hashable, Sendable {
  /// What a column can hold, or was expected to.
  package enum Content: Sendable, Hashable {
    case null
    case integer
    case real
    case text
    /// Text that is not UTF-8.
    case malformedText
    case blob
    /// An integer that is 0 or 1.
    case truth
    /// The answer has fewer columns.
    case nothing
  }

  package var column: Int
  package var expected: Content
  package var found: Content

  package init(column: Int, expected: Content, found: Content) {
    self.column = column
    self.expected = expected
    self.found = found
  }
}
