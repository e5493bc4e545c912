public import NIOCore

/// A service as the server serves it: its methods, each with what answers it.
public struct ServiceDefinition: Sendable {
  /// The full name, such as `dms.order.v1.OrderService`.
  public let name: String

  /// What can be called.
  public let methods: [ServerMethod]

  /// A service of these methods.
  public init(name: String, methods: [ServerMethod]) {
    self.name = name
    self.methods = methods
  }
}

/// A method with what answers it.
public struct ServerMethod: Sendable {
  /// What answers a call, by the kind of the call. Messages are bare, without gRPC's prefix. A handler runs as a task on
  /// the connection's event loop and may suspend, but not block.
  public enum Handler: Sendable {
    case unary(@Sendable (ByteBuffer, ServerContext) async throws -> ByteBuffer)
    case serverStreaming(@Sendable (ByteBuffer, RawResponseWriter, ServerContext) async throws -> Void)
    case clientStreaming(@Sendable (RawRequestStream, ServerContext) async throws -> ByteBuffer)
    case bidirectional(@Sendable (RawRequestStream, RawResponseWriter, ServerContext) async throws -> Void)
  }

  /// The name on the wire.
  public let descriptor: MethodDescriptor

  /// What answers.
  public let handler: Handler

  /// A method whose handler fits its descriptor's kind.
  public init(_ descriptor: MethodDescriptor, handler: Handler) {
    self.descriptor = descriptor
    self.handler = handler
  }
}
