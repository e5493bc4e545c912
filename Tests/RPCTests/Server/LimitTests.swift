import NIOCore
import NIOPosix
import RPC
import Synchronization
import Testing

@Suite("The server's limits")
struct LimitTests {
  @Test(
    "A message at the limit passes; one byte more is RESOURCE_EXHAUSTED",
    arguments: [
      (1000, StatusCode.ok), (1001, .resourceExhausted),
    ])
  func message(count: Int, status: StatusCode) async throws {
    try await TestServer.with(.testing { $0.limits.messageBytesMax = 1000 }) { server in
      try await RawClient.with(server.port) { client in
        for method in ["Echo", "Collect", "Chat"] {
          let response = try await client.call(
            RawClient.headers(method), messages: [ByteBuffer(repeating: 1, count: count)])
          #expect(response.status == status, "\(method)")
        }
      }
    }
  }

  @Test("A message of five mebibytes is refused by default before it was sent")
  func fiveMebibytes() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let stream = try await client.open(
          RawClient.headers("Echo"), messages: [ByteBuffer(repeating: 1, count: 5 << 20)])
        let response = try await stream.finished.futureResult.get()
        #expect(response.status == .resourceExhausted)
        #expect(response.message.contains("5242880"))
      }
    }
  }

  @Test(
    "A header list at the limit passes; one byte more is RESOURCE_EXHAUSTED",
    arguments: [
      (0, StatusCode.ok), (1, .resourceExhausted), (40_000, .resourceExhausted),
    ])
  func headerList(excess: Int, status: StatusCode) async throws {
    let limit = 2000
    try await TestServer.with(.testing { $0.limits.headerListBytesMax = limit }) { server in
      try await RawClient.with(server.port) { client in
        let headers = RawClient.headers("Echo")
        let used = headers.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 32 }
        let filler = String(repeating: "x", count: limit - used - 32 - "filler".utf8.count + excess)
        let response = try await client.call(
          headers + [("filler", filler)], messages: [ByteBuffer(string: "x")])
        #expect(response.status == status)
      }
    }
  }

  @Test("As many calls as allowed run at once; the next waits for one to end")
  func concurrentStreams() async throws {
    try await TestServer.with(.testing { $0.limits.concurrentStreamsMax = 2 }) { server in
      try await RawClient.with(server.port) { client in
        try await client.ping()
        let first = try await client.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")])
        _ = try await client.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")])
        await server.events.wait("started", 2)
        let third = try await client.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")])
        try await client.ping()
        #expect(server.events.count("started") == 2)
        try await client.reset(first)
        await server.events.wait("started", 3)
        try await client.reset(third)
      }
    }
  }

  @Test("As many connections as allowed are served; the next is closed")
  func connections() async throws {
    try await TestServer.with(.testing { $0.limits.connectionsMax = 1 }) { server in
      try await RawClient.with(server.port) { client in
        try await client.ping()
        let second = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .connect(host: "127.0.0.1", port: server.port).get()
        try await second.closeFuture.get()
        try await client.ping()
      }
      try await eventually { server.server.connectionCount == 0 }
      try await RawClient.with(server.port) { try await $0.ping() }
    }
  }

  @Test("As many connections as allowed are served from one address; its next is closed, those of others are not")
  func connectionsPerPeer() async throws {
    try await TestServer.with(.testing { $0.limits.connectionsPerPeerMax = 2 }) { server in
      let group = MultiThreadedEventLoopGroup.singleton
      try await RawClient.with(server.port) { first in
        try await first.ping()
        try await RawClient.with(server.port) { second in
          try await second.ping()
          let third = try await ClientBootstrap(group: group).connect(host: "127.0.0.1", port: server.port).get()
          try await third.closeFuture.get()
          try await second.ping()
          let other = try await ClientBootstrap(group: group)
            .bind(to: SocketAddress(ipAddress: "127.0.0.2", port: 0))
            .connect(host: "127.0.0.1", port: server.port).get()
          try await eventually { server.server.connectionCount == 3 }
          try await other.close().get()
        }
        try await eventually { server.server.connectionCount == 1 }
        try await RawClient.with(server.port) { try await $0.ping() }
      }
    }
  }

  @Test(
    "Unfinished requests of a connection may hold as much as allowed; the call that passes it is RESOURCE_EXHAUSTED",
    arguments: [(0, StatusCode.ok), (1, .resourceExhausted)])
  func requestBytes(excess: Int, status: StatusCode) async throws {
    try await TestServer.with(.testing { $0.limits.connectionRequestBytesMax = 10_000 }) { server in
      try await RawClient.with(server.port) { client in
        // Their ends are missing, so that their messages wait.
        let first = try await client.open(
          RawClient.headers("Echo"), messages: [ByteBuffer(repeating: 1, count: 5_995)], end: false)
        let second = try await client.open(
          RawClient.headers("Echo"), messages: [ByteBuffer(repeating: 1, count: 3_995 + excess)], end: false)
        try await client.ping()
        try await client.end(second)
        #expect(try await second.finished.futureResult.get().status == status)
        // What is over is counted no more.
        let third = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(repeating: 1, count: 3_995)])
        #expect(third.status == .ok)
        try await client.end(first)
        #expect(try await first.finished.futureResult.get().status == .ok)
        let fourth = try await client.call(
          RawClient.headers("Echo"), messages: [ByteBuffer(repeating: 1, count: 9_995)])
        #expect(fourth.status == .ok)
      }
    }
  }

  @Test(
    "Replies may wait for their client as allowed; the one that passes it is RESOURCE_EXHAUSTED",
    arguments: [(0, StatusCode.ok), (1, .resourceExhausted)])
  func responseBytes(excess: Int, status: StatusCode) async throws {
    try await TestServer.with(.testing { $0.limits.connectionResponseBytesMax = 15_005 }) { server in
      try await RawClient.with(server.port) { client in
        // The client's window lets 10,000 bytes through.
        let first = try await client.open(
          RawClient.headers("Fill"), messages: [ByteBuffer(string: "20000")], returnsCredit: false)
        try await eventually { first.received.withLock { $0 } == 10_000 }
        let second = try await client.call(
          RawClient.headers("Fill"), messages: [ByteBuffer(string: "\(5_000 + excess)")])
        #expect(second.status == status)
        try await client.startReading(first)
        #expect(try await first.finished.futureResult.get().status == .ok)
        // A reply alone may be of any size.
        let third = try await client.call(RawClient.headers("Fill"), messages: [ByteBuffer(string: "1000000")])
        #expect(third.body.count == 1_000_005)
      }
    }
  }

  @Test("Plain text is not served beyond loopback unless allowed")
  func plainText() async throws {
    await #expect(throws: ServerStartError.self) {
      try await TestServer.with(.testing { $0.endpoint = .tcp(host: "0.0.0.0", port: 0) }) { _ in }
    }
    try await TestServer.with(
      .testing {
        $0.endpoint = .tcp(host: "0.0.0.0", port: 0)
        $0.allowInsecure = true
      }
    ) { server in
      try await RawClient.with(server.port) { try await $0.ping() }
    }
  }
}
