/// Writes values into bytes in one way only, so that equal values have equal bytes and a hash of them means something.
///
/// Whole numbers take 1 to 10 bytes (seven bits a byte, signs folded into the lowest bit), texts are preceded by their
/// length, and what may be missing by 0 or 1.
public struct CanonicalWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []

  /// Nothing written yet.
  public init(reservingCapacity capacity: Int = 256) {
    bytes.reserveCapacity(capacity)
  }

  /// Writes a whole number.
  public mutating func write(_ number: Int64) {
    var rest = UInt64(bitPattern: (number << 1) ^ (number >> 63))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Writes a text.
  public mutating func write(_ text: String) {
    write(Int64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Writes yes or no.
  public mutating func write(_ flag: Bool) {
    bytes.append(flag ? 1 : 0)
  }

  /// Writes a quantity, amount or other number.
  public mutating func write(_ number: some CheckedInteger) {
    write(number.value)
  }

  /// Writes a key.
  public mutating func write(_ identifier: some Identifier) {
    write(identifier.value)
  }

  /// Writes a value that may be missing.
  public mutating func write<Value>(_ value: Value?, with write: (inout CanonicalWriter, Value) -> Void) {
    self.write(value != nil)
    if let value { write(&self, value) }
  }

  /// Writes a list, preceded by its length.
  public mutating func write<Value>(_ values: [Value], with write: (inout CanonicalWriter, Value) -> Void) {
    self.write(Int64(values.count))
    for value in values { write(&self, value) }
  }
}

/// Why bytes are not what a `CanonicalWriter` wrote.
public enum CanonicalError: Error, Hashable, Sendable {
  /// They end too early.
  case truncated
  /// There are more than expected.
  case trailing
  /// A number, text or code makes no sense.
  case malformed
}

/// Reads what a `CanonicalWriter` wrote. Any bytes are either read or refused, never trusted.
public struct CanonicalReader: Sendable {
  private let bytes: [UInt8]
  private var position = 0

  /// Reads from the start of the bytes.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads a whole number.
  public mutating func int64() throws(CanonicalError) -> Int64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard position < bytes.count else { throw .truncated }
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else { throw .malformed }
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    return Int64(bitPattern: result >> 1) ^ -Int64(bitPattern: result & 1)
  }

  /// Reads a text.
  public mutating func text() throws(CanonicalError) -> String {
    let length = try count()
    guard length <= bytes.count - position else { throw .truncated }
    defer { position += length }
    guard let text = String(validating: bytes[position..<position + length], as: UTF8.self) else { throw .malformed }
    return text
  }

  /// Reads yes or no.
  public mutating func flag() throws(CanonicalError) -> Bool {
    guard position < bytes.count else { throw .truncated }
    defer { position += 1 }
    switch bytes[position] {
    case 0: return false
    case 1: return true
    default: throw .malformed
    }
  }

  /// Reads a quantity, amount or other number.
  public mutating func number<Value: CheckedInteger>(_ type: Value.Type = Value.self) throws(CanonicalError) -> Value {
    Value(try int64())
  }

  /// Reads a key, without validating it again.
  public mutating func identifier<ID: Identifier>(_ type: ID.Type = ID.self) throws(CanonicalError) -> ID {
    ID(unchecked: try text())
  }

  /// Reads a value that may be missing.
  public mutating func optional<Value>(
    _ read: (inout CanonicalReader) throws(CanonicalError) -> Value
  ) throws(CanonicalError) -> Value? {
    try flag() ? try read(&self) : nil
  }

  /// Reads a list. Each element takes at least one byte, so a false length cannot make it large.
  public mutating func list<Value>(
    _ read: (inout CanonicalReader) throws(CanonicalError) -> Value
  ) throws(CanonicalError) -> [Value] {
    let length = try count()
    guard length <= bytes.count - position else { throw .truncated }
    var values: [Value] = []
    values.reserveCapacity(length)
    for _ in 0..<length {
      values.append(try read(&self))
    }
    return values
  }

  /// Throws unless all has been read.
  public func finish() throws(CanonicalError) {
    guard position == bytes.count else { throw .trailing }
  }

  private mutating func count() throws(CanonicalError) -> Int {
    guard let length = Int(exactly: try int64()), length >= 0 else { throw .malformed }
    return length
  }
}
