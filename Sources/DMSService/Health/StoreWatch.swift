internal import DMSStorage
package import RPC

/// Has the store asked at once when a call finds that it cannot be used. It stands next to the handlers, where errors
/// are what they were thrown as.
package struct StoreWatch: ServerInterceptor {
  private let probe: StoreProbe

  package init(_ probe: StoreProbe) {
    self.probe = probe
  }

  package func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
    do {
      try await next()
    } catch let error as StorageError {
      if case .unavailable = error { probe.hurry() }
      throw error
    }
  }
}
