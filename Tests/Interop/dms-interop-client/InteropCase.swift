internal import InteropAPI
internal import ProtobufC
internal import RPC

/// The cases of gRPC's interoperability tests, without those for clouds and proxies.
enum InteropCase: String, CaseIterable {
  case emptyUnary = "empty_unary"
  case largeUnary = "large_unary"
  case clientCompressedUnary = "client_compressed_unary"
  case serverCompressedUnary = "server_compressed_unary"
  case clientStreaming = "client_streaming"
  case clientCompressedStreaming = "client_compressed_streaming"
  case serverStreaming = "server_streaming"
  case serverCompressedStreaming = "server_compressed_streaming"
  case pingPong = "ping_pong"
  case emptyStream = "empty_stream"
  case customMetadata = "custom_metadata"
  case statusCodeAndMessage = "status_code_and_message"
  case specialStatusMessage = "special_status_message"
  case unimplementedMethod = "unimplemented_method"
  case unimplementedService = "unimplemented_service"
  case cancelAfterBegin = "cancel_after_begin"
  case cancelAfterFirstResponse = "cancel_after_first_response"
  case timeoutOnSleepingServer = "timeout_on_sleeping_server"

  /// Runs the case; throws when the server, or the client on the way to it, did anything else than it should.
  func run(at peer: InteropPeer) async throws {
    switch self {
    case .emptyUnary: try await peer.emptyUnary()
    case .largeUnary: try await peer.largeUnary()
    case .clientCompressedUnary: try await peer.clientCompressedUnary()
    case .serverCompressedUnary: try await peer.serverCompressedUnary()
    case .clientStreaming: try await peer.clientStreaming()
    case .clientCompressedStreaming: try await peer.clientCompressedStreaming()
    case .serverStreaming: try await peer.serverStreaming()
    case .serverCompressedStreaming: try await peer.serverCompressedStreaming()
    case .pingPong: try await peer.pingPong()
    case .emptyStream: try await peer.emptyStream()
    case .customMetadata: try await peer.customMetadata()
    case .statusCodeAndMessage: try await peer.statusCodeAndMessage()
    case .specialStatusMessage: try await peer.specialStatusMessage()
    case .unimplementedMethod: try await peer.unimplementedMethod()
    case .unimplementedService: try await peer.unimplementedService()
    case .cancelAfterBegin: try await peer.cancelAfterBegin()
    case .cancelAfterFirstResponse: try await peer.cancelAfterFirstResponse()
    case .timeoutOnSleepingServer: try await peer.timeoutOnSleepingServer()
    }
  }
}

/// The server under test, as the cases call it.
struct InteropPeer: Sendable {
  let tests: TestServiceClient
  let unimplemented: UnimplementedServiceClient

  init(_ client: RPCClient) {
    tests = TestServiceClient(client)
    unimplemented = UnimplementedServiceClient(client)
  }

  /// The options of a call that ends by itself: what takes longer than ten seconds has failed.
  func options(
    compressesRequests: Bool = false, metadata: Metadata = [:], observer: CallObserver? = nil
  ) -> CallOptions {
    CallOptions(
      metadata: metadata, timeout: .seconds(10), compressesRequests: compressesRequests, observer: observer)
  }
}

/// What a case saw that should not be.
struct InteropFailure: Error, CustomStringConvertible {
  let description: String
}

/// Throws unless a value is what it should be; `what` names it.
func expect<Value: Equatable>(_ what: String, _ value: Value, is expected: Value) throws {
  guard value == expected else { throw InteropFailure(description: "\(what) is \(value), not \(expected)") }
}

/// Throws unless `call` ends with an error of this code, and of this message if one is given.
func expect(
  _ code: StatusCode, message: String? = nil, of what: String, _ call: () async throws -> Void
) async throws {
  do {
    try await call()
  } catch let error as RPCError {
    try expect("the code of \(what)", error.code, is: code)
    if let message { try expect("the message of \(what)", error.message, is: message) }
    return
  }
  throw InteropFailure(description: "\(what) ended well, not with \(code)")
}

extension Payload {
  /// A payload of so many zeros.
  static func zeros(_ count: Int) -> Payload {
    .with { $0.body = [UInt8](repeating: 0, count: count) }
  }
}

/// Throws unless a payload is so many zeros.
func expectZeros(_ count: Int, in payload: Payload?) throws {
  let body = payload?.body ?? []
  try expect("the size of the payload", body.count, is: count)
  try expect("a payload of zeros", body.allSatisfy { $0 == 0 }, is: true)
}
