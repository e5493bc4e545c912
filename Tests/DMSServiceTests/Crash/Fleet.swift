import DMSClient
import Foundation

/// Where the servers of a run keep their data.
enum CrashStore: Sendable, CustomStringConvertible {
  /// A file of its own, which one server serves.
  case sqlite
  /// A database of a PostgreSQL, which any number of servers share.
  case postgres(url: String)

  var description: String {
    switch self {
    case .sqlite: "SQLite"
    case .postgres: "PostgreSQL"
    }
  }

  fileprivate func arguments(folder: String) -> [String] {
    switch self {
    case .sqlite: ["--data", folder]
    case .postgres(let url): ["--data", folder, "--store", url]
    }
  }
}

/// How often clients try a call by themselves.
enum Patience: Int {
  /// Once: every failure is seen.
  case none = 1
  /// A few times; then it is for the caller to try another server.
  case some = 4
  /// Until the server is there again.
  case much = 200
}

/// The servers over one store.
struct Fleet: Sendable {
  let servers: [ServerProcess]
  private let folder: String

  /// Runs `body` with servers over a new store, none of them started yet, and takes everything away.
  static func with<Value>(
    _ store: CrashStore, servers count: Int = 1, _ body: (Fleet) async throws -> Value
  ) async throws -> Value {
    let folder = NSTemporaryDirectory() + "dms-crash-" + UUID().uuidString
    let fleet = Fleet(
      servers: (0..<count).map { _ in ServerProcess(arguments: store.arguments(folder: folder)) }, folder: folder)
    let outcome: Result<Value, any Error>
    do {
      outcome = .success(try await body(fleet))
    } catch {
      outcome = .failure(error)
    }
    for server in fleet.servers { try? await server.kill9() }
    try? FileManager.default.removeItem(atPath: folder)
    return try outcome.get()
  }

  /// The administrator's key, once a server has made the store.
  func adminKey() throws -> String {
    try String(contentsOfFile: folder + "/admin.key", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Clients that call with a key, `connections` to each server, by server.
  func clients(key: String, connections: Int, _ patience: Patience = .some) throws -> [[DMSClient]] {
    try servers.map { server in
      try (0..<connections).map { _ in
        var configuration = DMSClient.Configuration(server: server.address, apiKey: key)
        configuration.timeout = .seconds(20)
        configuration.retries.attemptsMax = patience.rawValue
        configuration.retries.backoffFirst = .milliseconds(10)
        configuration.retries.backoffMax = .milliseconds(200)
        configuration.retries.retriesBurst = 100_000
        configuration.retries.retriesPerSecond = 10_000
        return try DMSClient(configuration: configuration)
      }
    }
  }
}
