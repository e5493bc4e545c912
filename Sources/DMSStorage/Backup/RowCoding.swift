/// How rows are written as bytes: in an export's blocks, and for checksums.
///
/// A value is a byte that tells what it is (0 NULL, 1 integer, 2 text, 3 bytes), then eight bytes of the integer, or
/// four of the length and the content. All numbers are little-endian. A row is its values, in the order of the
/// columns. Equal content has equal bytes, whichever database it came from.
enum RowCoding {
  static func append(_ head: TableHead, to bytes: inout [UInt8]) throws {
    try append(head.name, to: &bytes)
    append(UInt32(clamping: head.columns.count), to: &bytes)
    for column in head.columns {
      try append(column.name, to: &bytes)
      bytes.append(column.content.rawValue)
    }
  }

  /// Appends the row at which an answer stands; its columns must be those of `head`.
  static func append(_ row: borrowing Row, of head: TableHead, to bytes: inout [UInt8]) throws {
    for (index, column) in head.columns.enumerated() {
      if row.isNull(index) {
        bytes.append(0)
        continue
      }
      bytes.append(column.content.rawValue)
      switch column.content {
      case .integer: append(UInt64(bitPattern: try row.int64(index)), to: &bytes)
      case .text: try append(try row.text(index), to: &bytes)
      case .bytes:
        let content = try row.blob(index)
        try append(length: content.count, to: &bytes)
        bytes.append(contentsOf: content)
      }
    }
  }

  static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) throws {
    try append(length: text.utf8.count, to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  private static func append(length: Int, to bytes: inout [UInt8]) throws {
    guard let length = UInt32(exactly: length) else {
      throw DatabaseError(.tooLarge, message: "a value of \(length) bytes")
    }
    append(length, to: &bytes)
  }
}

/// Reads what ``RowCoding`` wrote, and trusts nothing: every length is checked against what is there.
struct RowDecoder: ~Copyable {
  /// The bytes are not what was written.
  struct Malformed: Error {}

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { place == bytes.count }

  mutating func head() throws -> TableHead {
    let name = try text()
    let count = try number(UInt32.self)
    // Each column takes five bytes at least.
    guard count > 0, count <= (bytes.count - place) / 5 else { throw Malformed() }
    var columns: [TableHead.Column] = []
    for _ in 0..<count {
      let name = try text()
      guard let content = TableHead.Content(rawValue: try number(UInt8.self)) else { throw Malformed() }
      columns.append(TableHead.Column(name, content))
    }
    return TableHead(name: name, columns: columns)
  }

  mutating func row(of head: TableHead) throws -> [SQLValue] {
    var values: [SQLValue] = []
    values.reserveCapacity(head.columns.count)
    for column in head.columns {
      let tag = try number(UInt8.self)
      if tag == 0 {
        values.append(.null)
        continue
      }
      guard tag == column.content.rawValue else { throw Malformed() }
      switch column.content {
      case .integer: values.append(.integer(Int64(bitPattern: try number(UInt64.self))))
      case .text: values.append(.text(try text()))
      case .bytes: values.append(.blob(Array(try content())))
      }
    }
    return values
  }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws -> Number {
    let size = MemoryLayout<Number>.size
    guard bytes.count - place >= size else { throw Malformed() }
    defer { place += size }
    return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Number.self)) }
  }

  private mutating func text() throws -> String {
    guard let text = String(validating: try content(), as: UTF8.self) else { throw Malformed() }
    return text
  }

  /// The next value's content.
  mutating func content() throws -> ArraySlice<UInt8> {
    guard let length = Int(exactly: try number(UInt32.self)), length <= bytes.count - place else { throw Malformed() }
    defer { place += length }
    return bytes[place..<(place + length)]
  }

  /// The next `count` bytes.
  mutating func raw(_ count: Int) throws -> [UInt8] {
    guard count >= 0, count <= bytes.count - place else { throw Malformed() }
    defer { place += count }
    return Array(bytes[place..<(place + count)])
  }
}
