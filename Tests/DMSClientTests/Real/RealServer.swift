import DMSClient
import DMSDomain
import DMSService
import DMSStorage
import Foundation
import Logging
import RPC

/// Runs `body` with an administrator's client of a whole server over a store of its own, behind a line that can be
/// cut, and takes everything away.
func withRealServer(_ body: @Sendable (DMSClient, CuttableLine) async throws -> Void) async throws {
  let folder = NSTemporaryDirectory() + "dms-client-test-" + UUID().uuidString
  let data = try DataFolder(path: folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
  let store = try await Store.open(
    .sqlite(path: data.database), options: StoreOptions(nowMicros: ServiceEnvironment.systemClock), logger: logger)
  var environment = ServiceEnvironment(
    store: store, calendar: BusinessCalendar(timeZone: .gmt), pepper: try data.pepper(), logger: logger,
    now: { InstantMicros(ServiceEnvironment.systemClock()) })
  environment.progressInterval = .milliseconds(50)
  let key = try await FirstStart.prepare(environment)
  let host = DMSHost(environment: environment, configuration: ServerConfiguration(host: "127.0.0.1", port: 0))
  let line = try await CuttableLine.open(to: try await host.start().port)
  var configuration = DMSClient.Configuration(server: "http://127.0.0.1:\(line.port)", apiKey: key?.text)
  configuration.retries.backoffFirst = .milliseconds(1)
  configuration.retries.backoffMax = .milliseconds(50)

  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await host.run() }
    let client = try DMSClient(configuration: configuration)
    let outcome: Result<Void, any Error>
    do {
      try await body(client, line)
      outcome = .success(())
    } catch {
      outcome = .failure(error)
    }
    await client.close()
    await line.close()
    group.cancelAll()
    while (try? await group.next()) != nil {}
    try outcome.get()
  }
}
