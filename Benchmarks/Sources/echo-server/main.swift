// Gives back every order that it gets, and streams events: listens on a free port of the loopback and prints it; on
// SIGTERM, prints how many orders it gave back.

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

/// The handlers of streams.
struct Streams: StreamServiceHandler {
  func download(_ request: DownloadRequest, responses: ResponseWriter<Event>, context: ServerContext) async throws {
    for number in 0..<max(0, request.count) { try await responses.write(Event.number(number + 1)) }
  }

  func upload(_ requests: RequestStream<Event>, context: ServerContext) async throws -> UploadResponse {
    var response = UploadResponse()
    for try await event in requests {
      response.count += 1
      response.quantity += event.quantity
    }
    return response
  }

  func watch(_ request: WatchRequest, responses: ResponseWriter<Event>, context: ServerContext) async throws {
    try await responses.write(Event.number(1))
    await Cancellation().wait()
  }
}

/// Lets one task wait until it is cancelled.
final class Cancellation: Sendable {
  private enum State {
    case open
    case waiting(CheckedContinuation<Void, Never>)
    case over
  }

  private let state = Mutex(State.open)

  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if case .over = state { return true }
          state = .waiting(continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let before = state.withLock { state in
        defer { state = .over }
        return state
      }
      if case .waiting(let continuation) = before { continuation.resume() }
    }
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
var configuration = ServerConfiguration(host: "127.0.0.1", port: 0)
configuration.limits.connectionsMax = 100_000
configuration.limits.connectionsPerPeerMax = 100_000
let server = RPCServer(
  configuration: configuration,
  services: [echo.serviceDefinition, Streams().serviceDefinition],
  logger: Logger(label: "echo-server", factory: { _ in SwiftLogNoOpLogHandler() }))
let address = try await server.start()
report("{\"port\": \(address.port)}")
await terminationSignal()
await server.shutdown(grace: .seconds(5))
report("{\"answered\": \(echo.answered.load(ordering: .relaxed))}")
