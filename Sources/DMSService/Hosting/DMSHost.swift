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

  /// Puts a server together; it does not listen yet.
  package init(
    environment: ServiceEnvironment, configuration: ServerConfiguration, reflection: ReflectionAccess = .open
  ) {
    self.environment = environment
    var configuration = configuration
    configuration.statusCompletion = { ErrorTable.status(for: $0) }
    let throttle = AttemptThrottle()
    security = SecuritySync(environment, throttle: throttle)
    probe = StoreProbe(environment)
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
    server = RPCServer(
      configuration: configuration,
      services: own + [health] + (reflection == .off ? [] : ReflectionService(schemas).serviceDefinitions),
      interceptors: [access, StoreWatch(probe)], logger: environment.logger)
  }

  /// Begins to listen, and returns where.
  @discardableResult
  package func start() async throws -> BoundAddress {
    try await server.start()
  }

  /// Serves until the service group shuts down or the task is cancelled, then closes the store: calls under way have
  /// had their grace by then, and what was accepted is on disk.
  package func run() async throws {
    let environment = environment
    let security = security
    let probe = probe
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await environment.store.run() }
      group.addTask { await OrderUpkeep(environment).run() }
      group.addTask { await WatchProgress.run(environment) }
      group.addTask { await security.run() }
      group.addTask { await probe.run() }
      do {
        try await server.run()
      } catch {
        group.cancelAll()
        await environment.store.close()
        throw error
      }
      group.cancelAll()
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
