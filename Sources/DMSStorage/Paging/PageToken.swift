/// Where the next page of a list starts, as a text that means nothing to the client.
///
/// It is bound to the list, its filter and its order: with others it is refused. It is not secret and not signed; a
/// forged one shows only what the caller may see anyway, because scope is checked with every page.
package struct PageToken: Sendable, Hashable {
  /// The place of the last row of the page before, a value for each column of the order; never NULL.
  package var position: [SQLValue]
  /// The store's revision at the first page.
  package var revision: Int64

  package init(position: [SQLValue], revision: Int64) {
    self.position = position
    self.revision = revision
  }

  private static let version: UInt8 = 1
  private static let lengthMax = 4_096

  /// The token's text.
  /// - Parameter binding: everything that decides which rows the list has and in which order (method, scope, filter,
  ///   order), in any fixed form.
  package func encoded(binding: String) -> String {
    var bytes: [UInt8] = [Self.version]
    append(Self.hash(binding), to: &bytes)
    append(UInt64(bitPattern: revision), to: &bytes)
    for value in position {
      switch value {
      case .null:
        bytes.append(0)
      case .integer(let integer):
        bytes.append(1)
        append(UInt64(bitPattern: integer), to: &bytes)
      case .text(let text):
        bytes.append(2)
        append(UInt64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
      case .blob(let blob):
        bytes.append(3)
        append(UInt64(blob.count), to: &bytes)
        bytes.append(contentsOf: blob)
      }
    }
    return Base64URL.encode(bytes)
  }

  /// Reads a token that ``encoded(binding:)`` made for the same binding and a place of `columnCount` values; throws
  /// ``StorageError/invalidPageToken`` for anything else.
  package init(decoding text: String, binding: String, columnCount: Int) throws(StorageError) {
    guard text.utf8.count <= Self.lengthMax, let bytes = Base64URL.decode(text) else { throw .invalidPageToken }
    var reader = ByteReader(bytes)
    guard reader.byte() == Self.version, reader.integer() == Self.hash(binding), let revision = reader.integer() else {
      throw .invalidPageToken
    }
    var position: [SQLValue] = []
    while let kind = reader.byte() {
      switch kind {
      case 1:
        guard let integer = reader.integer() else { throw .invalidPageToken }
        position.append(.integer(Int64(bitPattern: integer)))
      case 2:
        guard let part = reader.counted(), !part.contains(0), let value = String(validating: part, as: UTF8.self) else {
          throw .invalidPageToken
        }
        position.append(.text(value))
      case 3:
        guard let part = reader.counted() else { throw .invalidPageToken }
        position.append(.blob(Array(part)))
      default:
        throw .invalidPageToken
      }
    }
    guard position.count == columnCount else { throw .invalidPageToken }
    self.init(position: position, revision: Int64(bitPattern: revision))
  }

  private func append(_ value: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }

  /// FNV-1a: the same in every process, unlike the standard library's seeded hash.
  private static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}

/// Reads a token's bytes; nil where they end too early.
private struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  mutating func byte() -> UInt8? {
    rest.popFirst()
  }

  mutating func integer() -> UInt64? {
    guard rest.count >= 8 else { return nil }
    defer { rest = rest.dropFirst(8) }
    return rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func counted() -> ArraySlice<UInt8>? {
    guard let count = integer(), count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }
}
