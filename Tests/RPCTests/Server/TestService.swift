import Foundation
import Logging
import NIOCore
import RPC
import Synchronization

/// What the server's tests serve: a method for each thing that a call can do.
enum TestService {
  /// Something that no client may see.
  struct Secret: Error, CustomStringConvertible {
    let description = "the password is 1234"
  }

  /// A serialized `google.rpc.Status`, as far as the tests are concerned.
  static let details: [UInt8] = [8, 9, 18, 3, 0x61, 0x62, 0x63]

  static func definition(_ events: EventLog) -> ServiceDefinition {
    func method(_ name: String, _ handler: ServerMethod.Handler) -> ServerMethod {
      let kind: CallKind =
        switch handler {
        case .unary: .unary
        case .serverStreaming: .serverStreaming
        case .clientStreaming: .clientStreaming
        case .bidirectional: .bidirectional
        }
      return ServerMethod(MethodDescriptor(service: "test.Service", method: name, kind: kind), handler: handler)
    }
    return ServiceDefinition(
      name: "test.Service",
      methods: [
        method("Echo", .unary(echo)),
        method("Fail", .unary(fail)),
        method("Crash", .unary { _, _ in throw Secret() }),
        method("Fill", .unary(fill)),
        method("Hang", .unary { _, _ in try await hang(events) }),
        method("Collect", .clientStreaming(collect)),
        method("Range", .serverStreaming { message, responses, _ in try await range(message, responses, events) }),
        method("Chat", .bidirectional(chat)),
        method("Ignore", .clientStreaming { _, _ in try await hang(events) }),
        method("Watch", .serverStreaming { _, responses, context in try await watch(responses, context, events) }),
        method("Early", .bidirectional { _, responses, _ in try await responses.write(ByteBuffer(string: "enough")) }),
      ])
  }

  /// Gives the message back, the value of `x-echo` before it and the bytes of `x-echo-bin` after it, with how many
  /// messages came compressed.
  @Sendable private static func echo(_ message: ByteBuffer, _ context: ServerContext) async throws -> ByteBuffer {
    if context.metadata.first("x-compress") != nil { context.compressesReplies = true }
    if let text = context.metadata.first("x-echo") { context.setInitialMetadata(["x-echo": text]) }
    var trailers = Metadata()
    for bytes in context.metadata.allBinary("x-echo-bin") { trailers.add("x-echo-bin", binary: bytes) }
    context.addTrailers(trailers)
    tellCompressed(context)
    return message
  }

  /// Fails with the code that the message starts with, and the text that follows it.
  @Sendable private static func fail(_ message: ByteBuffer, _ context: ServerContext) async throws -> ByteBuffer {
    let parts = String(buffer: message).split(separator: "|", maxSplits: 1)
    let code = parts.first.flatMap { Int($0) }.flatMap(StatusCode.init(rawValue:)) ?? .unknown
    throw RPCError(
      code, parts.count > 1 ? String(parts[1]) : "", detailsBin: details, metadata: ["x-reason": "asked for"],
      cause: Secret())
  }

  /// As many bytes as the message says.
  @Sendable private static func fill(_ message: ByteBuffer, _ context: ServerContext) async throws -> ByteBuffer {
    ByteBuffer(repeating: 3, count: Int(String(buffer: message)) ?? 0)
  }

  /// Waits for its cancellation, and tells of it.
  private static func hang(_ events: EventLog) async throws -> ByteBuffer {
    events.add("started")
    do {
      try await Task.sleep(for: .seconds(3600))
    } catch {
      events.add("cancelled")
      throw error
    }
    return ByteBuffer()
  }

  @Sendable private static func collect(_ requests: RawRequestStream, _ context: ServerContext) async throws
    -> ByteBuffer
  {
    var all = ByteBuffer()
    var count = 0
    for try await message in requests {
      count += 1
      all.writeImmutableBuffer(message)
    }
    context.addTrailer("x-count", "\(count)")
    tellCompressed(context)
    return all
  }

