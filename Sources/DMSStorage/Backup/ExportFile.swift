internal import Crypto

/// The format of an export: a store's whole content in one file, from and for either database.
///
/// All numbers are little-endian. The file is
///
/// - eight bytes that no text file and no mangled copy begins with: `89 44 4D 53 58 0D 0A 1A`;
/// - the format's number, 4 bytes: 1;
/// - the header: schema number (4 bytes), revision (8), microseconds since 1970 when it was begun (8);
/// - blocks: what it is (1 byte), its length (4), its content.
///
/// Each table is a block 1 (name and columns), blocks 2 (a count of rows in 4 bytes, and the rows as ``RowCoding``
/// writes them), and a block 3 (8 bytes of the number of its rows, 32 of its checksum). Tables come in an order in
/// which each refers only to earlier ones, rows in the order of the primary key. The last block, 4, has the number of
/// tables (4 bytes) and the SHA-256 of everything before that checksum. Nothing follows.
enum ExportFile {
  static let magic: [UInt8] = [0x89, 0x44, 0x4D, 0x53, 0x58, 0x0D, 0x0A, 0x1A]
  static let format: UInt32 = 1
  static let checksumBytes = 32

  enum Block: UInt8 {
    case table = 1
    case rows = 2
    case tableEnd = 3
    case end = 4
  }
}

/// What an export says of itself, or a store of its content.
struct ContentOrigin: Sendable, Hashable {
  var schema: Int
  var revision: Int64
  var timeMicros: Int64
}

/// Writes an export.
final class ExportWriter: ContentSink {
  private let file: DurableFile
  private var hash = SHA256()
  private(set) var tables: [TableSummary] = []

  init(path: String, origin: ContentOrigin) throws {
    file = try DurableFile(path: path)
    var bytes = ExportFile.magic
    RowCoding.append(ExportFile.format, to: &bytes)
    RowCoding.append(UInt32(clamping: origin.schema), to: &bytes)
    RowCoding.append(origin.revision, to: &bytes)
    RowCoding.append(origin.timeMicros, to: &bytes)
    try write(bytes)
  }

  func begin(_ head: TableHead) throws {
    var content: [UInt8] = []
    try RowCoding.append(head, to: &content)
    try block(.table, content)
  }

  func add(_ chunk: RowChunk) throws {
    var content: [UInt8] = []
    content.reserveCapacity(chunk.bytes.count + 4)
    RowCoding.append(UInt32(clamping: chunk.count), to: &content)
    content.append(contentsOf: chunk.bytes)
    try block(.rows, content)
  }

  func end(_ summary: TableSummary) throws {
    var content: [UInt8] = []
    RowCoding.append(summary.rows, to: &content)
    content.append(contentsOf: summary.checksum)
    try block(.tableEnd, content)
    tables.append(summary)
  }

  /// Ends the file and puts it at its path.
  /// - Returns: its size in bytes.
  func publish() throws -> Int64 {
    var bytes = [ExportFile.Block.end.rawValue]
    RowCoding.append(UInt32(4 + ExportFile.checksumBytes), to: &bytes)
    RowCoding.append(UInt32(clamping: tables.count), to: &bytes)
    try write(bytes)
    try file.write(Array(hash.finalize()))
    return try file.publish()
  }

  private func block(_ block: ExportFile.Block, _ content: [UInt8]) throws {
    guard let length = UInt32(exactly: content.count) else {
      throw DatabaseError(.tooLarge, message: "a row of \(content.count) bytes")
    }
    var start = [block.rawValue]
    RowCoding.append(length, to: &start)
    try write(start)
    try write(content)
  }

  private func write(_ bytes: [UInt8]) throws {
    hash.update(data: bytes)
    try file.write(bytes)
  }
}

/// Reads an export, checking everything that can be checked.
final class ExportReader {
  let origin: ContentOrigin
  private let file: InputFile
  private var hash = SHA256()

