/// A UUID that a client makes and stores before its first try, so that a repeat can be told from a new request.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
  /// 36 characters in lower case, such as `3f2b8c1e-0d4a-4f6b-9a77-5f0e1c2d3b4a`.
  public let value: String

  /// Reads a UUID of 36 characters in either case; throws on any other text.
  public init(validating text: String) throws(RequestIDError) {
    let bytes = Array(text.utf8.prefix(37))
    guard bytes.count == 36 else { throw .malformed }
    for (index, byte) in bytes.enumerated() {
      switch (index, byte) {
      case (8, UInt8(ascii: "-")), (13, UInt8(ascii: "-")), (18, UInt8(ascii: "-")), (23, UInt8(ascii: "-")): continue
      case (8, _), (13, _), (18, _), (23, _): throw .malformed
      case (_, UInt8(ascii: "0")...UInt8(ascii: "9")), (_, UInt8(ascii: "a")...UInt8(ascii: "f")),
        (_, UInt8(ascii: "A")...UInt8(ascii: "F")):
        continue
      default: throw .malformed
      }
    }
    value = text.lowercased()
  }

  /// The UUID in lower case.
  public var description: String { value }
}

/// Why a text is no request id.
public enum RequestIDError: Error, Hashable, Sendable {
  /// Not 8-4-4-4-12 hexadecimal digits.
  case malformed
}
