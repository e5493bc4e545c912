import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import RPC

@Suite("What a client does as its server wishes", .timeLimit(.minutes(2)))
struct ClientRetryTests {
  /// A backoff that no test lives to see the end of: a second attempt shows that the server's wish was heard.
  private static let never = BackoffPolicy(initial: .seconds(3_600), maximum: .seconds(3_600))

  /// The attempts of a call that is safe, against a server that fails the first with these trailers, and its outcome.
  private func attempts(
    _ trailers: [(String, String)], budget: RetryBudget = RetryBudget(),
    retry: RetryPolicy = RetryPolicy(backoff: Self.never)
  ) async throws -> (count: Int, error: RPCError?) {
    let served = Mutex(0)
    let server = try await ScriptedServer(
      .answers { stream in
        let isFirst = served.withLock { count in
          count += 1
          return count == 1
        }
        if isFirst {
          return stream.answer(nil, [], [(":status", "200"), ("content-type", "application/grpc")] + trailers)
        }
        stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer()])
      })
    let observer = CallObserver()
    let configuration = ClientConfiguration.with {
      $0.retry = retry
      $0.retryBudget = budget
    }
    let error = try await withClient(server.target, configuration) { client in
      await rpcError { try await client.text("Echo", "", CallOptions(isRetryable: true, observer: observer)) }
    }
    await server.crash()
    return (observer.attempts, error)
  }

  @Test("grpc-retry-pushback-ms replaces the client's own wait")
  func pushback() async throws {
    let outcome = try await attempts([("grpc-status", "14"), ("grpc-retry-pushback-ms", "5")])
    #expect(outcome.count == 2)
    #expect(outcome.error == nil)
  }

  @Test("A pushback that forbids another attempt is obeyed", arguments: ["-1", "later"])
  func forbidden(pushback: String) async throws {
    let soon = RetryPolicy(backoff: BackoffPolicy(initial: .milliseconds(1), maximum: .milliseconds(1)))
    let outcome = try await attempts(
      [("grpc-status", "14"), ("grpc-retry-pushback-ms", pushback)], retry: soon)
    #expect(outcome.count == 1)
    #expect(outcome.error?.code == .unavailable)
  }

  @Test("A pushback gives no leave that the budget or the policy does not give")
  func pushbackWithoutLeave() async throws {
    let trailers = [("grpc-status", "14"), ("grpc-retry-pushback-ms", "0")]
    #expect(try await attempts(trailers, budget: RetryBudget(maxTokens: 1, tokensPerSuccess: 0)).count == 1)
    #expect(try await attempts(trailers, retry: .none).count == 1)
    #expect(try await attempts([("grpc-status", "8"), ("grpc-retry-pushback-ms", "0")]).count == 1)
  }

  @Test("A RetryInfo in the status's details replaces the client's own wait")
  func retryInfo() async throws {
    // google.rpc.Status{details: Any{type_url: "t/google.rpc.RetryInfo", value: RetryInfo{retry_delay: 1 ms}}}
    let type = Array("t/google.rpc.RetryInfo".utf8)
    let value: [UInt8] = [0x0A, 5, 0x10, 0xC0, 0x84, 0x3D, 0]
    let duration: [UInt8] = [0x0A, 4] + value[2..<6]
    let any: [UInt8] = [0x0A, UInt8(type.count)] + type + [0x12, UInt8(duration.count)] + duration
    let status: [UInt8] = [0x1A, UInt8(any.count)] + any
    let outcome = try await attempts([("grpc-status", "14"), ("grpc-status-details-bin", Base64.encode(status))])
    #expect(outcome.count == 2)
    #expect(outcome.error == nil)
  }

  @Test(
    "Streams past a GOAWAY's last one are sent again, unsafe as they are, and those before it are served to the end")
  func goAway() async throws {
    let events = EventLog()
    let server = try await ScriptedServer(
      .numberedAnswers { stream, number in
        guard number == 1 else { return stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer(string: "second")]) }
        stream.connection.held.append(stream)
        events.add("held")
        // The first three calls are streams 1, 3 and 5; only the first counts as taken.
        if stream.connection.held.count == 3 {
          stream.connection.sendGoAway(lastStreamID: 1)
          let first = stream.connection.held[0]
          first.answer(ScriptedStream.ordinaryHead, [ByteBuffer(string: "first")])
        }
      })
    try await withClient(server.target, .with { $0.retry = .none }) { client async throws in
      let answers = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<3 { group.addTask { try await client.text("Echo") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers.sorted() == ["first", "second", "second"])
      #expect(events.count("held") == 3)
    }
    await server.crash()
  }

  @Test("A stock server that finds pings too frequent is pinged half as often from then on")
  func tooManyPings() async throws {
    let arguments = [
      "--option", "grpc.http2.min_ping_interval_without_data_ms=3600000",
      "--option", "grpc.http2.min_recv_ping_interval_without_data_ms=3600000",
      "--option", "grpc.http2.max_ping_strikes=1",
    ]
    let policy = KeepalivePolicy(interval: .milliseconds(5), timeout: .seconds(60))
    try await withPeer(
      arguments,
      .with {
        $0.keepalive = policy
        $0.retry = .none
      }
    ) { client, _ async throws in
      let error = await rpcError { try await client.text("Hang") }
      #expect(error?.code == .unavailable)
      let message = error?.message.lowercased().replacing("_", with: " ") ?? ""
      try #require(message.contains("too many pings"), "\(message)")
      // The call may end with the server's trailers, a moment before the connection's goodbye is read.
      while await client.keepalive?.interval == policy.interval { try await Task.sleep(for: .milliseconds(1)) }
      #expect(await client.keepalive?.interval == .milliseconds(10))
    }
  }

  @Test("A stock server tolerates the default keepalive: without calls there are no pings, and few with them")
  func defaultKeepalive() {
    let policy = KeepalivePolicy()
    #expect(policy.interval >= .seconds(300))
    #expect(!policy.pingsWithoutCalls)
    #expect(policy.doubled == .seconds(620))
    #expect(KeepalivePolicy(interval: .seconds(3_000)).doubled == .seconds(3_600))
    #expect(KeepalivePolicy(interval: .seconds(7_200)).doubled == .seconds(7_200))
  }
}

extension RPCClient {
  /// How the client's connections to come find out that their peer is gone.
  fileprivate var keepalive: KeepalivePolicy? {
    get async {
      await withCheckedContinuation { continuation in
        engine.executor.execute { [engine] in continuation.resume(returning: engine.keepalive) }
      }
    }
  }
}
