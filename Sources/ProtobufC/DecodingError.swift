/// Why bytes are not the message that they should be.
public enum DecodingError: Error, Hashable, CustomStringConvertible {
  /// The bytes break the wire format: cut short, a bad tag or length, or a field of the wrong wire type.
  case malformed
  /// The text of `field` (full name, such as `dms.order.v1.Order.note`) is not UTF-8.
  case invalidUTF8(field: String)
  /// Decoding would take more than `bytes` bytes of memory, what the limits allow for a message of its size.
  case memoryLimit(bytes: Int)

  /// Whether the message may be well formed and only passed a limit.
  public var isResourceLimit: Bool {
    if case .memoryLimit = self { true } else { false }
  }

  public var description: String {
    switch self {
    case .malformed: "the bytes are not a protobuf message of this type"
    case .invalidUTF8(let field): "the text of \(field) is not valid UTF-8"
    case .memoryLimit(let bytes): "decoding the message takes more than \(bytes) bytes of memory"
    }
  }
}

/// Why a message cannot be encoded.
public enum EncodingError: Error, Hashable, CustomStringConvertible {
  /// It takes more bytes than a protobuf message may have, 2,147,483,647.
  case tooLarge

  public var description: String {
    switch self {
    case .tooLarge: "the message takes more than 2147483647 bytes"
    }
  }
}
