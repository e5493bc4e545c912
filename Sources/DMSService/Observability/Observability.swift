internal import DMSDomain
internal import Logging
package import RPC

/// How a server lets itself be watched, and how many calls it takes from one caller.
package struct Observability: Sendable {
  /// Where metrics are kept; nil counts nothing.
  package var metrics: MetricsRegistry?

  /// Where operators look; nil for nowhere.
  package var admin: AdminListener?

  /// Spans for calls; by default of the tracer that the process was bootstrapped with, none where there is none.
  package var tracing: ServerTracing? = .ifBootstrapped

  /// How many calls one principal may make; nil for any number.
  package var callRate: CallRate?

  /// Counts nothing, listens nowhere, limits nobody.
  package init() {}

  /// Who watches calls: the access log, and the metrics if there are any.
  func observers(logger: Logger) -> [any ServerObserver] {
    let log = AccessLog(logger: logger) { context in context[CallerKey.self]?.id }
    guard let metrics else { return [log] }
    return [ServerMetrics(factory: metrics), log]
  }

  /// The admin port of a server with these metrics.
  func adminEndpoint(
    metrics host: HostMetrics?, logger: Logger, unreadiness: @escaping @Sendable () -> String?
  ) -> AdminEndpoint? {
    guard let admin else { return nil }
    let source = AdminEndpoint.Source(
      metrics: { [metrics] in
        await host?.refresh()
        return metrics?.text() ?? ""
      }, unreadiness: unreadiness)
    return AdminEndpoint(admin, source: source, logger: logger)
  }
}

extension RateLimiter {
  /// Limits each principal; who needs no credential, such as a health check, is limited by address.
  static func ofCallers(_ rate: CallRate) -> RateLimiter {
    RateLimiter(
      rate, key: { context in context[CallerKey.self].map { "principal " + $0.id } ?? context.peer.host },
      refusal: { wait in
        let parts = wait.components
        let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000 + 1
        return ServiceError.tooManyCalls(retryAfterMilliseconds: milliseconds)
      })
  }
}
