internal import InteropAPI
internal import ProtobufC
internal import RPC

/// `grpc.testing.TestService` as gRPC's interoperability tests describe it.
struct InteropTestService: TestServiceHandler {
  /// The largest payload that a client may ask for, in bytes.
  static let payloadBytesMax: Int32 = 64 << 20

  /// How many requests a half-duplex call may make before its answers.
  static let bufferedRequestsMax = 100

  /// What is served. The tests want to find `UnimplementedCall` missing; `CacheableUnaryCall` is for proxies.
  var servedMethods: ServiceDefinition {
    let all = serviceDefinition
    let left = [TestServiceMethods.unimplementedCall, TestServiceMethods.cacheableUnaryCall]
    return ServiceDefinition(name: all.name, methods: all.methods.filter { !left.contains($0.descriptor) })
  }

  func emptyCall(_ request: Empty, context: ServerContext) async throws -> Empty {
    context.echoMetadata()
    return Empty()
  }

  func unaryCall(_ request: SimpleRequest, context: ServerContext) async throws -> SimpleResponse {
    context.echoMetadata()
    try request.expectCompressed.check(isCompressed: context.compressedRequests > 0)
    try request.responseStatus.throwIfAsked()
    context.compressesReplies = request.responseCompressed?.value ?? false
    return try .with { $0.payload = try Payload(asked: request.responseSize, type: request.responseType) }
  }

  func streamingInputCall(
    _ requests: RequestStream<StreamingInputCallRequest>, context: ServerContext
  ) async throws -> StreamingInputCallResponse {
    context.echoMetadata()
    var compressed = 0
    var size = 0
    for try await request in requests {
      try request.expectCompressed.check(isCompressed: context.compressedRequests > compressed)
      compressed = context.compressedRequests
      size += request.payload?.body.count ?? 0
    }
    return .with { $0.aggregatedPayloadSize = Int32(clamping: size) }
  }

  func streamingOutputCall(
    _ request: StreamingOutputCallRequest, responses: ResponseWriter<StreamingOutputCallResponse>,
    context: ServerContext
  ) async throws {
    context.echoMetadata()
    try await answer(request, responses, context)
  }

  func fullDuplexCall(
    _ requests: RequestStream<StreamingOutputCallRequest>, responses: ResponseWriter<StreamingOutputCallResponse>,
    context: ServerContext
  ) async throws {
    context.echoMetadata()
    for try await request in requests { try await answer(request, responses, context) }
  }

  func halfDuplexCall(
    _ requests: RequestStream<StreamingOutputCallRequest>, responses: ResponseWriter<StreamingOutputCallResponse>,
    context: ServerContext
  ) async throws {
    context.echoMetadata()
    var buffered: [StreamingOutputCallRequest] = []
    for try await request in requests {
      guard buffered.count < Self.bufferedRequestsMax else {
        throw RPCError(.resourceExhausted, "at most \(Self.bufferedRequestsMax) requests may precede the answers")
      }
      buffered.append(request)
    }
    for request in buffered { try await answer(request, responses, context) }
  }

  func unimplementedCall(_ request: Empty, context: ServerContext) async throws -> Empty {
    throw RPCError(.unimplemented, "this method is not served")
  }

  func cacheableUnaryCall(_ request: SimpleRequest, context: ServerContext) async throws -> SimpleResponse {
    throw RPCError(.unimplemented, "this method is not served")
  }

  /// Sends what a request of a stream asks for.
  private func answer(
    _ request: StreamingOutputCallRequest, _ responses: ResponseWriter<StreamingOutputCallResponse>,
    _ context: ServerContext
  ) async throws {
    try request.responseStatus.throwIfAsked()
    let parameters = request.responseParameters
    if parameters.contains(where: { $0.compressed?.value == true }) {
      // The headers say whether any message is compressed, and leave before the first.
      context.compressesReplies = true
      responses.sendInitialMetadata()
    }
    for parameter in parameters {
      if parameter.intervalUs > 0 { try await Task.sleep(for: .microseconds(parameter.intervalUs)) }
      context.compressesReplies = parameter.compressed?.value ?? false
      try await responses.write(
        .with { $0.payload = try Payload(asked: parameter.size, type: request.responseType) })
    }
  }
}

extension Payload {
  /// Zeros, as many as a request asks for; INVALID_ARGUMENT when the server makes no such payload.
  fileprivate init(asked size: Int32, type: PayloadType) throws {
    guard type == .compressable else { throw RPCError(.invalidArgument, "no payload of type \(type.name) is made") }
    guard (0...InteropTestService.payloadBytesMax).contains(size) else {
      throw RPCError(.invalidArgument, "no payload of \(size) bytes is made")
    }
    self.init()
    body = [UInt8](repeating: 0, count: Int(size))
  }
}

extension BoolValue? {
  /// INVALID_ARGUMENT unless the message came as its sender said.
  fileprivate func check(isCompressed: Bool) throws {
    guard let expected = self?.value, expected != isCompressed else { return }
    throw RPCError(.invalidArgument, "the message came \(isCompressed ? "compressed" : "plain")")
  }
}

extension EchoStatus? {
  /// Ends the call with the status that the client asked for, if it did.
  fileprivate func throwIfAsked() throws {
    guard let status = self, status.code != 0 else { return }
    throw RPCError(StatusCode(rawValue: Int(status.code)) ?? .unknown, status.message)
  }
}

extension ServerContext {
  private static let initialName = "x-grpc-test-echo-initial"
  private static let trailingName = "x-grpc-test-echo-trailing-bin"

  /// Sends the metadata back that the client wants to see again, the one before the first message, the other last.
  fileprivate func echoMetadata() {
    if let text = metadata.first(Self.initialName) { setInitialMetadata([Self.initialName: text]) }
    if let bytes = metadata.firstBinary(Self.trailingName) {
      var trailers = Metadata()
      trailers.add(Self.trailingName, binary: bytes)
      addTrailers(trailers)
    }
  }
}
