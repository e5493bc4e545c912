import CoreMetrics
import MetricsTestKit
import NIOCore
import Testing

@testable import RPC

@Suite("Metrics of the server and the client", .timeLimit(.minutes(2)))
struct ServerMetricsTests {
  private static func of(_ method: String, _ type: String = "unary", _ code: StatusCode? = nil) -> [(String, String)] {
    let isUnknown = method == "unknown"
    return [
      ("grpc_type", isUnknown ? "unknown" : type), ("grpc_service", isUnknown ? "unknown" : "test.Service"),
      ("grpc_method", method),
    ] + (code.map { [("grpc_code", $0.description)] } ?? [])
  }

  private static func handled(_ metrics: TestMetrics, _ method: String, _ type: String, _ code: StatusCode) -> Int64 {
    metrics.counterTotal(label: "grpc_server_handled_total", dimensions: of(method, type, code))
  }

  private static func started(_ metrics: TestMetrics, _ method: String, _ type: String = "unary") -> Int64 {
    metrics.counterTotal(label: "grpc_server_started_total", dimensions: of(method, type))
  }

  @Test("Calls are counted by method and code, timed, and their bytes added up")
  func outcomes() async throws {
    let metrics = TestMetrics()
    try await TestServer.with(.testing { $0.observers = [ServerMetrics(factory: metrics)] }) { server in
      try await RawClient.with(server.port) { client in
        for _ in 0..<3 { _ = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "12345")]) }
        _ = try await client.call(RawClient.headers("Fail"), messages: [ByteBuffer(string: "9|no")])
        _ = try await client.call(RawClient.headers("Crash"), messages: [ByteBuffer()])
        _ = try await client.call(RawClient.headers("Range"), messages: [ByteBuffer(string: "4 10")])
      }
    }
    #expect(Self.started(metrics, "Echo") == 3)
    #expect(Self.handled(metrics, "Echo", "unary", .ok) == 3)
    #expect(Self.handled(metrics, "Fail", "unary", .failedPrecondition) == 1)
    #expect(Self.handled(metrics, "Crash", "unary", .unknown) == 1)
    #expect(Self.handled(metrics, "Range", "server_stream", .ok) == 1)
    let timer = try metrics.expectTimer("grpc_server_handling_seconds", Self.of("Echo"))
    #expect(timer.values.count == 3)
    #expect(timer.values.allSatisfy { $0 > 0 && $0 < 60_000_000_000 })
    let echo = Self.of("Echo")
    #expect(metrics.counterTotal(label: "grpc_server_msg_received_bytes_total", dimensions: echo) == 15)
    #expect(metrics.counterTotal(label: "grpc_server_msg_sent_bytes_total", dimensions: echo) == 15)
    let range = Self.of("Range", "server_stream")
    #expect(metrics.counterTotal(label: "grpc_server_msg_sent_total", dimensions: range) == 4)
    #expect(metrics.counterTotal(label: "grpc_server_msg_sent_bytes_total", dimensions: range) == 40)
    #expect(metrics.counterTotal(label: "grpc_server_connections_total") == 1)
  }

  @Test("Calls that no interceptor sees are counted too")
  func unseen() async throws {
    let metrics = TestMetrics()
    try await TestServer.with(
      .testing {
        $0.observers = [ServerMetrics(factory: metrics)]
        $0.limits.messageBytesMax = 100
        $0.limits.headerListBytesMax = 2000
      }
    ) { server in
      try await RawClient.with(server.port) { client in
        _ = try await client.call(RawClient.headers("Nope"), messages: [ByteBuffer()])
        var foreign = RawClient.headers("Echo")
        foreign[4].1 = "text/html"
        _ = try await client.call(foreign, messages: [ByteBuffer()])
        _ = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(repeating: 1, count: 101)])
        _ = try await client.call(RawClient.headers("Echo", [("filler", String(repeating: "x", count: 3000))]))
        _ = try await client.call(RawClient.headers("Hang", [("grpc-timeout", "20m")]), messages: [ByteBuffer()])
        let hanging = try await client.open(RawClient.headers("Hang"), messages: [ByteBuffer()])
        await server.events.wait("started", 2)
        try await client.reset(hanging)
        await server.events.wait("cancelled", 2)
        let unfinished = try await client.open(RawClient.headers("Echo"), end: false)
        try await client.reset(unfinished)
        try await client.ping()
      }
    }
    #expect(Self.handled(metrics, "unknown", "unknown", .unimplemented) == 1)
    #expect(Self.handled(metrics, "Echo", "unary", .unknown) == 1, "a content type that is not gRPC's")
    #expect(Self.handled(metrics, "Echo", "unary", .resourceExhausted) == 2)
    #expect(Self.handled(metrics, "Hang", "unary", .deadlineExceeded) == 1)
    #expect(Self.handled(metrics, "Hang", "unary", .cancelled) == 1)
    #expect(Self.handled(metrics, "Echo", "unary", .cancelled) == 1)
    for method in ["Echo", "Hang", "unknown"] {
      let all = StatusCode.allCases.reduce(0) { $0 + Self.handled(metrics, method, "unary", $1) }
      #expect(Self.started(metrics, method) == all, "what has started has ended: \(method)")
    }
  }

  @Test("Open streams, open connections and refused ones are known while they are")
  func open() async throws {
    let metrics = TestMetrics()
    try await TestServer.with(
      .testing {
        $0.observers = [ServerMetrics(factory: metrics)]
        $0.limits.connectionsMax = 1
      }
    ) { server in
      let meter = try metrics.expectMeter("grpc_server_connections_open")
      try await RawClient.with(server.port) { client in
        let watch = try await client.open(RawClient.headers("Watch"), messages: [ByteBuffer()])
        await server.events.wait("started")
        let watches = try metrics.expectMeter("grpc_server_open_calls", Self.of("Watch", "server_stream"))
        #expect(watches.lastValue == 1)
        #expect(await server.server.openCallCount() == 1)
        #expect(meter.lastValue == 1)

        await #expect(throws: (any Error).self) { try await RawClient.with(server.port) { try await $0.ping() } }
        let limit = [("limit", "connections")]
        #expect(metrics.counterTotal(label: "grpc_server_connections_refused_total", dimensions: limit) == 1)

        try await client.reset(watch)
        await server.events.wait("cancelled")
        #expect(watches.lastValue == 0)
        #expect(await server.server.openCallCount() == 0)
      }
    }
    #expect(try metrics.expectMeter("grpc_server_connections_open").lastValue == 0)
  }

  @Test("The client counts and times its calls")
  func client() async throws {
    let metrics = TestMetrics()
    try await TestServer.with { server in
      let target = Target.hostPort("127.0.0.1", server.port)
      try await withClient(target, .with { $0.interceptors = [ClientMetrics(factory: metrics)] }) { client in
        let echo = MethodDescriptor(service: "test.Service", method: "Echo", kind: .unary)
        let fail = MethodDescriptor(service: "test.Service", method: "Fail", kind: .unary)
        for _ in 0..<2 { _ = try await client.unary(echo, ByteBuffer(string: "x")) }
        await #expect(throws: RPCError.self) { try await client.unary(fail, ByteBuffer(string: "5|no")) }
      }
    }
    func handled(_ method: String, _ code: StatusCode) -> Int64 {
      metrics.counterTotal(label: "grpc_client_handled_total", dimensions: Self.of(method, "unary", code))
    }
    #expect(handled("Echo", .ok) == 2)
    #expect(handled("Fail", .notFound) == 1)
    let timer = try metrics.expectTimer("grpc_client_handling_seconds", Self.of("Echo"))
    #expect(timer.values.count == 2)
    #expect(timer.values.allSatisfy { $0 > 0 })
  }
}
