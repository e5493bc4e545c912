package import DMSAPI
internal import ProtobufC
package import RPC

/// `grpc.health.v1.Health`: the server, and each service of it, serves while the store answers and the server does not
/// shut down.
package struct HealthService: HealthHandler {
  /// The service's full name.
  package static let name = HealthMethods.check.service

  private let probe: StoreProbe
  /// Full names of the services, with the empty one for the server as a whole.
  private let services: Set<String>

  /// Speaks for the server and for the services of these full names.
  package init(services: [String], probe: StoreProbe) {
    self.probe = probe
    self.services = Set(services + [""])
  }

  package func check(
    _ request: HealthCheckRequest, context: ServerContext
  ) async throws -> HealthCheckResponse {
    guard services.contains(request.service) else {
      throw RPCError(.notFound, "There is no such service here.")
    }
    return .with { $0.status = status(in: context) }
  }

  package func list(_ request: HealthListRequest, context: ServerContext) async throws -> HealthListResponse {
    let response = HealthCheckResponse.with { $0.status = status(in: context) }
    return .with { list in
      for service in services { list.statuses[service] = response }
    }
  }

  package func watch(
    _ request: HealthCheckRequest, responses: ResponseWriter<HealthCheckResponse>, context: ServerContext
  ) async throws {
    let isKnown = services.contains(request.service)
    var last: HealthCheckResponse.ServingStatus?
    func say(_ status: HealthCheckResponse.ServingStatus) async throws {
      guard status != last else { return }
      last = status
      try await responses.write(.with { $0.status = status })
    }
    let (changes, stop) = probe.follow()
    context.onDrain(stop)
    for await answers in changes {
      try await say(!isKnown ? .serviceUnknown : answers ? .serving : .notServing)
    }
    try Task.checkCancellation()
    if isKnown { try await say(.notServing) }
    throw ServiceError.shuttingDown
  }

  private func status(in context: ServerContext) -> HealthCheckResponse.ServingStatus {
    probe.answers && !context.isDraining ? .serving : .notServing
  }
}
