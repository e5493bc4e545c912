import DMSClient
import Logging
import RPC

/// Runs `body` with a client of a server that serves `services`, over a real socket.
func withStub<Result: Sendable>(
  _ services: ServiceDefinition..., interceptors: [any ServerInterceptor] = [], apiKey: String? = "dms_key",
  retries: RetrySettings = .impatient, _ body: (DMSClient) async throws -> Result
) async throws -> Result {
  let server = try await StubServer.start(services, interceptors: interceptors)
  var configuration = DMSClient.Configuration(server: server.url, apiKey: apiKey)
  configuration.retries = retries
  do {
    let result = try await DMSClient.withClient(configuration: configuration, body)
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}

/// A server on a port of this machine, which another may take over after it.
struct StubServer {
  /// Where it listens.
  let port: Int
  private let server: RPCServer

  /// The address as a client takes it.
  var url: String { "http://127.0.0.1:\(port)" }

  /// Starts on `port`, or on a free one.
  static func start(
    _ services: [ServiceDefinition], interceptors: [any ServerInterceptor] = [], port: Int = 0
  ) async throws -> StubServer {
    let server = RPCServer(
      configuration: ServerConfiguration(host: "127.0.0.1", port: port), services: services,
      interceptors: interceptors, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    return StubServer(port: try await server.start().port, server: server)
  }

  /// Ends every call at once.
  func stop() async {
    await server.shutdown(grace: .zero)
  }
}
