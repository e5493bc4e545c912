import DMSAPI
import DMSDomain
import DMSService
import DMSStorage
import Foundation
import Logging
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

/// A whole server on a free port of loopback, over a store of its own, and who may call it.
struct TestServer: Sendable {
  let host: DMSHost
  let address: BoundAddress
  let folder: String
  /// The administrator's key of the first start.
  let adminKey: String

  var environment: ServiceEnvironment { host.environment }

  /// A client that calls with a key; nil sends none.
  func client(key: String?) throws -> RPCClient {
    var configuration = ClientConfiguration()
    configuration.retry.maxAttempts = 1
    configuration.credentials = key.map { .bearer($0) }
    return try RPCClient(target: .hostPort("127.0.0.1", address.port), configuration: configuration)
  }
}

extension TestStoreKind {
  /// Runs `body` with an empty place for a store: a file in `folder`, or a database of its own.
  func withPlace<Value>(
    _ folder: DataFolder, _ body: (StoreLocation) async throws -> Value
  ) async throws -> Value {
    #if PostgreSQL
      if self == .postgres { return try await withTestDatabase { url in try await body(.postgres(url: url)) } }
    #endif
    return try await body(.sqlite(path: folder.database))
  }
}

/// Runs `body` against a server of its own, proves its ledgers at the end, and takes everything away.
func withServer<Value: Sendable>(
  on kind: TestStoreKind, now: (@Sendable () -> Int64)? = nil, probeInterval: Duration = .seconds(2),
  reflection: ReflectionAccess = .open, observability: Observability = Observability(), logger: Logger? = nil,
  _ body: @Sendable (TestServer, Clients) async throws -> Value
) async throws -> Value {
  let folder = NSTemporaryDirectory() + "dms-test-" + UUID().uuidString
  let data = try DataFolder(path: folder)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await kind.withPlace(data) { location in
    try await withServer(
      at: location, data, folder: folder, clock: now ?? ServiceEnvironment.systemClock, probeInterval: probeInterval,
      reflection: reflection, observability: observability, logger: logger, body)
  }
}

private func withServer<Value: Sendable>(
  at location: StoreLocation, _ data: DataFolder, folder: String, clock: @escaping @Sendable () -> Int64,
  probeInterval: Duration, reflection: ReflectionAccess, observability: Observability, logger given: Logger?,
  _ body: @Sendable (TestServer, Clients) async throws -> Value
) async throws -> Value {
  var quiet = Logger(label: "test") { StreamLogHandler.standardError(label: $0) }
  quiet.logLevel = .critical
  let logger = given ?? quiet
  var options = StoreOptions(nowMicros: clock)
  options.observer = observability.metrics.map { StoreMetrics(factory: $0) }
  let store = try await Store.open(location, options: options, logger: logger)
  var environment = ServiceEnvironment(
    store: store, calendar: BusinessCalendar(timeZone: .gmt), pepper: try data.pepper(), logger: logger,
    now: { InstantMicros(clock()) })
  environment.progressInterval = .milliseconds(50)
  environment.probeInterval = probeInterval
  let key = try await FirstStart.prepare(environment)
  let host = DMSHost(
    environment: environment, configuration: ServerConfiguration(host: "127.0.0.1", port: 0), reflection: reflection,
    observability: observability)
  let address = try await host.start()
  let server = TestServer(host: host, address: address, folder: folder, adminKey: key?.text ?? "")

  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await host.run() }
    let admin = try server.client(key: server.adminKey)
    let result: Result<Value, any Error>
    do {
      let clients = Clients(admin)
      let value = try await body(server, clients)
      let ledgers = try await clients.inventory.verifyLedgers(VerifyLedgersRequest())
      guard ledgers.differenceCount == 0 else { throw LedgersDiffer(differences: ledgers.differences) }
      result = .success(value)
    } catch {
      result = .failure(error)
    }
    await admin.close()
    group.cancelAll()
    while (try? await group.next()) != nil {}
    return try result.get()
  }
}

/// The balances of a store are not what its ledgers say.
struct LedgersDiffer: Error {
  let differences: [LedgerDifference]
}

extension TestServer {
  /// Runs `body` with clients that call with a key of their own.
  func calling<Value>(with key: String?, _ body: (Clients) async throws -> Value) async throws -> Value {
    let client = try client(key: key)
    do {
      let value = try await body(Clients(client))
      await client.close()
      return value
    } catch {
      await client.close()
      throw error
    }
  }
}

/// The three services over one connection.
struct Clients: Sendable {
  let raw: RPCClient
  let orders: OrderServiceClient
  let inventory: InventoryServiceClient
  let admin: AdminServiceClient

  init(_ client: RPCClient) {
    raw = client
    orders = OrderServiceClient(client)
    inventory = InventoryServiceClient(client)
    admin = AdminServiceClient(client)
  }
}

/// A new request id.
func newID() -> String { UUID().uuidString.lowercased() }

/// What an error says of itself: its code, and the reason in its details.
struct Refusal: Equatable, CustomStringConvertible {
  let code: StatusCode
  let reason: String
  let fields: [String]
  let violations: [String]

  var description: String { "\(code) \(reason) fields \(fields) violations \(violations)" }

  init?(_ error: any Error) {
    guard let error = error as? RPCError else { return nil }
    code = error.code
    var reason = ""
    var fields: [String] = []
    var violations: [String] = []
    if let bytes = error.detailsBin, let status = try? RpcStatus(decoding: bytes) {
      for detail in status.details {
        switch detail.typeURL {
        case "type.googleapis.com/google.rpc.ErrorInfo":
          reason = (try? ErrorInfo(decoding: detail.value))?.reason ?? ""
        case "type.googleapis.com/google.rpc.BadRequest":
          fields = (try? BadRequest(decoding: detail.value))?.fieldViolations.map(\.field) ?? []
        case "type.googleapis.com/google.rpc.PreconditionFailure":
          violations = (try? PreconditionFailure(decoding: detail.value))?.violations.map(\.type) ?? []
        default: break
        }
      }
    }
    self.reason = reason
    self.fields = fields
    self.violations = violations
  }
}

/// The refusal that `body` ends in; nil when it succeeds.
func refusal(_ body: () async throws -> some Any) async -> Refusal? {
  do {
    _ = try await body()
    return nil
  } catch {
    return Refusal(error)
  }
}
