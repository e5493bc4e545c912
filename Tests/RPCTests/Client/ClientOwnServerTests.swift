import Logging
import NIOCore
import Testing

@testable import RPC

@Suite("The client against our own server", .timeLimit(.minutes(2)))
struct ClientOwnServerTests {
  private static func method(_ name: String, _ kind: CallKind) -> MethodDescriptor {
    MethodDescriptor(service: "test.Own", method: name, kind: kind)
  }

  private static let service = ServiceDefinition(
    name: "test.Own",
    methods: [
      ServerMethod(
        method("Echo", .unary),
        handler: .unary { request, context in
          context.setInitialMetadata(["x-head": context.metadata.first("x-head") ?? "none"])
          context.addTrailer("x-tail", "end")
          return request
        }),
      ServerMethod(
        method("Fail", .unary),
        handler: .unary { _, _ in
          throw RPCError(.failedPrecondition, "tröt %", detailsBin: [1, 2, 0], metadata: ["x-why": "so"])
        }),
      ServerMethod(
        method("Hang", .unary),
        handler: .unary { request, _ in
          try await Task.sleep(for: .seconds(60))
          return request
        }),
      ServerMethod(
        method("Repeat", .serverStreaming),
        handler: .serverStreaming { request, replies, _ in
          for _ in 0..<500 { try await replies.write(request) }
        }),
      ServerMethod(
        method("Sum", .clientStreaming),
        handler: .clientStreaming { requests, _ in
          var sum = 0
          for try await request in requests { sum += request.readableBytes }
          return ByteBuffer(string: "\(sum)")
        }),
      ServerMethod(
        method("EchoAll", .bidirectional),
        handler: .bidirectional { requests, replies, _ in
          for try await request in requests { try await replies.write(request) }
        }),
    ])

  private func withServer<R>(
    _ limits: ServerLimits = ServerLimits(), _ configuration: ClientConfiguration = .with(),
    _ body: (RPCClient, RPCServer) async throws -> R
  ) async throws -> R {
    var served = ServerConfiguration(host: "127.0.0.1", port: 0)
    served.limits = limits
    let server = RPCServer(configuration: served, services: [Self.service], logger: Logger(label: "test"))
    let address = try await server.start()
    do {
      let result = try await withClient(.hostPort("127.0.0.1", address.port), configuration) {
        try await body($0, server)
      }
      await server.shutdown(grace: .zero)
      return result
    } catch {
      await server.shutdown(grace: .zero)
      throw error
    }
  }

  @Test("Unary calls, their metadata and their errors")
  func unary() async throws {
    try await withServer { client, _ async throws in
      let observer = CallObserver()
      let options = CallOptions(metadata: ["x-head": "one"], observer: observer)
      let request = ByteBuffer(repeating: 3, count: 300_000)
      #expect(try await client.unary(Self.method("Echo", .unary), request, options: options) == request)
      #expect(observer.initialMetadata?.first("x-head") == "one")
      #expect(observer.trailingMetadata?.first("x-tail") == "end")
      let error = await rpcError { _ = try await client.unary(Self.method("Fail", .unary), ByteBuffer()) }
      #expect(error?.code == .failedPrecondition)
      #expect(error?.message == "tröt %")
      #expect(error?.detailsBin == [1, 2, 0])
      #expect(error?.metadata.first("x-why") == "so")
    }
  }

  @Test("Streams in either direction and in both")
  func streams() async throws {
    try await withServer { client, _ async throws in
      let message = ByteBuffer(repeating: 5, count: 20_000)
      var count = 0
      for try await reply in client.serverStreaming(Self.method("Repeat", .serverStreaming), message) {
        #expect(reply == message)
        count += 1
      }
      #expect(count == 500)
      let sum = try await client.clientStreaming(Self.method("Sum", .clientStreaming)) { requests in
        for _ in 0..<500 { try await requests.write(message) }
      }
      #expect(String(buffer: sum) == "10000000")
      let echoed = try await client.bidirectional(Self.method("EchoAll", .bidirectional)) { requests, replies in
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            for _ in 0..<500 { try await requests.write(message) }
            requests.finish()
          }
          var count = 0
          for try await _ in replies { count += 1 }
          try await group.waitForAll()
          return count
        }
      }
      #expect(echoed == 500)
    }
  }

  @Test("A server with few streams serves many calls")
  func fewStreams() async throws {
    var limits = ServerLimits()
    limits.concurrentStreamsMax = 3
    try await withServer(limits) { client, server async throws in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<500 {
          group.addTask {
            let request = ByteBuffer(string: "\(number)")
            return try await client.unary(Self.method("Echo", .unary), request) == request
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect(server.connectionCount <= 4)
    }
  }

  @Test("Deadlines and cancellation end hanging calls")
  func endings() async throws {
    try await withServer { client, _ async throws in
      let options = CallOptions(timeout: .milliseconds(100))
      let late = await rpcError {
        _ = try await client.unary(Self.method("Hang", .unary), ByteBuffer(), options: options)
      }
      #expect(late?.code == .deadlineExceeded)
      let call = Task { try await client.unary(Self.method("Hang", .unary), ByteBuffer()) }
      _ = try await client.unary(Self.method("Echo", .unary), ByteBuffer())
      call.cancel()
      #expect(await rpcError { _ = try await call.value }?.code == .cancelled)
    }
  }

  @Test("A shutdown lets the calls under way finish, and sends no further ones")
  func shutdown() async throws {
    try await withServer(ServerLimits(), .with { $0.retry = .none }) { client, server async throws in
      let (first, gotFirst) = AsyncStream<Void>.makeStream()
      let message = ByteBuffer(repeating: 5, count: 50_000)
      let reading = Task {
        var count = 0
        for try await _ in client.serverStreaming(Self.method("Repeat", .serverStreaming), message) {
          gotFirst.finish()
          count += 1
        }
        return count
      }
      for await _ in first {}
      await server.shutdown(grace: .seconds(30))
      #expect(try await reading.value == 500)
      let error = await rpcError { _ = try await client.unary(Self.method("Echo", .unary), ByteBuffer()) }
      #expect(error?.code == .unavailable)
    }
  }
}
