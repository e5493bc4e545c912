#if PostgreSQL
  import DMSDomain
  import DMSService
  import DMSStorage
  import Foundation
  import Logging
  import TestPostgreSQL
  import Testing

  @Suite("Servers that share a database, and who may call them")
  struct SecuritySyncTests {
    /// One of the servers: what it needs to know callers.
    private struct Server {
      let environment: ServiceEnvironment
      let throttle = AttemptThrottle()
      let sync: SecuritySync

      init(_ environment: ServiceEnvironment) {
        self.environment = environment
        sync = SecuritySync(environment, throttle: throttle)
      }
    }

    private func withServers(_ body: (Server, Server, ApiKeySecret) async throws -> Void) async throws {
      let path = NSTemporaryDirectory() + "dms-security-" + UUID().uuidString
      let folder = try DataFolder(path: path)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      let pepper = try folder.pepper()
      try await withTestDatabase { url in
        var stores: [Store] = []
        do {
          for _ in 0..<2 {
            stores.append(
              try await Store.open(
                .postgres(url: url), options: StoreOptions(nowMicros: ServiceEnvironment.systemClock), logger: logger))
          }
          let servers = stores.map { store in
            Server(
              ServiceEnvironment(
                store: store, calendar: BusinessCalendar(timeZone: .gmt), pepper: pepper, logger: logger,
                now: { InstantMicros(ServiceEnvironment.systemClock()) }))
          }
          let key = try await FirstStart.prepare(servers[0].environment)
          try await body(servers[0], servers[1], try #require(key))
        } catch {
          for store in stores { await store.close() }
          throw error
        }
        for store in stores { await store.close() }
      }
    }

    @Test("A key revoked on one server is refused on the other once they are in step")
    func revokedEverywhere() async throws {
      try await withServers { first, second, key in
        try await second.sync.step()
        _ = try await second.environment.verifier.principal(of: key) {}
        let write = WriteRequest(principal: "tester")
        try await first.environment.store.write(write) { transaction in
          try transaction.revokeKey(key.keyID, at: transaction.now)
        }
        // Remembered until then: that is what being in step is for.
        _ = try await second.environment.verifier.principal(of: key) {}
        try await second.sync.step()
        await #expect(throws: ServiceError.self) { try await second.environment.verifier.principal(of: key) {} }
      }
    }

    @Test("An address that guesses on one server waits on the other, and success anywhere ends it")
    func throttledEverywhere() async throws {
      try await withServers { first, second, _ in
        let now = first.environment.now()
        // Each server alone sees too few failures to slow anybody down.
        for _ in 0..<6 {
          first.throttle.failed("10.0.0.9", now: now)
          second.throttle.failed("10.0.0.9", now: now)
        }
        #expect(second.throttle.waitSeconds("10.0.0.9", now: now) == 0)
        try await first.sync.step()
        try await second.sync.step()
        try await first.sync.step()
        #expect(first.throttle.waitSeconds("10.0.0.9", now: now) > 0)
        #expect(second.throttle.waitSeconds("10.0.0.9", now: now) > 0)
        #expect(second.throttle.waitSeconds("10.0.0.8", now: now) == 0)

        second.throttle.succeeded("10.0.0.9")
        try await second.sync.step()
        try await first.sync.step()
        #expect(first.throttle.waitSeconds("10.0.0.9", now: now) == 0)
      }
    }
  }
#endif
