#if PostgreSQL
  internal import CPostgreSQL

  /// A statement's answer, wholly received, and the row at which it stands. Values are in the protocol's binary form.
  final class PostgreSQLAnswer: RowSource {
    private let result: OpaquePointer
    let rowCount: Int
    private let columnCount: Int
    /// The row that is read; below ``rowCount``.
    var row: Int = 0

    /// Takes `result` over.
    init(_ result: OpaquePointer) {
      self.result = result
      rowCount = Int(PQntuples(result))
      columnCount = Int(PQnfields(result))
    }

    deinit {
      PQclear(result)
    }

    /// How many rows the statement changed; 0 where it is none that changes rows.
    var changedCount: Int {
      PQcmdTuples(result).map { Int(String(cString: $0)) ?? 0 } ?? 0
    }

    /// The server's word for what it did, such as COMMIT.
    var tag: String {
      PQcmdStatus(result).map { String(cString: $0) } ?? ""
    }

    func isNull(at column: Int) -> Bool {
      column >= 0 && column < columnCount && PQgetisnull(result, Int32(row), Int32(column)) != 0
    }

    func integer(at column: Int) throws(ColumnError) -> Int64 {
      let (type, bytes) = try value(at: column, expected: .integer)
      switch (type, bytes.count) {
      case (PostgreSQLType.int8, 8): return Int64(bitPattern: Self.bigEndian(bytes))
      case (PostgreSQLType.int4, 4): return Int64(Int32(truncatingIfNeeded: Self.bigEndian(bytes)))
      case (PostgreSQLType.int2, 2): return Int64(Int16(truncatingIfNeeded: Self.bigEndian(bytes)))
      case (PostgreSQLType.bool, 1): return bytes[0] == 0 ? 0 : 1
      case (PostgreSQLType.numeric, _):
        guard let integer = Self.integral(numeric: bytes) else {
          throw ColumnError(column: column, expected: .integer, found: .real)
        }
        return integer
      default: throw ColumnError(column: column, expected: .integer, found: Self.content(of: type))
      }
    }

    func text(at column: Int) throws(ColumnError) -> String {
      let (type, bytes) = try value(at: column, expected: .text)
      guard Self.content(of: type) == .text else {
        throw ColumnError(column: column, expected: .text, found: Self.content(of: type))
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw ColumnError(column: column, expected: .text, found: .malformedText)
      }
      return text
    }

    func blob(at column: Int) throws(ColumnError) -> [UInt8] {
      let (type, bytes) = try value(at: column, expected: .blob)
      guard type == PostgreSQLType.bytes else {
        throw ColumnError(column: column, expected: .blob, found: Self.content(of: type))
      }
      return Array(bytes)
    }

    /// The type and the bytes of `column`; they live as long as this answer.
    private func value(
      at column: Int, expected: ColumnError.Content
    ) throws(ColumnError) -> (UInt32, UnsafeRawBufferPointer) {
      guard column >= 0, column < columnCount, row < rowCount else {
        throw ColumnError(column: column, expected: expected, found: .nothing)
      }
      let (row, column32) = (Int32(row), Int32(column))
      guard PQgetisnull(result, row, column32) == 0, PQfformat(result, column32) == 1,
        let start = PQgetvalue(result, row, column32)
      else { throw ColumnError(column: column, expected: expected, found: .null) }
      return (
        PQftype(result, column32),
        UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column32)))
      )
    }

    private static func content(of type: UInt32) -> ColumnError.Content {
      switch type {
      case PostgreSQLType.int8, PostgreSQLType.int4, PostgreSQLType.int2, PostgreSQLType.bool: .integer
      case PostgreSQLType.text, PostgreSQLType.varchar, PostgreSQLType.name, PostgreSQLType.blankPadded,
        PostgreSQLType.unknown:
        .text
      case PostgreSQLType.bytes: .blob
      default: .real
      }
    }

    private static func bigEndian(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
      bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A numeric as an integer, or nil where it has a fraction, is no number, or is too large.
    ///
    /// Its form: four 16-bit numbers (digits, weight, sign, scale), then the digits in base 10,000, of which the first
    /// counts 10,000 to the power of the weight.
    static func integral(numeric bytes: UnsafeRawBufferPointer) -> Int64? {
      guard bytes.count >= 8 else { return nil }
      func word(_ place: Int) -> UInt16 { UInt16(bytes[place * 2]) << 8 | UInt16(bytes[place * 2 + 1]) }
      let digits = Int(word(0))
      let weight = Int(Int16(bitPattern: word(1)))
      let isNegative = word(2) == 0x4000
      guard isNegative || word(2) == 0, bytes.count == 8 + digits * 2 else { return nil }
      var value: Int64 = 0
      for place in 0..<max(digits, weight + 1) {
        let digit = place < digits ? Int64(word(4 + place)) : 0
        if place > weight {
          guard digit == 0 else { return nil }
          continue
        }
        let (shifted, overflow) = value.multipliedReportingOverflow(by: 10_000)
        // Built up below zero, where there is one number more.
        let (sum, overflowed) = shifted.subtractingReportingOverflow(digit)
        guard !overflow, !overflowed else { return nil }
        value = sum
      }
      return isNegative ? value : value == .min ? nil : -value
    }
  }
#endif
