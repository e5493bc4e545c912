import NIOCore
import NIOPosix
import RPC
import Synchronization
import Testing

@Suite("The server on the wire")
struct WireTests {
  @Test("A unary reply is headers, one message and trailers")
  func unary() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "hello")])
        #expect(
          response.headers == [
            ":status": "200", "content-type": "application/grpc", "grpc-accept-encoding": "identity,gzip",
          ])
        #expect(response.body == RawClient.frame(Array("hello".utf8)))
        #expect(response.trailers == ["grpc-status": "0"])
        #expect(response.resetCode == nil)
      }
    }
  }

  @Test("An error without a reply is one block of headers")
  func trailersOnly() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(RawClient.headers("Fail"), messages: [ByteBuffer(string: "5|nöne\n")])
        #expect(response.trailers.isEmpty)
        #expect(response.headers[":status"] == "200")
        #expect(response.headers["content-type"] == "application/grpc")
        #expect(response.headers["grpc-status"] == "5")
        #expect(response.headers["grpc-message"] == "n%C3%B6ne%0A")
        #expect(response.headers["x-reason"] == "asked for")
        #expect(response.headers["grpc-status-details-bin"] == Base64.encode(TestService.details))
      }
    }
  }

  @Test(
    "HTTP mistakes get HTTP answers",
    arguments: [
      ([(":method", "GET")], "405"), ([("content-type", "application/json")], "415"), ([("content-type", "")], "415"),
    ] as [([(String, String)], String)])
  func httpMistakes(replaced: [(String, String)], status: String) async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let headers = RawClient.headers("Echo").map { field in
          (field.0, replaced.first { $0.0 == field.0 }?.1 ?? field.1)
        }
        let response = try await client.call(headers, messages: [ByteBuffer(string: "x")])
        #expect(response.headers[":status"] == status)
        #expect(response.body.isEmpty)
      }
    }
  }

  @Test(
    "What the server cannot serve is UNIMPLEMENTED",
    arguments: [
      ("Nope", []), ("Echo", [("grpc-encoding", "snappy")]),
    ] as [(String, [(String, String)])])
  func unimplemented(method: String, headers: [(String, String)]) async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(RawClient.headers(method, headers), messages: [ByteBuffer(string: "x")])
        #expect(response.status == .unimplemented)
        #expect(response.headers["grpc-accept-encoding"] == "identity,gzip")
      }
    }
  }

  @Test("A unary method wants exactly one message", arguments: [0, 2, 3])
  func messageCount(count: Int) async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let messages = (0..<count).map { ByteBuffer(string: "message \($0)") }
        let response = try await client.call(RawClient.headers("Echo"), messages: messages)
        #expect(response.status == .internal)
      }
    }
  }

  @Test("A deadline that passes is answered by the server, and cancels the handler", arguments: ["Hang", "Ignore"])
  func deadline(method: String) async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(
          RawClient.headers(method, [("grpc-timeout", "100m")]), messages: [ByteBuffer(string: "x")])
        #expect(response.status == .deadlineExceeded)
        // On a machine so slow that the deadline passed before the handler began, there is nothing to cancel.
        if server.events.count("started") > 0 { await server.events.wait("cancelled") }
      }
    }
  }

  @Test("Of many deadlines each is kept", arguments: [[40, 20, 30], [10, 10, 10], [30, 20, 10]])
  func manyDeadlines(milliseconds: [Int]) async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        var calls: [RawStream] = []
        for milliseconds in milliseconds {
          let headers = RawClient.headers("Hang", [("grpc-timeout", "\(milliseconds)m")])
          calls.append(try await client.open(headers, messages: [ByteBuffer(string: "x")]))
        }
        for call in calls {
          #expect(try await call.finished.futureResult.get().status == .deadlineExceeded)
        }
      }
    }
  }

  @Test("A call whose deadline has passed is not started")
  func expiredDeadline() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let response = try await client.call(
          RawClient.headers("Hang", [("grpc-timeout", "0n")]), messages: [ByteBuffer(string: "x")])
        #expect(response.status == .deadlineExceeded)
        #expect(server.events.count("started") == 0)
      }
    }
  }

  @Test("A reset cancels the handler")
  func reset() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let stream = try await client.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")])
        await server.events.wait("started")
        try await client.reset(stream)
        await server.events.wait("cancelled")
      }
    }
  }

  @Test("A lost connection cancels its handlers")
  func lostConnection() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        for _ in 0..<3 { _ = try await client.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")]) }
        await server.events.wait("started", 3)
      }
      await server.events.wait("cancelled", 3)
    }
  }

  @Test("A client that still sends after the answer is told to stop")
  func earlyAnswer() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let stream = try await client.open(
          RawClient.headers("Early"), messages: [ByteBuffer(string: "x")], end: false)
        let response = try await stream.finished.futureResult.get()
        #expect(response.body == RawClient.frame(Array("enough".utf8)))
        #expect(response.status == .ok)
      }
    }
  }

  @Test("A handler waits for a client that does not read, and goes on when it does")
  func slowReader() async throws {
    try await TestServer.with(.testing { $0.limits.responseBufferBytes = 20_000 }) { server in
      try await RawClient.with(server.port) { client in
        let stream = try await client.open(
          RawClient.headers("Range"), messages: [ByteBuffer(string: "100 995")], returnsCredit: false)
        // The window of 10,000 bytes and the buffer of 20,000 take ten and twenty messages of 1,000.
        await server.events.wait("written", 30)
        try await client.ping()
        try await client.ping()
        #expect(server.events.count("written") == 30)
        #expect(stream.received.withLock { $0 } == 10_000)
        try await client.startReading(stream)
        let response = try await stream.finished.futureResult.get()
        #expect(response.body.count == 100_000)
        #expect(response.status == .ok)
        #expect(server.events.count("written") == 100)
      }
    }
  }

  @Test("A handler that waits for its client is cancelled with the call")
  func slowReaderGivesUp() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let stream = try await client.open(
          RawClient.headers("Range"), messages: [ByteBuffer(string: "1000 995")], returnsCredit: false)
        await server.events.wait("written", 10)
        try await client.reset(stream)
        await server.events.wait("stopped")
      }
    }
  }

  @Test("A client waits for a handler that does not read, and other calls go on")
  func slowHandler() async throws {
    try await TestServer.with(.testing { $0.limits.streamWindowBytes = 50_000 }) { server in
      try await RawClient.with(server.port) { client in
        let messages = (0..<100).map { _ in ByteBuffer(repeating: 7, count: 9_995) }
        let stream = try await client.open(RawClient.headers("Ignore"), messages: messages)
        await server.events.wait("started")
        try await client.ping()
        try await client.ping()
        #expect(try await client.outgoingBytes(stream) >= 1_000_000 - 65_535)
        let response = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "hello")])
        #expect(response.status == .ok)
      }
    }
  }

  @Test("Messages far larger than the window pass both ways")
  func largeStream() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let message = ByteBuffer(bytes: (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let response = try await client.call(RawClient.headers("Chat"), messages: [message, message])
        #expect(
          response.body == Array(repeating: RawClient.frame(Array(message.readableBytesView)), count: 2).flatMap { $0 })
        #expect(response.status == .ok)
      }
    }
  }

  @Test(
    "Bytes that are no HTTP/2 end their connection, and no other",
    arguments: [
      "GET / HTTP/1.1\r\nHost: test\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{7F}\u{7F}\u{7F}\u{1}\u{5}garbage garbage garbage garbage",
      "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}",
    ])
  func garbage(text: String) async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        try await sendAndClose(Array(text.utf8), to: server.port)
        let response = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "still here")])
        #expect(response.status == .ok)
      }
    }
  }

  @Test("Noise after the preface does not end the server", arguments: 0..<40 as Range<UInt64>)
  func noise(seed: UInt64) async throws {
    var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    var bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    for _ in 0..<20 {
      func next() -> UInt8 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return UInt8(truncatingIfNeeded: random)
      }
      let length = next() % 40
      bytes += [0, 0, length, next() % 10, next(), 0, 0, 0, next() % 8] + (0..<length).map { _ in next() }
    }
    try await TestServer.with { server in
      try await sendAndClose(bytes, to: server.port)
      try await RawClient.with(server.port) { client in
        let response = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "still here")])
        #expect(response.status == .ok)
      }
    }
  }

  private func sendAndClose(_ bytes: [UInt8], to port: Int) async throws {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port).get()
    try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    try? await channel.close(mode: .output).get()
    try? await channel.closeFuture.get()
  }
}
