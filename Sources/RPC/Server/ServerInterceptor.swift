/// Something that wraps every call of a server: authentication, logging, limits.
public protocol ServerInterceptor: Sendable {
  /// Calls `next` to go on, which throws what the handler throws; throwing without calling it refuses the call. What it
  /// throws is the call's outcome. It runs before the handler sees any message.
  func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws
}

/// Runs a handler inside all interceptors, the first outermost.
struct InterceptorChain: Sendable {
  let interceptors: [any ServerInterceptor]

  var isEmpty: Bool { interceptors.isEmpty }

  func run(_ context: ServerContext, _ handler: @Sendable () async throws -> Void) async throws {
    try await run(from: 0, context, handler)
  }

  private func run(
    from index: Int, _ context: ServerContext, _ handler: @Sendable () async throws -> Void
  ) async throws {
    guard index < interceptors.count else { return try await handler() }
    try await withoutActuallyEscaping(handler) { handler in
      try await interceptors[index].intercept(context) {
        try await run(from: index + 1, context, handler)
      }
    }
  }
}
