/// What a call carries beside its messages: names with values, in order, each name as often as wanted.
///
/// Names are lower-case. The value of a name that ends in `-bin` is bytes, of any other name printable ASCII text.
public struct Metadata: Sendable, Hashable {
  /// A value as the name's ending has it.
  public enum FieldValue: Sendable, Hashable {
    case text(String)
    case binary([UInt8])
  }

  /// One name and one value.
  public struct Field: Sendable, Hashable {
    /// Lower-case.
    public let name: String
    /// What it carries.
    public let value: FieldValue
  }

  private var fields: [Field] = []

  /// No metadata.
  public init() {}

  /// How many values there are; a name that stands twice counts twice.
  public var count: Int { fields.count }

  /// Whether nothing is carried.
  public var isEmpty: Bool { fields.isEmpty }

  /// Adds a text after the values that the name already has.
  public mutating func add(_ name: String, _ text: String) {
    fields.append(Field(name: name.asciiLowercased, value: .text(text)))
  }

  /// Adds bytes after the values that the name already has; the name ends in `-bin`.
  public mutating func add(_ name: String, binary: [UInt8]) {
    fields.append(Field(name: name.asciiLowercased, value: .binary(binary)))
  }

  /// Adds all values of another metadata.
  public mutating func add(contentsOf other: Metadata) {
    fields.append(contentsOf: other.fields)
  }

  /// This metadata with all values of another after its own.
  package func adding(contentsOf other: Metadata) -> Metadata {
    if isEmpty { return other }
    var sum = self
    sum.add(contentsOf: other)
    return sum
  }

  /// Puts a text in the place of all values of the name.
  public mutating func set(_ name: String, _ text: String) {
    remove(name)
    add(name, text)
  }

  /// Puts bytes in the place of all values of the name, which ends in `-bin`.
  public mutating func set(_ name: String, binary: [UInt8]) {
    remove(name)
    add(name, binary: binary)
  }

  /// Takes all values of the name away.
  public mutating func remove(_ name: String) {
    let name = name.asciiLowercased
    fields.removeAll { $0.name == name }
  }

  /// The name's first text, or nil.
  public func first(_ name: String) -> String? {
    let name = name.asciiLowercased
    for field in fields where field.name == name {
      if case .text(let text) = field.value { return text }
    }
    return nil
  }

  /// The first bytes of a name that ends in `-bin`, or nil.
  public func firstBinary(_ name: String) -> [UInt8]? {
    let name = name.asciiLowercased
    for field in fields where field.name == name {
      if case .binary(let bytes) = field.value { return bytes }
    }
    return nil
  }

  /// All texts of the name, in order.
  public func all(_ name: String) -> [String] {
    let name = name.asciiLowercased
    return fields.compactMap { field in
      guard field.name == name, case .text(let text) = field.value else { return nil }
      return text
    }
  }

  /// All bytes of a name that ends in `-bin`, in order.
  public func allBinary(_ name: String) -> [[UInt8]] {
    let name = name.asciiLowercased
    return fields.compactMap { field in
      guard field.name == name, case .binary(let bytes) = field.value else { return nil }
      return bytes
    }
  }
}

extension Metadata: ExpressibleByDictionaryLiteral {
  public typealias Key = String
  public typealias Value = String

  /// Texts by name.
  public init(dictionaryLiteral elements: (Key, Value)...) {
    for (name, text) in elements { add(name, text) }
  }
}

extension Metadata: Sequence {
  /// Every field, in order.
  public func makeIterator() -> Array<Field>.Iterator { fields.makeIterator() }
}

extension String {
  /// The same text with `A`–`Z` as `a`–`z`; costs nothing when there are none.
  fileprivate var asciiLowercased: String {
    guard utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) else { return self }
    return String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
