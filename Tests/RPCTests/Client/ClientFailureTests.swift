import NIOCore
import Testing

@testable import RPC

@Suite("The client when things fail", .timeLimit(.minutes(2)))
struct ClientFailureTests {
  @Test("UNAVAILABLE is tried again for calls that are safe, and counted for the server")
  func retries() async throws {
    let key = ClientPeer.uniqueKey()
    try await withPeer { client, _ async throws in
      #expect(try await client.text("Flaky", "\(key)a 2", idempotency: .noSideEffects) == "3 2")
      #expect(try await client.text("Flaky", "\(key)b 1", idempotency: .idempotent) == "2 1")
      #expect(try await client.text("Flaky", "\(key)c 3", CallOptions(isRetryable: true)) == "4 3")
      #expect(await rpcError { try await client.text("Flaky", "\(key)d 1") }?.code == .unavailable)
      let refused = CallOptions(isRetryable: false)
      #expect(
        await rpcError { try await client.text("Flaky", "\(key)e 1", refused, idempotency: .idempotent) }?.code
          == .unavailable)
    }
  }

  @Test("Attempts end at the policy's number")
  func attempts() async throws {
    let key = ClientPeer.uniqueKey()
    try await withPeer(.with { $0.retry = RetryPolicy(maxAttempts: 3) }) { client, _ async throws in
      let observer = CallObserver()
      let options = CallOptions(isRetryable: true, observer: observer)
      #expect(await rpcError { try await client.text("Flaky", "\(key)a 3", options) }?.code == .unavailable)
      #expect(observer.attempts == 3)
      #expect(try await client.text("Flaky", "\(key)a 3", options) == "4 0")
    }
  }

  @Test("A server's wish for a wait is heard, and one that is too long ends the call")
  func serverDelay() async throws {
    let key = ClientPeer.uniqueKey()
    try await withPeer(
      .with {
        $0.retryDelay = { $0.message == "flaky" ? .seconds(3_600) : nil }
      }
    ) { client, _ async throws in
      let observer = CallObserver()
      let options = CallOptions(isRetryable: true, observer: observer)
      #expect(await rpcError { try await client.text("Flaky", "\(key)a 1", options) }?.code == .unavailable)
      #expect(observer.attempts == 1)
    }
    let backoff = BackoffPolicy(initial: .seconds(3_600), maximum: .seconds(3_600))
    try await withPeer(
      .with {
        $0.retry = RetryPolicy(backoff: backoff)
        $0.retryDelay = { _ in .milliseconds(5) }
      }
    ) { client, _ async throws in
      #expect(try await client.text("Flaky", "\(key)b 2", CallOptions(isRetryable: true)) == "3 2")
    }
  }

  @Test("An exhausted budget stops retries")
  func budget() async throws {
    let key = ClientPeer.uniqueKey()
    try await withPeer(
      .with {
        $0.retryBudget = RetryBudget(maxTokens: 2, tokensPerSuccess: 0)
        $0.retry = RetryPolicy(
          maxAttempts: 10, backoff: BackoffPolicy(initial: .milliseconds(1), maximum: .milliseconds(1)))
      }
    ) { client, _ async throws in
      let observer = CallObserver()
      _ = await rpcError {
        try await client.text("Flaky", "\(key)a 9", CallOptions(isRetryable: true, observer: observer))
      }
      #expect(observer.attempts == 1)
    }
  }

  @Test("A server stream is tried again before its first reply, not after")
  func streamRetries() async throws {
    try await withPeer { client, _ async throws in
      let method = MethodDescriptor.peer("FlakyStream", .serverStreaming, .noSideEffects)
      var seen: [String] = []
      for try await reply in client.serverStreaming(method, ByteBuffer(string: "\(ClientPeer.uniqueKey()) 2")) {
        seen.append(String(buffer: reply))
      }
      #expect(seen == ["3 2", "last"])
    }
  }

  @Test("Without a server calls fail soon with the reason, and wait when they are told to")
  func refused() async throws {
    let peer = try await ClientPeer.start()
    peer.stop()
    try await withClient(.hostPort("127.0.0.1", peer.port), .with { $0.retry = .none }) { client async throws in
      let error = await rpcError { try await client.text("Echo") }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("could not connect to 127.0.0.1:\(peer.port)") == true)
      let patient = CallOptions(timeout: .milliseconds(300), waitForReady: true)
      #expect(await rpcError { try await client.text("Echo", "", patient) }?.code == .deadlineExceeded)
    }
  }

  @Test("A call that waits for readiness is served when the server comes up")
  func comesUp() async throws {
    let first = try await ClientPeer.start()
    first.stop()
    let reconnect = BackoffPolicy(initial: .milliseconds(20), maximum: .milliseconds(50))
    try await withClient(.hostPort("127.0.0.1", first.port), .with { $0.reconnect = reconnect }) {
      client async throws in
      async let answer = client.text("Echo", "early", CallOptions(waitForReady: true))
      let second = try await ClientPeer.start(["--address", "127.0.0.1:\(first.port)"])
      defer { second.stop() }
      #expect(try await answer == "early")
    }
  }

  @Test("A restarted server is found again, and safe calls survive its restart")
  func restart() async throws {
    let first = try await ClientPeer.start()
    let reconnect = BackoffPolicy(initial: .milliseconds(20), maximum: .milliseconds(50))
    try await withClient(
      .hostPort("127.0.0.1", first.port),
      .with {
        $0.reconnect = reconnect
        $0.retry = RetryPolicy(
          maxAttempts: 3, backoff: BackoffPolicy(initial: .milliseconds(20), maximum: .milliseconds(50)))
      }
    ) { client async throws in
      try await client.text("Echo")
      let options = CallOptions(waitForReady: true, isRetryable: true)
      let crossing = Task {
        try await client.text("Hang", "", CallOptions(timeout: .seconds(1), waitForReady: true, isRetryable: true))
      }
      let crashed = await rpcError { try await client.text("Crash") }
      #expect(crashed?.code == .unavailable)
      await first.waitUntilExit()
      let second = try await ClientPeer.start(["--address", "127.0.0.1:\(first.port)"])
      defer { second.stop() }
      #expect(try await client.text("Echo", "again", options) == "again")
      #expect(await rpcError { _ = try await crossing.value }?.code == .deadlineExceeded)
    }
  }

  @Test("Connections that the server retires lose no call")
  func goAway() async throws {
    let arguments = ["--option", "grpc.max_connection_age_ms=200", "--option", "grpc.max_connection_age_grace_ms=5000"]
    try await withPeer(arguments) { client, _ async throws in
      var connections: Set<String> = []
      while connections.count < 4 {
        try await withThrowingTaskGroup(of: String.self) { group in
          for _ in 0..<20 { group.addTask { try await client.text("Connection") } }
          for try await connection in group { connections.insert(connection) }
        }
      }
    }
  }

  @Test("Closing ends everything: calls under way, calls that wait, streams and later calls")
  func close() async throws {
    try await withPeer { client, _ async throws in
      let (first, gotFirst) = AsyncStream<Void>.makeStream()
      let hanging = Task { try await client.text("Hang") }
      let streaming = Task {
        for try await _ in client.serverStreaming(.peer("Endless", .serverStreaming), ByteBuffer()) {
          gotFirst.finish()
        }
      }
      for await _ in first {}
      await client.close()
      #expect(await rpcError { _ = try await hanging.value }?.code == .cancelled)
      #expect(await rpcError { try await streaming.value }?.code == .cancelled)
      #expect(await rpcError { try await client.text("Echo") }?.code == .unavailable)
      await client.close()
    }
  }

  @Test("Closing with grace lets calls finish")
  func closeWithGrace() async throws {
    try await withPeer { client, _ async throws in
      let (first, gotFirst) = AsyncStream<Void>.makeStream()
      let reading = Task {
        var count = 0
        for try await _ in client.serverStreaming(.peer("Repeat", .serverStreaming), ByteBuffer(string: "500 20000")) {
          gotFirst.finish()
          count += 1
        }
        return count
      }
      for await _ in first {}
      await client.close(grace: .seconds(30))
      #expect(try await reading.value == 500)
    }
  }

  @Test("A client that is dropped ends its calls")
  func dropped() async throws {
    let peer = try await ClientPeer.start()
    defer { peer.stop() }
    var client: RPCClient? = try RPCClient(target: .hostPort("127.0.0.1", peer.port))
    var iterator = try #require(client).serverStreaming(.peer("Endless", .serverStreaming), ByteBuffer())
      .makeAsyncIterator()
    #expect(try await iterator.next() != nil)
    client = nil
    #expect(await rpcError { while try await iterator.next() != nil {} }?.code == .cancelled)
  }

  @Test("The queue for a connection is bounded")
  func boundedQueue() async throws {
    let peer = try await ClientPeer.start()
    peer.stop()
    try await withClient(.hostPort("127.0.0.1", peer.port), .with { $0.maxWaitingCalls = 3 }) { client async throws in
      let codes = await withTaskGroup(of: StatusCode?.self) { group in
        for _ in 0..<10 {
          group.addTask {
            await rpcError {
              try await client.text("Echo", "", CallOptions(timeout: .milliseconds(400), waitForReady: true))
            }?.code
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(codes.filter { $0 == .deadlineExceeded }.count == 3)
      #expect(codes.filter { $0 == .resourceExhausted }.count == 7)
    }
  }
}
