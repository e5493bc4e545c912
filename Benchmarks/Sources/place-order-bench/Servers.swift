internal import DMSClient

/// The servers that a benchmark speaks to, with clients that hand every failure to their caller at once.
struct Servers: Sendable {
  private let clients: [DMSClient]

  /// The client of one of many callers: they are dealt out to the servers in turn.
  subscript(caller: Int) -> DMSClient { clients[caller % clients.count] }

  /// Runs `body` with `clientsEach` clients of each of `addresses`, an address or several with commas between.
  static func with<Value: Sendable>(
    _ addresses: String, key: String, clientsEach: Int = 1, timeout: Duration = .seconds(30),
    _ body: (Servers) async throws -> Value
  ) async throws -> Value {
    var clients: [DMSClient] = []
    for _ in 0..<clientsEach {
      for address in addresses.split(separator: ",") {
        var configuration = DMSClient.Configuration(server: String(address), apiKey: key)
        configuration.retries = .none
        configuration.timeout = timeout
        clients.append(try DMSClient(configuration: configuration))
      }
    }
    do {
      let value = try await body(Servers(clients: clients))
      for client in clients { await client.close() }
      return value
    } catch {
      for client in clients { await client.close() }
      throw error
    }
  }
}
