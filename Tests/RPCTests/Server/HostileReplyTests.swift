import NIOCore
import RPC
import Testing

/// Like ``HostileTests``, for what a client makes the server hold for it.
@Suite("Hostile clients that make the server hold things", .serialized)
struct HostileReplyTests {
  @Test("Answers that are never read end the connection before they fill the memory")
  func unreadAnswers() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.resetBurst = 100_000_000
      $0.limits.closingTimeout = .milliseconds(100)
    }
    try await survives(configuration, growthMax: 128 * HostileTests.mebibyte) { server, measure in
      // One large reply fills what the kernel takes; what is answered after that waits in the server.
      let request = RawClient.frame(Array("30000000".utf8))
      let large: [RawFrame] = [
        .windowUpdate(0x7FFF_0000), .call("Fill", stream: 1), .data(request, stream: 1, end: true),
      ]
      try await flood(server, rounds: 2000, settings: [(4, 0x7FFF_FFFF)], start: large) { round in
        calls(round + 1) { [.call("Nope", stream: $0), .reset(stream: $0)] }
      }
      try measure()
    }
  }

  // MARK: Windows

  @Test("Large replies that no window lets through are refused past what a connection may hold")
  func zeroWindow() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.connectionResponseBytesMax = 8 * HostileTests.mebibyte
    }
    try await survives(configuration, growthMax: 96 * HostileTests.mebibyte) { server, measure in
      try await RawSocket.with(server.port, settings: [(4, 0)]) { socket in
        let request = RawClient.frame(Array("4000000".utf8))
        for index in 0..<100 as Range<UInt32> {
          let stream = 2 * index + 1
          try await socket.send([
            .call("Fill", stream: stream), .data(request, stream: stream, end: true),
          ])
        }
        // Two replies fit; the others are refused, each with one block of headers that ends its stream.
        for _ in 0..<98 {
          let refusal = await socket.next {
            $0.kind == .headers && $0.flags & RawFrame.endStream != 0
          }
          #expect(refusal != nil)
        }
        try measure()
      }
    }
  }

  @Test(
    "A client that opens streams and never reads holds a buffer for each, and goes when it answers no ping"
  )
  func neverReads() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.keepaliveInterval = .seconds(1)
      $0.limits.keepaliveTimeout = .seconds(1)
      $0.limits.closingTimeout = .milliseconds(100)
    }
    try await survives(configuration, growthMax: 96 * HostileTests.mebibyte) { server, measure in
      var sockets: [RawSocket] = []
      for _ in 0..<5 {
        let socket = try await RawSocket.open(server.port, reads: false)
        let request = RawClient.frame(Array("1000 10000".utf8))
        for index in 0..<100 as Range<UInt32> {
          let stream = 2 * index + 1
          try await socket.send([
            .call("Range", stream: stream), .data(request, stream: stream, end: true),
          ])
        }
        sockets.append(socket)
      }
      await server.events.wait("written", 5 * 100 * 7)
      try measure()
      await server.events.wait("stopped", 500)
      try measure()
      for socket in sockets { await socket.close() }
    }
  }

  @Test(
    "A window that overflows ends the connection, or its own stream", arguments: [0, 1] as [UInt32])
  func windowOverflow(stream: UInt32) async throws {
    try await survives(growthMax: 64 * HostileTests.mebibyte) { server, _ in
      try await RawSocket.with(server.port) { socket in
        try await socket.send([.call("Ignore", stream: 1)])
        await server.events.wait("started")
        try await socket.send([
          .windowUpdate(0x7FFF_FFFF, stream: stream), .windowUpdate(0x7FFF_FFFF, stream: stream),
        ])
        if stream == 0 {
          #expect(await socket.farewell()?.code == .flowControl)
        } else {
          #expect(await socket.next(.reset)?.number(at: 0) == HTTP2Code.flowControl.rawValue)
        }
        await server.events.wait("cancelled")
      }
    }
  }

  @Test("A window that opens byte by byte is served, or ended for its frames")
  func tinyWindow() async throws {
    try await survives(growthMax: 64 * HostileTests.mebibyte) { server, measure in
      try await RawSocket.with(server.port, settings: [(4, 0)]) { socket in
        let request = RawClient.frame(Array("20000".utf8))
        try await socket.send([.call("Fill", stream: 1), .data(request, stream: 1, end: true)])
        for _ in 0..<200 {
          do {
            try await socket.send(Array(repeating: .windowUpdate(1, stream: 1), count: 100))
          } catch { break }
        }
        try measure()
      }
    }
  }

  // MARK: Headers

  @Test("A header table of any size that a client offers is not filled, and its own is bounded")
  func headerTables() async throws {
    try await survives(growthMax: 96 * HostileTests.mebibyte) { server, measure in
      var sockets: [RawSocket] = []
      for number in 0..<50 as Range<Int> {
        let socket = try await RawSocket.open(server.port, settings: [(1, .max)])
        for index in 0..<50 as Range<UInt32> {
          // Fields that are new each time, both ways: the reply repeats one.
          let stream = 2 * index + 1
          let new = "\(number) \(index) " + String(repeating: "t", count: 3000)
          var call = RawFrame.call("Echo", stream: stream, [("x-echo", new)])
          for name in 0..<3 { call.payload += RawFrame.literal("x-\(name)", new, indexed: true) }
          try await socket.send([call, .data(HostileTests.message, stream: stream, end: true)])
          #expect(await socket.next(.data)?.stream == stream)
        }
        sockets.append(socket)
      }
      try measure()
      for socket in sockets { await socket.close() }
    }
  }

  // MARK: Compression

  @Test("Many bombs at once are inflated to the limit and no further")
  func bombs() async throws {
    let bomb = FramedMessage(try GzipTests.bomb(), isCompressed: true)
    try await survives(growthMax: 128 * HostileTests.mebibyte) { server, measure in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            try await RawClient.with(server.port) { client in
              var calls: [RawStream] = []
              for _ in 0..<25 {
                let headers = RawClient.headers("Echo", [("grpc-encoding", "gzip")])
                calls.append(try await client.open(headers, framed: [bomb]))
              }
              for call in calls {
                #expect(try await call.finished.futureResult.get().status == .resourceExhausted)
              }
            }
          }
        }
        try await group.waitForAll()
      }
      try measure()
    }
  }
}
