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

  /// Puts a server together; it does not listen yet.
  package init(environment: ServiceEnvironment, configuration: ServerConfiguration) {
    self.environment = environment
    var configuration = configuration
    configuration.statusCompletion = { ErrorTable.status(for: $0) }
    let throttle = AttemptThrottle()
    security = SecuritySync(environment, throttle: throttle)
    let access = AccessInterceptor(verifier: environment.verifier, throttle: throttle, now: environment.now)
    server = RPCServer(
      configuration: configuration,
      services: [
        OrderService(environment).serviceDefinition,
        InventoryService(environment).serviceDefinition,
        AdminService(environment).serviceDefinition,
      ],
      interceptors: [access], logger: environment.logger)
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
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await environment.store.run() }
      group.addTask { await OrderUpkeep(environment).run() }
      group.addTask { await security.run() }
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
