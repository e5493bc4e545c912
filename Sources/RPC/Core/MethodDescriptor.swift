/// Which sides of a call send one message and which a stream.
public enum CallKind: Sendable, Hashable, CaseIterable {
  case unary
  case clientStreaming
  case serverStreaming
  case bidirectional

  /// Whether the client may send any number of messages.
  public var streamsRequests: Bool { self == .clientStreaming || self == .bidirectional }

  /// Whether the server may send any number of messages.
  public var streamsResponses: Bool { self == .serverStreaming || self == .bidirectional }
}

/// What calling a method twice does.
public enum Idempotency: Sendable, Hashable {
  /// Perhaps something twice.
  case unknown
  /// Nothing, not even once.
  case noSideEffects
  /// The same as calling it once.
  case idempotent
}

/// A method as the wire knows it.
public struct MethodDescriptor: Sendable, Hashable, CustomStringConvertible {
  /// The service's full name, such as `dms.order.v1.OrderService`.
  public let service: String

  /// The method's own name, such as `PlaceOrder`.
  public let method: String

  /// Which sides stream.
  public let kind: CallKind

  /// Whether a client may try again without asking.
  public let idempotency: Idempotency

  /// The HTTP path: `/service/method`.
  public let path: String

  /// Names a method.
  public init(service: String, method: String, kind: CallKind, idempotency: Idempotency = .unknown) {
    self.service = service
    self.method = method
    self.kind = kind
    self.idempotency = idempotency
    self.path = "/\(service)/\(method)"
  }

  /// The name as people write it: `service/method`.
  public var description: String { "\(service)/\(method)" }
}
