internal import CProtobufC

/// Message fields that are singular in the schema and come more than once in the bytes.
///
/// The format wants such occurrences merged field by field. No encoder writes them, but concatenated messages have
/// them, and the C runtime's own merge loses numbers and refuses unset oneofs. As merging messages equals decoding
/// their bytes one after the other, the bytes are rewritten so that each such field comes once.
struct RepeatedSingularFields {
  private typealias Descriptor = UnsafePointer<ProtobufCMessageDescriptor>

  /// A field of a message as it stands in the bytes.
  private struct Occurrence {
    /// What the schema says of it; nil when it does not know it.
    let field: UnsafePointer<ProtobufCFieldDescriptor>?
    /// Its tag, and its content when its type is not a message known to the schema.
    let raw: Range<Int>
    /// Its content when it is a message.
    let message: Range<Int>?

    var descriptor: Descriptor? {
      field?.pointee.descriptor?.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
    }
    var isSingular: Bool { field?.pointee.label != PROTOBUF_C_LABEL_REPEATED }
    var isOneof: Bool { (field?.pointee.flags ?? 0) & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0 }
  }

  /// Whether `bytes`, of the message that `descriptor` describes, may have such fields, at any depth. Costs no memory.
  static func mayBe(in bytes: UnsafeRawBufferPointer, of descriptor: UnsafePointer<ProtobufCMessageDescriptor>) -> Bool
  {
    var seen: UInt64 = 0
    var position = 0
    while position < bytes.count {
      guard let occurrence = next(in: bytes, at: &position, of: descriptor) else { return false }
      guard let content = occurrence.message, let inner = occurrence.descriptor else { continue }
      if occurrence.isSingular, let field = occurrence.field {
        let index = field - descriptor.pointee.fields
        if index >= 64 || seen & 1 << UInt64(index) != 0 { return true }
        seen |= 1 << UInt64(index)
      }
      if mayBe(in: UnsafeRawBufferPointer(rebasing: bytes[content]), of: inner) { return true }
    }
    return false
  }

  /// `bytes` with every such field merged into its first occurrence; nil when they are malformed.
  ///
  /// Takes memory in proportion to `bytes`, and goes as deep as the schema, which is not recursive.
  static func merged(
    _ bytes: UnsafeRawBufferPointer, of descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> [UInt8]? {
    var parts: [(occurrence: Occurrence, content: [UInt8])] = []
    var places: [UInt32: Int] = [:]
    var chosen: [UInt32: UInt32] = [:]
    var position = 0
    while position < bytes.count {
      guard let occurrence = next(in: bytes, at: &position, of: descriptor) else { return nil }
      let number = occurrence.field?.pointee.id ?? 0
      var continues = true
      if occurrence.isOneof, let group = occurrence.field?.pointee.quantifier_offset {
        // A oneof's member is merged only with itself: another in between has replaced it.
        continues = chosen.updateValue(number, forKey: group) == number
      }
      let content = occurrence.message.map { [UInt8](bytes[$0]) } ?? []
      if occurrence.message != nil, occurrence.isSingular, continues, let place = places[number] {
        parts[place].content += content
        continue
      }
      if occurrence.message != nil { places[number] = parts.count }
      parts.append((occurrence, content))
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 16)
    for (occurrence, content) in parts {
      result += bytes[occurrence.raw]
      guard occurrence.message != nil, let inner = occurrence.descriptor else { continue }
      guard let content = content.withUnsafeBytes({ merged($0, of: inner) }) else { return nil }
      append(varint: UInt64(content.count), to: &result)
      result += content
    }
    return result
  }

  /// The field at `position`, which is moved behind it; nil when the bytes are malformed.
  private static func next(
    in bytes: UnsafeRawBufferPointer, at position: inout Int, of descriptor: Descriptor
  ) -> Occurrence? {
    let start = position
    guard let tag = varint(in: bytes, at: &position) else { return nil }
    let field = tag >> 3 <= UInt64(UInt32.max) ? lookUp(UInt32(tag >> 3), in: descriptor) : nil
    let afterTag = position
    switch tag & 7 {
    case 0: if varint(in: bytes, at: &position) == nil { return nil }
    case 1: position += 8
    case 5: position += 4
    case 2:
      guard let length = varint(in: bytes, at: &position), length <= UInt64(bytes.count - position) else { return nil }
      let content = position..<(position + Int(length))
      position = content.upperBound
      if field?.pointee.type == PROTOBUF_C_TYPE_MESSAGE {
        return Occurrence(field: field, raw: start..<afterTag, message: content)
      }
    default: return nil
    }
    return position <= bytes.count ? Occurrence(field: field, raw: start..<position, message: nil) : nil
  }

  /// The field `number` of a message whose fields are sorted by number.
  private static func lookUp(_ number: UInt32, in descriptor: Descriptor) -> UnsafePointer<ProtobufCFieldDescriptor>? {
    guard let fields = descriptor.pointee.fields else { return nil }
    var (low, high) = (0, Int(descriptor.pointee.n_fields))
    while low < high {
      let middle = (low + high) / 2
      let id = fields[middle].id
      if id == number { return fields + middle }
      if id < number { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  private static func varint(in bytes: UnsafeRawBufferPointer, at position: inout Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func append(varint value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest > 127 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
