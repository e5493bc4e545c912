import NIOCore
import Testing

@testable import RPC

@Suite("The client's unary calls to a stock server", .timeLimit(.minutes(2)))
struct ClientUnaryTests {
  @Test("A reply comes back", arguments: [0, 1, 5, 16_384, 1_000_000, 4 << 20])
  func echo(size: Int) async throws {
    try await withPeer { client, _ async throws in
      let request = ByteBuffer(repeating: 0x61, count: size)
      #expect(try await client.unary(.peer("Echo"), request) == request)
    }
  }

  @Test("A thousand calls share one connection, each with its own answer")
  func concurrent() async throws {
    try await withPeer(.with { $0.connectionsPerAddressMax = 1 }) { client, _ async throws in
      let connection = try await client.text("Connection")
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<1_000 {
          group.addTask { try await client.text("Echo", "\(number)") == "\(number)" }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect(try await client.text("Connection") == connection)
    }
  }

  @Test("Metadata goes both ways, text and bytes, in order")
  func metadata() async throws {
    try await withPeer { client, _ async throws in
      let observer = CallObserver()
      var metadata: Metadata = ["x-one": "1", "x-one": "2"]
      metadata.add("x-bytes-bin", binary: [0, 255, 7])
      let seen = try await client.text("Metadata", "", CallOptions(metadata: metadata, observer: observer))
      #expect(seen.contains("x-one=1\n") && seen.contains("x-one=2\n") && seen.contains("x-bytes-bin=00ff07"))
      #expect(seen.contains("user-agent=grpc-swift-dms/"))
      for received in [observer.initialMetadata, observer.trailingMetadata] {
        #expect(received?.all("x-one") == ["1", "2"])
        #expect(received?.firstBinary("x-bytes-bin") == [0, 255, 7])
      }
      #expect(observer.attempts == 1)
    }
  }

  @Test(
    "Every status arrives with its message, details and metadata", arguments: StatusCode.allCases.filter { $0 != .ok })
  func status(code: StatusCode) async throws {
    try await withPeer(.with { $0.retry = .none }) { client, _ async throws in
      let error = await rpcError { try await client.text("Fail", "\(code.rawValue) grün %41\n☃") }
      #expect(error?.code == code)
      #expect(error?.message == "grün %41\n☃")
      #expect(error?.detailsBin == [8, 3] + Array("details".utf8) + [0])
      #expect(error?.metadata.first("x-why") == "test")
    }
  }

  @Test("An unknown method or service is UNIMPLEMENTED", arguments: ["test.Peer", "test.Nobody"])
  func unknown(service: String) async throws {
    try await withPeer { client, _ async throws in
      let method = MethodDescriptor(service: service, method: "Nothing", kind: .unary)
      #expect(await rpcError { _ = try await client.unary(method, ByteBuffer()) }?.code == .unimplemented)
    }
  }

  @Test("The default timeout travels with a call, and a call's own replaces it")
  func timeout() async throws {
    try await withPeer { client, _ async throws in
      let byDefault = try #require(Int(try await client.text("TimeRemaining")))
      #expect((50_000...60_000).contains(byDefault))
      let own = try #require(Int(try await client.text("TimeRemaining", "", CallOptions(timeout: .seconds(5)))))
      #expect((1...5_000).contains(own))
    }
    try await withPeer(.with { $0.defaultTimeout = nil }) { client, _ async throws in
      #expect(try await client.text("TimeRemaining") == "none")
    }
  }

  @Test("A call past its deadline ends here and at the server")
  func deadline() async throws {
    try await withPeer { client, _ async throws in
      let key = ClientPeer.uniqueKey()
      try await client.text("Echo")
      let error = await rpcError { try await client.text("Hang", key, CallOptions(timeout: .seconds(2))) }
      #expect(error?.code == .deadlineExceeded)
      #expect(try await client.text("Ended", key) == "1")
      #expect(
        await rpcError { try await client.text("Echo", "", CallOptions(timeout: .zero)) }?.code == .deadlineExceeded)
    }
  }

  @Test("Cancelling the task cancels the call at the server")
  func cancellation() async throws {
    try await withPeer { client, _ async throws in
      let call = Task { try await client.text("Hang") }
      try await client.text("Echo")
      call.cancel()
      #expect(await rpcError { _ = try await call.value }?.code == .cancelled)
      let late = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await client.text("Hang")
      }
      #expect(await rpcError { _ = try await late.value }?.code == .cancelled)
      #expect(try await client.text("Echo", "still here") == "still here")
    }
  }

  @Test("A reply at the limit passes, one past it is RESOURCE_EXHAUSTED", arguments: [0, 1_000, 100_000])
  func largest(limit: Int) async throws {
    try await withPeer(.with { $0.maxResponseBytes = limit }) { client, _ async throws in
      #expect(try await client.unary(.peer("Bytes"), ByteBuffer(string: "\(limit)")).readableBytes == limit)
      let error = await rpcError { _ = try await client.unary(.peer("Bytes"), ByteBuffer(string: "\(limit + 1)")) }
      #expect(error?.code == .resourceExhausted)
      let own = CallOptions(maxResponseBytes: limit + 1)
      #expect(
        try await client.unary(.peer("Bytes"), ByteBuffer(string: "\(limit + 1)"), options: own).readableBytes == limit
          + 1)
    }
  }

  @Test("A message larger than every window arrives whole")
  func large() async throws {
    try await withPeer(
      .with {
        $0.streamWindowBytes = 65_536
        $0.maxResponseBytes = 32 << 20
      }
    ) { client, _ async throws in
      let request = ByteBuffer(repeating: 7, count: 20 << 20)
      #expect(try await client.unary(.peer("Echo"), request) == request)
    }
  }

  @Test("Calls beyond the server's streams use further connections, and wait beyond those")
  func manyStreams() async throws {
    try await withPeer(["--option", "grpc.max_concurrent_streams=2"], .with { $0.connectionsPerAddressMax = 3 }) {
      client, _ async throws in
      try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<100 { group.addTask { try await client.text("Echo", "\(number)") } }
        var answers = Set<String>()
        for try await answer in group { answers.insert(answer) }
        #expect(answers.count == 100)
      }
    }
  }

  @Test("Calls from tasks on the client's own executor work alike")
  func onExecutor() async throws {
    try await withPeer { client, _ async throws in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<50 {
          group.addTask(executorPreference: client.taskExecutor) {
            for _ in 0..<20 {
              let answer = try await client.text("Echo", "\(number)")
              #expect(answer == "\(number)")
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
