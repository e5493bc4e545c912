// Gives back every order that it gets: listens on a free port of the loopback and prints it; on SIGTERM, prints how
// many calls it answered.

internal import BenchAPI
internal import Dispatch
internal import Foundation
internal import Logging
internal import RPC
internal import Synchronization

/// The handler, as an application would write it.
final class Echo: EchoServiceHandler {
  let answered = Atomic<Int>(0)

  func echo(_ request: Order, context: ServerContext) async throws -> Order {
    answered.wrappingAdd(1, ordering: .relaxed)
    return request
  }
}

/// Returns when the process is told to end.
func terminationSignal() async {
  signal(SIGTERM, SIG_IGN)
  let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
  let signals = AsyncStream { continuation in
    source.setEventHandler { continuation.yield() }
    source.resume()
  }
  for await _ in signals { break }
  source.cancel()
}

func report(_ line: String) {
  print(line)
  fflush(nil)
}

let echo = Echo()
let server = RPCServer(
  configuration: ServerConfiguration(host: "127.0.0.1", port: 0),
  services: [echo.serviceDefinition],
  logger: Logger(label: "echo-server", factory: { _ in SwiftLogNoOpLogHandler() }))
let address = try await server.start()
report("{\"port\": \(address.port)}")
await terminationSignal()
await server.shutdown(grace: .seconds(5))
report("{\"answered\": \(echo.answered.load(ordering: .relaxed))}")