  /// Throws ``BackupError/notABackup(path:)``, ``BackupError/newerFormat(path:found:)`` or
  /// ``BackupError/truncated(path:)``.
  init(path: String) throws {
    file = try InputFile(path: path)
    guard file.remaining >= ExportFile.magic.count else { throw BackupError.notABackup(path: path) }
    var bytes = try file.read(ExportFile.magic.count)
    guard bytes == ExportFile.magic else { throw BackupError.notABackup(path: path) }
    hash.update(data: bytes)
    bytes = try file.read(24)
    hash.update(data: bytes)
    var header = RowDecoder(bytes)
    let format = try header.number(UInt32.self)
    guard format == ExportFile.format else { throw BackupError.newerFormat(path: path, found: format) }
    origin = ContentOrigin(
      schema: Int(try header.number(UInt32.self)), revision: try header.number(Int64.self),
      timeMicros: try header.number(Int64.self))
  }

  /// Reads the rest of the file into `sink`; without one it only checks.
  ///
  /// That the file is whole is certain only when this has returned: a sink must be able to undo what it got.
  /// - Returns: what each table came to.
  func read(into sink: (any ContentSink)? = nil) throws -> [TableSummary] {
    var tables: [TableSummary] = []
    while true {
      let (block, length) = try nextBlock()
      switch block {
      case .table: tables.append(try readTable(length, into: sink))
      case .end:
        try readEnd(length, tables: tables.count)
        return tables
      case .rows, .tableEnd: throw damaged("the order of its blocks")
      }
    }
  }

  private func readTable(_ length: Int, into sink: (any ContentSink)?) throws -> TableSummary {
    let head = try decode("a table's head", try content(length)) { decoder in try decoder.head() }
    var digest = try TableDigest(head)
    try sink?.begin(head)
    while true {
      let (block, length) = try nextBlock()
      switch block {
      case .rows:
        var bytes = try content(length)
        guard bytes.count > 4 else { throw damaged("table \(head.name)") }
        let count = try decode("table \(head.name)", Array(bytes.prefix(4))) { decoder in
          try decoder.number(UInt32.self)
        }
        bytes.removeFirst(4)
        let chunk = RowChunk(bytes: bytes, count: Int(count))
        digest.add(chunk)
        try sink?.add(chunk)
      case .tableEnd:
        let told = try decode("table \(head.name)", try content(length)) { decoder in
          TableSummary(
            name: head.name, rows: try decoder.number(Int64.self),
            checksum: try decoder.raw(ExportFile.checksumBytes))
        }
        guard told == digest.summary else { throw damaged("table \(head.name)") }
        try sink?.end(told)
        return told
      case .table, .end: throw damaged("the order of its blocks")
      }
    }
  }

  private func readEnd(_ length: Int, tables: Int) throws {
    guard length == 4 + ExportFile.checksumBytes else { throw damaged("its end") }
    let count = try decode("its end", try content(4)) { decoder in try decoder.number(UInt32.self) }
    let checksum = try file.read(ExportFile.checksumBytes)
    guard Int(count) == tables, checksum == Array(hash.finalize()), file.remaining == 0 else {
      throw damaged("its checksum")
    }
  }

  private func nextBlock() throws -> (ExportFile.Block, length: Int) {
    try decode("the order of its blocks", try content(5)) { decoder in
      guard let block = ExportFile.Block(rawValue: try decoder.number(UInt8.self)) else {
        throw RowDecoder.Malformed()
      }
      return (block, Int(try decoder.number(UInt32.self)))
    }
  }

  private func content(_ length: Int) throws -> [UInt8] {
    let bytes = try file.read(length)
    hash.update(data: bytes)
    return bytes
  }

  private func decode<Value>(
    _ part: String, _ bytes: [UInt8], _ body: (inout RowDecoder) throws -> Value
  ) throws -> Value {
    var decoder = RowDecoder(bytes)
    do {
      let value = try body(&decoder)
      guard decoder.isAtEnd else { throw RowDecoder.Malformed() }
      return value
    } catch is RowDecoder.Malformed {
      throw damaged(part)
    }
  }

  private func damaged(_ part: String) -> BackupError {
    .damaged(path: file.path, part: part)
  }
}
