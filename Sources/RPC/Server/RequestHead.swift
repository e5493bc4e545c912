/// The headers of a request while they arrive, and what they amount to; pure.
struct RequestHead {
  /// What a complete header block asks for.
  enum Verdict {
    /// A call of this method.
    case call(BoundMethod)
    /// No gRPC: the HTTP status to answer.
    case http(status: String)
    /// gRPC, but not to be served: how the call ends.
    case refused(RPCError)
  }

  /// How long the client waits, if it said.
  private(set) var timeout: Duration?
  /// Everything that gRPC itself does not read.
  private(set) var metadata = Metadata()

  /// Whether messages of the request may be compressed with gzip.
  private(set) var sendsGzip = false
  /// Whether the client reads messages that are compressed with gzip.
  private(set) var acceptsGzip = false

  /// The method that the path names, if it is served.
  private(set) var method: BoundMethod?
  /// What the path names otherwise, cut when it is long.
  private(set) var unknownPath: String?

  private var isPost = false
  private var isGRPC = false
  private var problem: RPCError?

  /// Takes one field. The pointers are not kept.
  mutating func add(
    _ known: KnownHeader, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, methods: MethodTable
  ) {
    switch known {
    case .method:
      isPost = value.elementsEqual("POST".utf8)
    case .path:
      method = methods.method(value)
      if method == nil { unknownPath = String(decoding: value.prefix(256), as: UTF8.self) }
    case .contentType:
      isGRPC = Self.isGRPC(contentType: value)
    case .timeout:
      timeout = CallTimeout.parse(value)
      if timeout == nil {
        problem = RPCError(.internal, "malformed grpc-timeout \(String(decoding: value.prefix(64), as: UTF8.self))")
      }
    case .encoding:
      sendsGzip = value.elementsEqual("gzip".utf8)
      if !sendsGzip, !value.elementsEqual("identity".utf8) {
        let encoding = String(decoding: value.prefix(64), as: UTF8.self)
        problem = RPCError(.unimplemented, "grpc-encoding \(encoding) is not supported")
      }
    case .acceptEncoding:
      acceptsGzip = acceptsGzip || MessageEncoding.acceptsGzip(value)
    case .scheme, .authority, .te, .status, .grpcStatus, .grpcMessage:
      break
    case .other:
      if !metadata.add(name: name, value: value) {
        problem = RPCError(
          .internal, "the value of \(String(decoding: name.prefix(64), as: UTF8.self)) is not base64")
      }
    }
  }

  /// Judges the complete block.
  func verdict(methods: MethodTable) -> Verdict {
    guard isPost else { return .http(status: "405") }
    guard isGRPC else { return .http(status: "415") }
    guard let method else { return .refused(methods.unknown(unknownPath ?? "")) }
    if let problem { return .refused(problem) }
    return .call(method)
  }

  /// `application/grpc`, alone or with a subtype (`+proto`) or parameters (`;…`).
  private static func isGRPC(contentType: UnsafeRawBufferPointer) -> Bool {
    let base: StaticString = "application/grpc"
    let length = base.utf8CodeUnitCount
    guard contentType.count >= length,
      contentType.prefix(length).elementsEqual(UnsafeRawBufferPointer(start: base.utf8Start, count: length))
    else { return false }
    guard contentType.count > length else { return true }
    return contentType[length] == UInt8(ascii: "+") || contentType[length] == UInt8(ascii: ";")
  }
}
