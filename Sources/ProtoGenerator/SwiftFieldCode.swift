/// The pieces of Swift that one field takes: its property, how it is read from C, how it is stored in C.
struct SwiftFieldCode {
  let field: SchemaField
  let message: SchemaMessage
  let names: SwiftNames

  /// The property's name, without backticks.
  var property: String {
    let name = SwiftNames.property(field.name)
    return name == "hashValue" || name == "hash" ? name + "Field" : name
  }

  /// The C structure's member.
  var member: String { "c.pointee.\(CNames.member(field.name))" }
  /// The C structure's member that counts a repeated field.
  var count: String { "c.pointee.n_\(CNames.member(field.name))" }
  /// The C structure's member that says whether an `optional` field is set.
  var optionalCase: String { "c.pointee._\(field.name.lowercased())_case" }

  /// The map entry that the field repeats, nil for other fields.
  var mapEntry: SchemaMessage? {
    guard field.isRepeated, case .message(let name) = field.type, let entry = names.messages[name], entry.isMapEntry
    else { return nil }
    return entry
  }

  /// The Swift type of one item.
  var itemType: String {
    switch field.type {
    case .double: "Double"
    case .float: "Float"
    case .int32, .sint32, .sfixed32: "Int32"
    case .int64, .sint64, .sfixed64: "Int64"
    case .uint32, .fixed32: "UInt32"
    case .uint64, .fixed64: "UInt64"
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    case .enumeration(let name), .message(let name): names.type(name, inside: message.fullName)
    }
  }

  /// The property's type and its first value.
  var declaration: String {
    if let entry = mapEntry, entry.fields.count == 2 {
      let key = SwiftFieldCode(field: entry.fields[0], message: message, names: names).itemType
      let value = SwiftFieldCode(field: entry.fields[1], message: message, names: names).itemType
      return "[\(key): \(value)] = [:]"
    }
    if field.isRepeated { return "[\(itemType)] = []" }
    if field.isOptional || isMessage { return "\(itemType)?" }
    return "\(itemType) = \(zero)"
  }

  var isMessage: Bool {
    if case .message = field.type { true } else { false }
  }

  /// The value of an item that is not set.
  var zero: String {
    switch field.type {
    case .double, .float, .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64, .sfixed32, .sfixed64:
      return "0"
    case .bool: return "false"
    case .string: return "\"\""
    case .bytes: return "[]"
    case .message: return "\(itemType)()"
    case .enumeration(let name):
      guard let enumeration = names.enums[name], let first = enumeration.values.first(where: { $0.number == 0 }) else {
        return "\(itemType)(rawValue: 0)"
      }
      return "." + SwiftNames.escaped(SwiftNames.enumCase(first.name, of: enumeration))
    }
  }

  /// Whether the C structure tells an absent field from a zero where proto3 does not.
  var hasHiddenPresence: Bool {
    let isFloatingPoint = field.type == .double || field.type == .float
    return !field.isRepeated && !field.isOptional && field.oneof == nil
      && (isFloatingPoint || message.isMapEntry && !isMessage)
  }

  /// Reads one item, not of a message, from the C value `value`.
  func reading(_ value: String) -> String {
    switch field.type {
    case .bool: "\(value) != 0"
    case .string: "try MessageReader.string(\(value), \"\(message.fullName).\(field.name)\")"
    case .bytes: "MessageReader.bytes(\(value))"
    case .enumeration: "\(itemType)(rawValue: Int32(truncatingIfNeeded: \(value).rawValue))"
    case .message: "try \(itemType)(_reading: \(value))"
    default: value
    }
  }

  /// Reads all items of a repeated field that is no map.
  var readingAll: String {
    switch field.type {
    case .bool: "MessageReader.bools(\(count), \(member))"
    case .string: "try MessageReader.strings(\(count), \(member), \"\(message.fullName).\(field.name)\")"
    case .bytes: "MessageReader.byteArrays(\(count), \(member))"
    case .enumeration: "MessageReader.enums(\(count), \(member))"
    case .message: "try MessageReader.messages(\(count), \(member))"
    default: "MessageReader.scalars(\(count), \(member))"
    }
  }

  /// The C value for the item `value`.
  func storing(_ value: String) -> String {
    switch field.type {
    case .bool: "\(value) ? 1 : 0"
    case .string: "arena.string(\(value))"
    case .bytes: "arena.bytes(\(value))"
    case .enumeration: ".init(rawValue: .init(truncatingIfNeeded: \(value).rawValue))"
    case .message: "arena.message(\(value))"
    default: value
    }
  }

  /// The C array for all items of a repeated field that is no map.
  func storingAll(_ value: String) -> String {
    switch field.type {
    case .bool: "arena.bools(\(value))"
    case .string: "arena.strings(\(value))"
    case .bytes: "arena.byteArrays(\(value))"
    case .enumeration: "arena.enums(\(value))"
    case .message: "arena.messages(\(value))"
    default: "arena.scalars(\(value))"
    }
  }

  /// The most bytes that a singular field takes on the wire, tag and length included and the content of
  /// strings, bytes and messages left out.
  var sizeBound: Int {
    let tag: Int =
      switch field.number {
      case ..<16: 1
      case ..<2048: 2
      case ..<262_144: 3
      case ..<33_554_432: 4
      default: 5
      }
    let content: Int =
      switch field.type {
      case .bool: 1
      case .float, .fixed32, .sfixed32: 4
      case .uint32, .sint32, .string, .bytes, .message: 5
      case .double, .fixed64, .sfixed64: 8
      case .int32, .int64, .uint64, .sint64, .enumeration: 10
      }
    return tag + content
  }
}
