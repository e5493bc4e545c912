import NIOCore
import Synchronization

@testable import RPC

/// What the fuzzed server serves: a method of each kind, and one that never ends by itself.
///
/// Handlers stay on the event loop of their connection, so that an input gives the same result every time.
enum FuzzService {
  /// How many handlers have begun and ended.
  final class Tally: Sendable {
    private let counts = Mutex((begun: 0, ended: 0))

    func count<Result>(_ body: () async throws -> Result) async rethrows -> Result {
      counts.withLock { $0.begun += 1 }
      defer { counts.withLock { $0.ended += 1 } }
      return try await body()
    }

    var begun: Int { counts.withLock(\.begun) }
    var ended: Int { counts.withLock(\.ended) }
  }

  static let names = ["Echo", "Fail", "Hang", "Collect", "Range", "Chat", "Early", "Trail"]

  /// What a stream of the method `Range` amounts to, in messages and in bytes of each.
  static let range = (count: 3, bytes: 3_000)

  static func definition(_ tally: Tally) -> ServiceDefinition {
    func method(_ name: String, _ kind: CallKind, _ handler: ServerMethod.Handler) -> ServerMethod {
      ServerMethod(MethodDescriptor(service: "fuzz.S", method: name, kind: kind), handler: handler)
    }
    return ServiceDefinition(
      name: "fuzz.S",
      methods: [
        method("Echo", .unary, .unary { message, context in await tally.count { echo(message, context) } }),
        method("Fail", .unary, .unary { message, _ in try await tally.count { throw failure(message) } }),
        method("Hang", .unary, .unary { _, context in try await tally.count { try await hang(context) } }),
        method(
          "Collect", .clientStreaming,
          .clientStreaming { requests, _ in try await tally.count { try await collect(requests) } }),
        method(
          "Range", .serverStreaming,
          .serverStreaming { _, responses, _ in try await tally.count { try await send(responses) } }),
        method(
          "Chat", .bidirectional,
          .bidirectional { requests, responses, context in
            try await tally.count {
              context.compressesReplies = true
              for try await message in requests { try await responses.write(message) }
            }
          }),
        method(
          "Early", .bidirectional,
          .bidirectional { _, responses, _ in
            try await tally.count { try await responses.write(ByteBuffer(string: "enough")) }
          }),
        method(
          "Trail", .clientStreaming,
          .clientStreaming { requests, context in
            try await tally.count {
              context.addTrailers(context.metadata)
              for try await _ in requests { break }
              return ByteBuffer()
            }
          }),
      ])
  }

  private static func echo(_ message: ByteBuffer, _ context: ServerContext) -> ByteBuffer {
    context.setInitialMetadata(context.metadata)
    return message
  }

  private static func failure(_ message: ByteBuffer) -> RPCError {
    let bytes = Array(message.readableBytesView)
    return RPCError(
      StatusCode(rawValue: Int(bytes.first ?? 2) % 17) ?? .unknown, String(decoding: bytes, as: UTF8.self),
      detailsBin: bytes, metadata: ["x-reason": String(decoding: bytes.prefix(20), as: UTF8.self)])
  }

  /// Waits for its cancellation, or for the server's shutdown.
  private static func hang(_ context: ServerContext) async throws -> ByteBuffer {
    let (ends, end) = AsyncStream<Void>.makeStream()
    context.onDrain { end.finish() }
    await withTaskCancellationHandler {
      for await _ in ends {}
    } onCancel: {
      end.finish()
    }
    throw RPCError(.unavailable, "no more")
  }

  private static func collect(_ requests: RawRequestStream) async throws -> ByteBuffer {
    var count = 0
    for try await message in requests { count += message.readableBytes }
    return ByteBuffer(string: "\(count)")
  }

  private static func send(_ responses: RawResponseWriter) async throws {
    for index in 0..<range.count {
      try await responses.write(ByteBuffer(repeating: UInt8(index), count: range.bytes))
    }
  }
}
