/// What a server that failed a call said about another attempt.
package enum RetryWish: Sendable, Hashable {
  /// Nothing.
  case unsaid
  /// Not before this time has passed.
  case after(Duration)
  /// Do not try again.
  case never
}

extension RPCError {
  /// The wish in `grpc-retry-pushback-ms`, as gRPC has it: a number that is negative or none forbids another attempt.
  package var pushback: RetryWish {
    guard let text = metadata.first("grpc-retry-pushback-ms") else { return .unsaid }
    guard let milliseconds = Int32(text), milliseconds >= 0 else { return .never }
    return .after(.milliseconds(milliseconds))
  }
}

extension ClientConfiguration {
  /// The wish of the server that failed a call with `error`.
  func retryWish(in error: RPCError) -> RetryWish {
    let pushback = error.pushback
    guard case .unsaid = pushback else { return pushback }
    return retryDelay?(error).map { .after($0) } ?? .unsaid
  }
}

/// Reads the wait of a `google.rpc.RetryInfo` out of a status's details, without a library for messages.
///
/// Bytes that break the encoding's rules hold no wish.
package enum RetryInfoDelay {
  /// The wait that the error's server asks for, 0 or more; nil when it asks for none.
  package static func read(_ error: RPCError) -> Duration? {
    guard let bytes = error.detailsBin, !bytes.isEmpty else { return nil }
    var delay: Duration?
    // Status: 3 details. Any: 1 type_url, 2 value. RetryInfo: 1 retry_delay. Duration: 1 seconds, 2 nanos.
    let isWhole = WireFields.read(bytes[...]) { number, field in
      guard delay == nil, number == 3, case .bytes(let detail) = field else { return }
      var isRetryInfo = false
      var value: ArraySlice<UInt8> = []
      _ = WireFields.read(detail) { number, field in
        guard case .bytes(let bytes) = field else { return }
        if number == 1 { isRetryInfo = typeName(bytes).elementsEqual("google.rpc.RetryInfo".utf8) }
        if number == 2 { value = bytes }
      }
      guard isRetryInfo else { return }
      _ = WireFields.read(value) { number, field in
        if number == 1, case .bytes(let bytes) = field { delay = duration(bytes) }
      }
    }
    return isWhole ? delay : nil
  }

  private static func typeName(_ url: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    url.lastIndex(of: UInt8(ascii: "/")).map { url[($0 + 1)...] } ?? url
  }

  private static func duration(_ bytes: ArraySlice<UInt8>) -> Duration? {
    var seconds: Int64 = 0
    var nanoseconds: Int64 = 0
    let isWhole = WireFields.read(bytes) { number, field in
      guard case .number(let value) = field else { return }
      if number == 1 { seconds = Int64(bitPattern: value) }
      if number == 2 { nanoseconds = Int64(bitPattern: value) }
    }
    // The longest that a Duration message may say is ten thousand years.
    guard isWhole, (0...315_576_000_000).contains(seconds), (0..<1_000_000_000).contains(nanoseconds) else {
      return nil
    }
    return .seconds(seconds) + .nanoseconds(nanoseconds)
  }
}

/// Goes through the fields of an encoded message, one level deep.
private enum WireFields {
  enum Field {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
    case other
  }

  /// Calls `body` for each field; false when the bytes break off or break the rules.
  static func read(_ bytes: ArraySlice<UInt8>, _ body: (UInt64, Field) -> Void) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      guard let tag = varint(&rest) else { return false }
      switch tag & 7 {
      case 0:
        guard let value = varint(&rest) else { return false }
        body(tag >> 3, .number(value))
      case 1:
        guard rest.count >= 8 else { return false }
        rest = rest.dropFirst(8)
        body(tag >> 3, .other)
      case 2:
        guard let length = varint(&rest), length <= UInt64(rest.count) else { return false }
        body(tag >> 3, .bytes(rest.prefix(Int(length))))
        rest = rest.dropFirst(Int(length))
      case 5:
        guard rest.count >= 4 else { return false }
        rest = rest.dropFirst(4)
        body(tag >> 3, .other)
      default:
        return false
      }
    }
    return true
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
