/// Something that wraps every call of a server: authentication, logging, limits.
public protocol ServerInterceptor: Sendable {
  /// Calls `next` to go on, which throws what the handler throws; throwing without calling it refuses the call. What it
  /// throws is the call's outcome. It runs before the handler sees any message.
  func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws

  /// Whether it is this interceptor that says which calls are accepted, with ``ServerContext/accept()``. Without one
  /// that does, every call is that reaches its handler. False unless it is implemented; it does not change.
  var decidesAcceptance: Bool { get }
}

extension ServerInterceptor {
  /// Leaves it to others which calls are accepted.
  public var decidesAcceptance: Bool { false }
}

/// Runs a handler inside all interceptors, the first outermost.
struct InterceptorChain: Sendable {
  let interceptors: [any ServerInterceptor]
  /// Whether one of them says which calls are accepted.
  let decideAcceptance: Bool

  init(interceptors: [any ServerInterceptor]) {
    self.interceptors = interceptors
    decideAcceptance = interceptors.contains(where: \.decidesAcceptance)
  }

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
