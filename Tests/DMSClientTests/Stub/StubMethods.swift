import DMSAPI
import NIOCore
import ProtobufC
import RPC

/// A unary method that answers what `body` makes of the request.
func unary<Request: Message, Response: Message>(
  _ method: MethodDescriptor,
  _ body: @escaping @Sendable (Request, ServerContext) async throws -> Response
) -> ServerMethod {
  ServerMethod(
    method,
    handler: .unary { bytes, context in
      try await body(Request(decoding: bytes), context).encoded()
    })
}

/// A method with a stream of answers that `body` writes.
func serverStreaming<Request: Message, Response: Message>(
  _ method: MethodDescriptor,
  _ body: @escaping @Sendable (Request, ResponseWriter<Response>) async throws -> Void
) -> ServerMethod {
  ServerMethod(
    method,
    handler: .serverStreaming { bytes, writer, _ in
      try await body(Request(decoding: bytes), ResponseWriter(writer) { try $0.encode(into: &$1) })
    })
}

/// A method with streams both ways.
func bidirectional<Request: Message, Response: Message>(
  _ method: MethodDescriptor,
  _ body: @escaping @Sendable (RequestStream<Request>, ResponseWriter<Response>) async throws -> Void
) -> ServerMethod {
  ServerMethod(
    method,
    handler: .bidirectional { requests, writer, _ in
      try await body(
        RequestStream(requests) { try Request(decoding: $0) },
        ResponseWriter(writer) { try $0.encode(into: &$1) })
    })
}

extension ServiceDefinition {
  /// These methods of one service; the others are UNIMPLEMENTED.
  static func stub(_ methods: ServerMethod...) -> ServiceDefinition {
    ServiceDefinition(name: methods.first?.descriptor.service ?? "", methods: methods)
  }
}
