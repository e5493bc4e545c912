public import CProtobufC

/// Copies fields of C structures into Swift values; for generated code.
///
/// Every pointer is to memory of the arena that is lent for the call, and is valid during it only.
public enum MessageReader {
  /// The text of a string field; throws when it is not UTF-8. A NUL inside is kept.
  @inlinable
  @inline(__always)
  public static func string(
    _ data: ProtobufCBinaryData, _ field: @autoclosure () -> String
  ) throws(DecodingError) -> String {
    guard data.len > 0, let start = data.data else { return "" }
    guard let text = validated(start, data.len) else { throw .invalidUTF8(field: field()) }
    return text
  }

  /// A string of the `count` bytes at `start`, nil when they are not UTF-8.
  ///
  /// The standard library's `String(validating:as:)` is generic and looks its types up for every string; this
  /// takes a quarter of its time.
  @usableFromInline
  static func validated(_ start: UnsafePointer<UInt8>, _ count: Int) -> String? {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let text = String(decoding: bytes, as: UTF8.self)
    if isASCII(bytes) { return text }
    // What is wrong has been replaced, and only then does the text differ from the bytes.
    let isUnchanged = text.utf8.withContiguousStorageIfAvailable { $0.elementsEqual(bytes) }
    return isUnchanged ?? text.utf8.elementsEqual(bytes) ? text : nil
  }

  @inline(__always)
  private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let raw = UnsafeRawBufferPointer(bytes)
    var high: UInt64 = 0
    var index = 0
    while index &+ 8 <= raw.count {
      high |= raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      index &+= 8
    }
    while index < raw.count {
      high |= UInt64(raw[index])
      index &+= 1
    }
    return high & 0x8080_8080_8080_8080 == 0
  }

  /// The bytes of a bytes field.
  @inlinable
  public static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    guard data.len > 0, let start = data.data else { return [] }
    return [UInt8](UnsafeBufferPointer(start: start, count: data.len))
  }

  /// The texts of a repeated string field.
  @usableFromInline
  static func validated(
    _ count: Int, _ items: UnsafeMutablePointer<ProtobufCBinaryData>, _ field: () -> String
  ) throws(DecodingError) -> [String] {
    var texts: [String] = []
    texts.reserveCapacity(count)
    for index in 0..<count { texts.append(try string(items[index], field())) }
    return texts
  }

  /// The texts of a repeated string field.
  @inlinable
  public static func strings(
    _ count: Int, _ items: UnsafeMutablePointer<ProtobufCBinaryData>?, _ field: @autoclosure () -> String
  ) throws(DecodingError) -> [String] {
    guard count > 0, let items else { return [] }
    return try validated(count, items, field)
  }

  /// The items of a repeated bytes field.
  @inlinable
  public static func byteArrays(_ count: Int, _ items: UnsafeMutablePointer<ProtobufCBinaryData>?) -> [[UInt8]] {
    guard count > 0, let items else { return [] }
    return UnsafeBufferPointer(start: items, count: count).map(bytes)
  }

  /// The numbers of a repeated scalar field.
  @inlinable
  public static func scalars<Scalar: BitwiseCopyable>(_ count: Int, _ items: UnsafeMutablePointer<Scalar>?) -> [Scalar]
  {
    guard count > 0, let items else { return [] }
    return [Scalar](UnsafeBufferPointer(start: items, count: count))
  }

  /// The values of a repeated bool field.
  @inlinable
  public static func bools(_ count: Int, _ items: UnsafeMutablePointer<protobuf_c_boolean>?) -> [Bool] {
    guard count > 0, let items else { return [] }
    return UnsafeBufferPointer(start: items, count: count).map { $0 != 0 }
  }

  /// The values of a repeated enumeration field; `Raw` is C's enumeration, of 32 bits.
  @inlinable
  public static func enums<Raw: BitwiseCopyable, Value: EnumValue>(
    _ count: Int, _ items: UnsafeMutablePointer<Raw>?
  ) -> [Value] {
    guard count > 0, let items else { return [] }
    let numbers = UnsafeRawBufferPointer(start: items, count: count * 4).assumingMemoryBound(to: Int32.self)
    return numbers.map { Value(rawValue: $0) }
  }

  /// The messages of a repeated message field; `Structure` is `Element`'s C structure.
  @inlinable
  public static func messages<Structure, Element: Message>(
    _ count: Int, _ items: UnsafeMutablePointer<UnsafeMutablePointer<Structure>?>?
  ) throws(DecodingError) -> [Element] {
    guard count > 0, let items else { return [] }
    var messages: [Element] = []
    messages.reserveCapacity(count)
    for index in 0..<count {
      guard let item = items[index] else { continue }
      messages.append(try Element(_reading: item))
    }
    return messages
  }

  /// The entries of a map field, as the C runtime has them.
  @inlinable
  public static func entries<Structure>(
    _ count: Int, _ items: UnsafeMutablePointer<UnsafeMutablePointer<Structure>?>?
  ) -> UnsafeBufferPointer<UnsafeMutablePointer<Structure>?> {
    UnsafeBufferPointer(start: items, count: items == nil ? 0 : count)
  }
}
