import InMemoryTracing
import NIOCore
import RPC
import Synchronization
import Testing
import Tracing

@Suite("Tracing", .timeLimit(.minutes(2)))
struct TracingTests {
  private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  /// Remembers what the handler's task works for.
  private final class Witness: ServerInterceptor {
    let contexts = Mutex<[ServiceContext?]>([])
    let traceIDs = Mutex<[String?]>([])

    func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
      contexts.withLock { $0.append(ServiceContext.current) }
      traceIDs.withLock { $0.append(context.traceID) }
      try await next()
    }
  }

  private static let echo = MethodDescriptor(service: "test.Service", method: "Echo", kind: .unary)
  private static let fail = MethodDescriptor(service: "test.Service", method: "Fail", kind: .unary)

  @Test("A call's span at the server is a child of the client's, which is a child of the caller's")
  func family() async throws {
    let ours = InMemoryTracer()
    let theirs = InMemoryTracer()
    let witness = Witness()
    try await TestServer.with(interceptors: [ServerTracing(tracer: theirs), witness]) { server in
      let target = Target.hostPort("127.0.0.1", server.port)
      try await withClient(target, .with { $0.interceptors = [ClientTracing(tracer: ours)] }) { client in
        let root = ours.startSpan("order", ofKind: .internal)
        try await ServiceContext.withValue(root.context) { () async throws in
          _ = try await client.unary(Self.echo, ByteBuffer(string: "x"))
        }
        root.end()
        await #expect(throws: RPCError.self) { try await client.unary(Self.fail, ByteBuffer(string: "13|no")) }
      }
    }
    let client = try #require(ours.finishedSpans.first { $0.operationName == "test.Service/Echo" })
    let root = try #require(ours.finishedSpans.first { $0.operationName == "order" })
    let server = try #require(theirs.finishedSpans.first { $0.operationName == "test.Service/Echo" })
    #expect(client.kind == .client && server.kind == .server)
    #expect(client.parentSpanID == root.spanID)
    #expect(server.parentSpanID == client.spanID)
    #expect(Set([root.traceID, client.traceID, server.traceID]).count == 1)
    #expect(witness.contexts.withLock { $0.first??.inMemorySpanContext?.spanID } == server.spanID)
    #expect(server.attributes.get("rpc.system") == "grpc")
    #expect(server.attributes.get("rpc.service") == "test.Service")
    #expect(server.attributes.get("rpc.method") == "Echo")
    #expect(server.attributes.get("rpc.grpc.status_code") == 0)
    #expect(client.attributes.get("rpc.grpc.status_code") == 0)
    #expect(server.status == nil)

    for spans in [ours.finishedSpans, theirs.finishedSpans] {
      let failed = try #require(spans.first { $0.operationName == "test.Service/Fail" })
      #expect(failed.attributes.get("rpc.grpc.status_code") == 13)
      #expect(failed.status == SpanStatus(code: .error, message: "INTERNAL"))
    }
    #expect(ours.activeSpans.isEmpty && theirs.activeSpans.isEmpty)
  }

  @Test("A traceparent is understood, and handed on to the next server")
  func traceParent() async throws {
    let witness = Witness()
    try await TestServer.with(interceptors: [ServerTracing(tracer: InMemoryTracer()), witness]) { server in
      let target = Target.hostPort("127.0.0.1", server.port)
      try await withClient(target, .with { $0.interceptors = [ClientTracing(tracer: NoOpTracer())] }) { client in
        var context = ServiceContext.topLevel
        context.traceParent = TraceParent(Self.parent, state: "vendor=1")
        try await ServiceContext.withValue(context) { () async throws in
          _ = try await client.unary(Self.echo, ByteBuffer())
        }
      }
    }
    let seen = witness.contexts.withLock { $0.first??.traceParent }
    #expect(seen?.text == Self.parent)
    #expect(seen?.state == "vendor=1")
    #expect(witness.traceIDs.withLock { $0 } == ["4bf92f3577b34da6a3ce929d0e0e4736"])
  }

  @Test("A stock Python client's traceparent is understood, and a malformed one ignored")
  func python() async throws {
    let witness = Witness()
    try await TestServer.with(interceptors: [ServerTracing(tracer: InMemoryTracer()), witness]) { server in
      try await PythonClient.passes("traced", target: "127.0.0.1:\(server.port)")
    }
    let parents = witness.contexts.withLock { $0.map { $0?.traceParent?.text } }
    #expect(parents == [Self.parent, nil])
  }

  @Test("Without a tracer there is nothing to pay for")
  func none() {
    #expect(ServerTracing.ifBootstrapped == nil)
  }

  @Test(
    "A traceparent is read as W3C Trace Context has it",
    arguments: [
      (parent, true), ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true),
      ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-brings", true),
      ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what", false),
      ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false),
      ("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false),
      ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
      ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false),
      ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false),
      ("00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-001", false), ("", false), ("00", false),
      ("00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01", false),
    ])
  func reading(text: String, isGood: Bool) {
    #expect((TraceParent(text) != nil) == isGood)
  }

  @Test("Two traceparents are none; tracestates are one list; one that is too long is dropped")
  func several() {
    var metadata: Metadata = ["traceparent": Self.parent]
    metadata.add("tracestate", "a=1")
    metadata.add("tracestate", "b=2")
    #expect(TraceParent(metadata)?.state == "a=1,b=2")
    #expect(TraceParent(metadata)?.isSampled == true)
    metadata.set("tracestate", String(repeating: "x", count: 513))
    #expect(TraceParent(metadata)?.state == "")
    metadata.add("traceparent", Self.parent)
    #expect(TraceParent(metadata) == nil)
  }
}
