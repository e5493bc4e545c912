public import Tracing

/// Gives every call of a server a span, a child of the caller's, through swift-distributed-tracing.
///
/// What the caller carries along is read by the tracer itself and, as W3C Trace Context, into
/// ``ServiceContext/traceParent``. The span is the handler's `ServiceContext.current`. Put it first, so that what other
/// interceptors refuse has a span too; leave it out where there is no tracer (``ifBootstrapped``).
public struct ServerTracing: ServerInterceptor {
  private let tracer: any Tracer

  /// Spans of `tracer`.
  public init(tracer: any Tracer) {
    self.tracer = tracer
  }

  /// Spans of the tracer that the process was bootstrapped with; nil when there is none, for which calls then pay
  /// nothing.
  public static var ifBootstrapped: ServerTracing? {
    let tracer = InstrumentationSystem.tracer
    return tracer is NoOpTracer ? nil : ServerTracing(tracer: tracer)
  }

  public func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
    var caller = ServiceContext.topLevel
    caller.traceParent = TraceParent(context.metadata)
    tracer.extract(context.metadata, into: &caller, using: MetadataExtractor())
    let span = tracer.startSpan(context.descriptor.description, context: caller, ofKind: .server)
    defer { span.end() }
    span.describe(context.descriptor)
    span.attributes["network.peer.address"] = context.peer.address
    context[TraceIDKey.self] = traceID(of: span)
    do {
      try await ServiceContext.withValue(span.context) { try await next() }
      span.attributes["rpc.grpc.status_code"] = StatusCode.ok.rawValue
    } catch {
      let code = context.code(of: error)
      span.attributes["rpc.grpc.status_code"] = code.rawValue
      switch code {
      case .unknown, .deadlineExceeded, .unimplemented, .internal, .unavailable, .dataLoss:
        // The error itself may hold what no collector should see.
        span.setStatus(SpanStatus(code: .error, message: code.description))
      default: break
      }
      throw error
    }
  }

  /// The trace that the tracer itself would name to the next server, which may be a new one.
  private func traceID(of span: any Span) -> String? {
    var carrier = Metadata()
    tracer.inject(span.context, into: &carrier, using: MetadataInjector())
    return TraceParent(carrier)?.traceID
  }
}

/// Where tracing leaves the id of a call's trace.
enum TraceIDKey: ContextKey {
  typealias Value = String
}

extension ServerContext {
  /// The trace that the call belongs to, 32 hexadecimal digits: the caller's, or the one that ``ServerTracing`` began;
  /// nil when there is neither.
  public var traceID: String? { self[TraceIDKey.self] ?? TraceParent(metadata)?.traceID }

  /// What log lines about the call should carry: its method, `request`, and `trace` if it belongs to one.
  public var logMetadata: [String: String] {
    var metadata = ["method": descriptor.description, "request": requestID]
    metadata["trace"] = traceID
    return metadata
  }

  /// How a call that threw `error` ends, as far as its interceptors can know.
  fileprivate func code(of error: any Error) -> StatusCode {
    switch error {
    case let error as RPCError: error.code
    case is CancellationError: deadline.map { $0 <= .now } ?? false ? .deadlineExceeded : .cancelled
    default: .unknown
    }
  }
}

extension Span {
  /// Sets OpenTelemetry's attributes of a call that holds from its start.
  func describe(_ method: MethodDescriptor) {
    attributes["rpc.system"] = "grpc"
    attributes["rpc.service"] = method.service
    attributes["rpc.method"] = method.method
  }
}
