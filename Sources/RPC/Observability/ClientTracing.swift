public import Tracing

/// Gives every call of a client a span, a child of the caller's `ServiceContext.current`, through
/// swift-distributed-tracing, and tells the server of it in the call's metadata.
///
/// Where the tracer names no W3C `traceparent` of its own, one that the task works for is handed on unchanged.
public struct ClientTracing: ClientInterceptor {
  private enum SpanKey: ContextKey {
    typealias Value = any Span
  }

  private let tracer: any Tracer

  /// Spans of `tracer`; by default of the one that the process was bootstrapped with by now.
  public init(tracer: any Tracer = InstrumentationSystem.tracer) {
    self.tracer = tracer
  }

  public func callWillStart(_ context: inout ClientCallContext) async throws {
    let span = tracer.startSpan(
      context.method.description, context: ServiceContext.current ?? .topLevel, ofKind: .client)
    span.describe(context.method)
    tracer.inject(span.context, into: &context.options.metadata, using: MetadataInjector())
    if let parent = span.context.traceParent, context.options.metadata.first("traceparent") == nil {
      context.options.metadata.set("traceparent", parent.text)
      if !parent.state.isEmpty { context.options.metadata.set("tracestate", parent.state) }
    }
    context[SpanKey.self] = span
  }

  public func callDidEnd(_ context: ClientCallContext, error: RPCError?) {
    guard let span = context[SpanKey.self] else { return }
    let code = error?.code ?? .ok
    span.attributes["rpc.grpc.status_code"] = code.rawValue
    if code != .ok { span.setStatus(SpanStatus(code: .error, message: code.description)) }
    span.end()
  }
}