  /// "n size": n messages of that size, the event `written k` after each.
  private static func range(_ message: ByteBuffer, _ responses: RawResponseWriter, _ events: EventLog) async throws {
    let numbers = String(buffer: message).split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 2 else { throw RPCError(.invalidArgument, "not two numbers") }
    for index in 0..<numbers[0] {
      do {
        try await responses.write(ByteBuffer(repeating: UInt8(truncatingIfNeeded: index), count: numbers[1]))
      } catch {
        events.add("stopped")
        throw error
      }
      events.add("written")
    }
  }

  @Sendable private static func chat(
    _ requests: RawRequestStream, _ responses: RawResponseWriter, _ context: ServerContext
  ) async throws {
    let compression = context.metadata.first("x-compress")
    var compresses = compression != nil
    for try await message in requests {
      if compression != nil { context.compressesReplies = compresses }
      if compression == "mixed" { compresses.toggle() }
      try await responses.write(message)
    }
    tellCompressed(context)
  }

  /// Says in a trailer how many messages came compressed, if any did.
  private static func tellCompressed(_ context: ServerContext) {
    if context.compressedRequests > 0 { context.addTrailer("x-compressed", "\(context.compressedRequests)") }
  }

  /// Says hello, then waits until it is cancelled or the server shuts down.
  private static func watch(_ responses: RawResponseWriter, _ context: ServerContext, _ events: EventLog) async throws {
    let (drained, drain) = AsyncStream<Void>.makeStream()
    context.onDrain { drain.finish() }
    try await responses.write(ByteBuffer(string: "hello"))
    events.add("started")
    for await _ in drained {}
    events.add(Task.isCancelled ? "cancelled" : "drained")
    throw RPCError(.unavailable, "watch elsewhere")
  }
}

/// What happened inside handlers, for tests to wait for.
final class EventLog: Sendable {
  private struct State {
    var counts: [String: Int] = [:]
    var waiters: [(name: String, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  func add(_ name: String) {
    let reached = state.withLock { state in
      state.counts[name, default: 0] += 1
      let reached = state.waiters.filter { state.counts[$0.name, default: 0] >= $0.count }
      state.waiters.removeAll { state.counts[$0.name, default: 0] >= $0.count }
      return reached
    }
    for waiter in reached { waiter.continuation.resume() }
  }

  func count(_ name: String) -> Int { state.withLock { $0.counts[name, default: 0] } }

  /// Returns once `name` has happened `count` times.
  func wait(_ name: String, _ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        if state.counts[name, default: 0] >= count { return true }
        state.waiters.append((name, count, continuation))
        return false
      }
      if isReached { continuation.resume() }
    }
  }
}

/// What a server logged.
final class LogRecorder: LogHandler, Sendable {
  private let lines = Mutex<[String]>([])

  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  var logLevel: Logger.Level {
    get { .trace }
    set {}
  }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) {
    lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
  }
}

/// A server of ``TestService`` that is there for the length of a closure.
struct TestServer: Sendable {
  let server: RPCServer
  let events: EventLog
  let log: LogRecorder
  let port: Int

  static func with<R: Sendable>(
    _ configuration: ServerConfiguration = .testing(),
    interceptors: [any ServerInterceptor] = [],
    _ body: (TestServer) async throws -> R
  ) async throws -> R {
    let events = EventLog()
    let log = LogRecorder()
    let server = RPCServer(
      configuration: configuration, services: [TestService.definition(events)], interceptors: interceptors,
      logger: Logger(label: "test") { _ in log })
    let address = try await server.start()
    do {
      let result = try await body(TestServer(server: server, events: events, log: log, port: address.port))
      await server.shutdown(grace: .zero)
      return result
    } catch {
      await server.shutdown(grace: .zero)
      throw error
    }
  }
}

extension ServerConfiguration {
  /// A free port of the loopback, and what a test changes.
  static func testing(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ServerConfiguration {
    var configuration = ServerConfiguration(host: "127.0.0.1", port: 0)
    change(&configuration)
    return configuration
  }
}

/// Polls a condition that nothing announces.
func eventually(_ condition: () throws -> Bool) async throws {
  while try !condition() {
    try Task.checkCancellation()
    await Task.yield()
  }
}

/// A folder that is there for the length of a closure.
func withTemporaryFolder<R>(_ body: (String) async throws -> R) async throws -> R {
  let path = NSTemporaryDirectory() + "rpc-\(UInt64.random(in: 0 ... .max))"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}
