internal import CoreMetrics
internal import DMSAPI
internal import DMSStorage
internal import Foundation
internal import Logging
package import RPC
internal import ServiceLifecycle

/// A whole server over an open store: services, access, upkeep and the listener, as one unit that runs and stops.
package final class DMSHost: Service {
  /// What the services work with.
  package let environment: ServiceEnvironment
  private let server: RPCServer
  private let security: SecuritySync
  private let probe: StoreProbe
  private let metrics: HostMetrics?
  private let admin: AdminEndpoint?

  /// Puts a server together; it does not listen yet.
  package init(
    environment: ServiceEnvironment, configuration: ServerConfiguration, reflection: ReflectionAccess = .open,
    observability: Observability = Observability()
  ) {
    self.environment = environment
    var configuration = configuration
    configuration.statusCompletion = { ErrorTable.status(for: $0) }
    configuration.observers += observability.observers(logger: environment.logger)
    let throttle = AttemptThrottle()
    security = SecuritySync(environment, throttle: throttle)
    let probe = StoreProbe(environment)
    self.probe = probe
    let own = [
      OrderService(environment).serviceDefinition,
      InventoryService(environment).serviceDefinition,
      AdminService(environment).serviceDefinition,
    ]
    let reflections = reflection == .off ? [] : ReflectionService.names
    let health = HealthService(
      services: own.map(\.name) + [HealthService.name] + reflections, probe: probe
    ).serviceDefinition
    let schemas = SchemaIndex(
      fileDescriptorSet: DMSDescriptors.fileDescriptorSet, services: own.map(\.name) + [health.name] + reflections)
    let access = AccessInterceptor(
      verifier: environment.verifier, throttle: throttle,
      openServices: Set([health.name] + (reflection == .open ? reflections : [])),
      rolelessServices: Set(reflections), now: environment.now)
    var interceptors: [any ServerInterceptor] = [access, StoreWatch(probe)]
    if let tracing = observability.tracing { interceptors.insert(tracing, at: 0) }
    if let rate = observability.callRate { interceptors.append(RateLimiter.ofCallers(rate)) }
    let server = RPCServer(
      configuration: configuration,
      services: own + [health] + (reflection == .off ? [] : ReflectionService(schemas).serviceDefinitions),
      interceptors: interceptors, logger: environment.logger)
    self.server = server
    let metrics = observability.metrics.map { registry in
      HostMetrics(environment, server: server, probe: probe, factory: registry)
    }
    self.metrics = metrics
    admin = observability.adminEndpoint(
      metrics: metrics, logger: environment.logger,
      unreadiness: {
        server.isShuttingDown ? "shutting down" : probe.answers ? nil : "the store does not answer"
      })
  }

  /// Begins to listen, and returns where.
  @discardableResult
  package func start() async throws -> BoundAddress {
    let address = try await server.start()
    do {
      try await admin?.start()
    } catch {
      await server.shutdown(grace: .zero)
      throw error
    }
    return address
  }

  /// The admin port, once the host listens; nil when there is none.
  package var adminPort: Int? { admin?.port }

  /// Reads the certificate, its key and the clients' authorities anew if their files have changed; what cannot be used
  /// is logged and changes nothing.
  package func reloadCertificates() async {
    _ = try? await server.reloadCertificates()
  }

  /// Serves until the service group shuts down or the task is cancelled, then closes the store: calls under way have
  /// had their grace by then, and what was accepted is on disk.
  package func run() async throws {
    let environment = environment
    let security = security
    let probe = probe
    let metrics = metrics
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await environment.store.run() }
      group.addTask { await OrderUpkeep(environment).run() }
      group.addTask { await WatchProgress.run(environment) }
      group.addTask { await security.run() }
      group.addTask { await probe.run() }
      if let metrics { group.addTask { await metrics.run() } }
      do {
        try await server.run()
      } catch {
        group.cancelAll()
        await admin?.close()
        await environment.store.close()
        throw error
      }
      group.cancelAll()
      // Until now it said that the server drains.
      await admin?.close()
    }
    await environment.store.close()
  }
}

extension ServiceEnvironment {
  /// The clock of the machine.
  package static let systemClock: @Sendable () -> Int64 = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
