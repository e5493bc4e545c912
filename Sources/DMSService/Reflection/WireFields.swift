/// The fields of an encoded message, one after the other, unread. Ends at the first that is damaged, and at groups.
///
/// Descriptors are recursive, which generated messages may not be; what reflection needs of them is little enough to be
/// read like this.
struct WireFields: Sequence, IteratorProtocol {
  /// One field.
  struct Field {
    /// The field's number.
    let number: UInt64
    /// Its content, if it has a length; else empty.
    let content: ArraySlice<UInt8>
    /// All of it as it stands in the message, with tag and length.
    let whole: ArraySlice<UInt8>

    /// The content as text.
    var text: String { String(decoding: content, as: UTF8.self) }
  }

  private var rest: ArraySlice<UInt8>

  init(_ message: ArraySlice<UInt8>) {
    rest = message
  }

  mutating func next() -> Field? {
    let whole = rest
    guard let tag = varint() else { return nil }
    var content: ArraySlice<UInt8> = []
    switch tag & 7 {
    case 0:
      guard varint() != nil else { return nil }
    case 1:
      guard take(8) != nil else { return nil }
    case 2:
      guard let length = varint(), let taken = take(length) else { return nil }
      content = taken
    case 5:
      guard take(4) != nil else { return nil }
    default:
      return nil
    }
    return Field(number: tag >> 3, content: content, whole: whole[..<rest.startIndex])
  }

  private mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
    guard count <= UInt64(rest.count) else { return nil }
    let taken = rest.prefix(Int(count))
    rest = rest.dropFirst(Int(count))
    return taken
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64, let byte = rest.popFirst() {
      value |= UInt64(byte & 127) << shift
      if byte < 128 { return value }
      shift += 7
    }
    return nil
  }

  /// Appends field `number`, at most 15, with `content` and its length.
  static func append(_ content: some Collection<UInt8>, number: UInt8, to bytes: inout [UInt8]) {
    bytes.append(number << 3 | 2)
    var length = content.count
    while length > 127 {
      bytes.append(UInt8(truncatingIfNeeded: length) | 128)
      length >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: length))
    bytes += content
  }
}
