public import CoreMetrics
internal import Synchronization

/// Counts and times a client's calls, retries included, through swift-metrics: `grpc_client_started_total`,
/// `grpc_client_handled_total` and `grpc_client_handling_seconds`, with the dimensions of ``ServerMetrics``.
public final class ClientMetrics: ClientInterceptor {
  /// Methods that have metrics of their own; those beyond share `unknown`.
  private static let methodsMax = 1_000

  private let factory: any MetricsFactory
  private let methods = Mutex<[String: MethodMetrics]>([:])
  private let others: MethodMetrics

  /// Metrics made by `factory`; by default the one that the process was bootstrapped with by now.
  public init(factory: any MetricsFactory = MetricsSystem.factory) {
    self.factory = factory
    others = MethodMetrics(nil, side: "client", factory: factory)
  }

  public func callWillStart(_ context: inout ClientCallContext) async throws {
    metrics(context.method).callStarted()
  }

  public func callDidEnd(_ context: ClientCallContext, error: RPCError?) {
    metrics(context.method).ended(error?.code ?? .ok, nanoseconds: context.nanoseconds)
  }

  private func metrics(_ method: MethodDescriptor) -> MethodMetrics {
    methods.withLock { methods in
      if let metrics = methods[method.path] { return metrics }
      guard methods.count < Self.methodsMax else { return others }
      let metrics = MethodMetrics(method, side: "client", factory: factory)
      methods[method.path] = metrics
      return metrics
    }
  }
}
