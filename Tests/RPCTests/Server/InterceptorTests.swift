import NIOCore
import RPC
import Synchronization
import Testing

@Suite("Interceptors of the server")
struct InterceptorTests {
  private enum Principal: ContextKey { typealias Value = String }

  private struct Authenticate: ServerInterceptor {
    func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
      guard let token = context.metadata.first("authorization") else {
        throw RPCError(.unauthenticated, "who are you?")
      }
      context[Principal.self] = token
      try await next()
    }
  }

  private final class Record: ServerInterceptor {
    let seen = Mutex<[String]>([])

    func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
      seen.withLock { $0.append("before \(context[Principal.self] ?? "nobody")") }
      do {
        try await next()
        seen.withLock { $0.append("after") }
      } catch {
        seen.withLock { $0.append("failed \((error as? RPCError)?.code.description ?? "\(error)")") }
        throw error
      }
    }
  }

  private struct Swallow: ServerInterceptor {
    func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {}
  }

  @Test(
    "They run in order, hand things on, and see how the call ended",
    arguments: [
      ("Echo", "after", StatusCode.ok), ("Fail", "failed FAILED_PRECONDITION", .failedPrecondition),
      ("Chat", "after", .ok), ("Collect", "after", .ok), ("Range", "failed INVALID_ARGUMENT", .invalidArgument),
    ])
  func order(method: String, end: String, status: StatusCode) async throws {
    let record = Record()
    try await TestServer.with(interceptors: [Authenticate(), record]) { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(
          RawClient.headers(method, [("authorization", "ada")]), messages: [ByteBuffer(string: "9|no")])
        #expect(response.status == status)
        #expect(record.seen.withLock { $0 } == ["before ada", end])
      }
    }
  }

  @Test("One that throws refuses the call, and the handler never runs")
  func refusal() async throws {
    let record = Record()
    try await TestServer.with(interceptors: [Authenticate(), record]) { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "x")])
        #expect(response.status == .unauthenticated)
        #expect(record.seen.withLock { $0 }.isEmpty)
      }
    }
  }

  @Test("The message of a caller that one refuses is not inflated")
  func refusedBomb() async throws {
    let bomb = FramedMessage(try GzipTests.bomb(), isCompressed: true)
    let gzip = ("grpc-encoding", "gzip")
    try await TestServer.with(interceptors: [Authenticate()]) { server in
      try await RawClient.with(server.port) { client in
        let refused = try await client.call(RawClient.headers("Echo", [gzip]), framed: [bomb])
        #expect(refused.status == .unauthenticated)
        let key = ("authorization", "ada")
        let known = try await client.call(RawClient.headers("Echo", [gzip, key]), framed: [bomb])
        #expect(known.status == .resourceExhausted)
      }
    }
  }

  @Test("One that forgets to go on is an INTERNAL error, not a hanging call")
  func forgetful() async throws {
    try await TestServer.with(interceptors: [Swallow()]) { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "x")])
        #expect(response.status == .internal)
      }
    }
  }
}
