/// The headers that gRPC itself reads; all others are metadata.
package enum KnownHeader {
  case method
  case scheme
  case authority
  case path
  case status
  case te
  case contentType
  case timeout
  case encoding
  case acceptEncoding
  case grpcStatus
  case grpcMessage
  case other

  /// Which one a name on the wire is. Names arrive in lower case: HTTP/2 allows no other.
  @inline(__always)
  package init(_ name: UnsafeRawBufferPointer) {
    func matches(_ text: StaticString) -> Bool {
      name.elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    switch name.count {
    case 2 where matches("te"): self = .te
    case 5 where matches(":path"): self = .path
    case 7 where matches(":method"): self = .method
    case 7 where matches(":scheme"): self = .scheme
    case 7 where matches(":status"): self = .status
    case 10 where matches(":authority"): self = .authority
    case 11 where matches("grpc-status"): self = .grpcStatus
    case 12 where matches("content-type"): self = .contentType
    case 12 where matches("grpc-timeout"): self = .timeout
    case 12 where matches("grpc-message"): self = .grpcMessage
    case 13 where matches("grpc-encoding"): self = .encoding
    case 20 where matches("grpc-accept-encoding"): self = .acceptEncoding
    default: self = .other
    }
  }

  /// The name of `grpc-status-details-bin`, which is metadata and yet read by clients.
  package static let statusDetailsName = "grpc-status-details-bin"
}

extension Metadata {
  /// Adds a header as it arrived. A `-bin` value is decoded, each of its comma-separated parts apart; false when one
  /// is no base64.
  package mutating func add(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> Bool {
    let key = String(decoding: name, as: UTF8.self)
    guard key.hasSuffix("-bin") else {
      add(key, String(decoding: value, as: UTF8.self))
      return true
    }
    for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let text = UnsafeRawBufferPointer(rebasing: part).trimmingBlanks
      guard let bytes = Base64.decode(text) else { return false }
      add(key, binary: bytes)
    }
    return true
  }

  /// Whether a name can travel as metadata: of the permitted characters, and none of gRPC's or HTTP's own.
  package static func isSendable(name: String) -> Bool {
    guard !name.isEmpty, !name.hasPrefix("grpc-"), !["te", "content-type", "connection", "host"].contains(name) else {
      return false
    }
    return name.utf8.allSatisfy { byte in
      (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2D || byte == 0x5F || byte == 0x2E
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate var trimmingBlanks: UnsafeRawBufferPointer.SubSequence {
    var rest = self[...]
    while rest.first == 0x20 { rest = rest.dropFirst() }
    while rest.last == 0x20 { rest = rest.dropLast() }
    return rest
  }
}
