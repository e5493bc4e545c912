import NIOCore
import RPC
import Testing

/// A limit is shown to end one connection; another, opened before it and entitled to stay, is asked afterwards.
@Suite("The server's limits of time", .serialized)
struct ConnectionTimeTests {
  /// Lets through who has a key, and says that it does.
  private struct Gate: ServerInterceptor {
    let decidesAcceptance = true

    func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
      guard context.metadata.first("key") != nil else { throw RPCError(.unauthenticated, "who are you?") }
      context.accept()
      try await next()
    }
  }

  @Test("A connection that never greets is closed; one that has is not")
  func handshake() async throws {
    try await TestServer.with(.testing { $0.limits.handshakeTimeout = .seconds(1) }) { server in
      try await RawClient.with(server.port) { greeted in
        try await greeted.ping()
        try await RawSocket.with(server.port, greets: false) { await $0.closed() }
        try await greeted.ping()
      }
    }
  }

  @Test(
    "Who has no call accepted in time is sent away; who has one stays",
    arguments: [
      ([Gate()], [("key", "right")], "Echo"),
      ([], [], "Nope"),
    ] as [([any ServerInterceptor], [(String, String)], String)])
  func unauthenticated(interceptors: [any ServerInterceptor], key: [(String, String)], refused: String) async throws {
    let configuration = ServerConfiguration.testing { $0.limits.unauthenticatedTime = .milliseconds(500) }
    try await TestServer.with(configuration, interceptors: interceptors) { server in
      try await RawClient.with(server.port) { known in
        let message = [ByteBuffer(string: "x")]
        #expect(try await known.call(RawClient.headers("Echo", key), messages: message).status == .ok)
        try await RawClient.with(server.port) { stranger in
          #expect(try await stranger.call(RawClient.headers(refused), messages: message).status != .ok)
          try await RawClient.with(server.port) { silent in
            await stranger.events.wait("closed")
            await silent.events.wait("closed")
            #expect(stranger.events.count("go away") > 0)
            #expect(silent.events.count("go away") > 0)
          }
        }
        #expect(try await known.call(RawClient.headers("Echo", key), messages: message).status == .ok)
      }
    }
  }

  @Test("A call that is not accepted ends with its connection, after the grace")
  func unacceptedCall() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.unauthenticatedTime = .milliseconds(100)
      $0.limits.connectionAgeGrace = .milliseconds(100)
    }
    try await TestServer.with(configuration) { server in
      try await RawClient.with(server.port) { client in
        // Its message never comes, so that the handler never runs.
        let call = try await client.open(RawClient.headers("Echo"), end: false)
        #expect(try await call.finished.futureResult.get().status == .unavailable)
        await client.events.wait("closed")
      }
    }
  }

  @Test("Who has no open call for too long is sent away; who has one stays")
  func idle() async throws {
    try await TestServer.with(.testing { $0.limits.idleTime = .milliseconds(500) }) { server in
      try await RawClient.with(server.port) { busy in
        let hang = try await busy.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")])
        await server.events.wait("started")
        try await RawClient.with(server.port) { idle in
          let response = try await idle.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "x")])
          #expect(response.status == .ok)
          await idle.events.wait("closed")
          #expect(idle.events.count("go away") > 0)
        }
        try await busy.ping()
        #expect(server.events.count("cancelled") == 0)
        // Once its call has ended, its time begins.
        try await busy.reset(hang)
        await busy.events.wait("closed")
        #expect(busy.events.count("go away") > 0)
      }
    }
  }

  @Test("A call that was on its way when its connection was sent away is served")
  func callOnItsWay() async throws {
    try await TestServer.with(.testing { $0.limits.idleTime = .milliseconds(50) }) { server in
      try await RawSocket.with(server.port) { client in
        let (ping, notice) = try #require(await client.next(both: .ping, .goAway))
        #expect(notice.number(at: 0) == 0x7FFF_FFFF)
        let message = RawClient.frame(Array("just in time".utf8))
        try await client.send([.call("Echo", stream: 1), .data(message, stream: 1, end: true)])
        try await client.send([.ping(ping.payload, isAnswer: true)])
        let (reply, last) = try #require(await client.next(both: .data, .goAway))
        #expect(reply.payload == message)
        #expect(last.number(at: 0) == 1)
        #expect(HTTP2Code(rawValue: last.number(at: 4)) == .noError)
        await client.closed()
      }
    }
  }

  @Test("An old connection is sent away: watches end themselves, other calls go on and succeed")
  func age() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.connectionAge = .milliseconds(500)
      $0.limits.connectionAgeGrace = .seconds(60)
    }
    try await TestServer.with(configuration) { server in
      try await RawClient.with(server.port) { client in
        let chat = try await client.open(RawClient.headers("Chat"), messages: [ByteBuffer(string: "a")], end: false)
        let watch = try await client.open(RawClient.headers("Watch"), messages: [ByteBuffer(string: "x")])
        #expect(try await watch.finished.futureResult.get().message == "watch elsewhere")
        await client.events.wait("go away", 2)
        try await client.send(ByteBuffer(string: "b"), on: chat)
        try await client.end(chat)
        let response = try await chat.finished.futureResult.get()
        #expect(response.status == .ok)
        #expect(response.body == RawClient.frame(Array("a".utf8)) + RawClient.frame(Array("b".utf8)))
        await client.events.wait("closed")
      }
      // A younger one is served.
      try await RawClient.with(server.port) { try await $0.ping() }
    }
  }

  @Test("A call that outlasts the grace of its old connection is cancelled and answered UNAVAILABLE")
  func ageGrace() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.connectionAge = .milliseconds(300)
      $0.limits.connectionAgeGrace = .milliseconds(50)
    }
    try await TestServer.with(configuration) { server in
      try await RawClient.with(server.port) { client in
        let hang = try await client.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")])
        #expect(try await hang.finished.futureResult.get().status == .unavailable)
        await server.events.wait("cancelled")
        await client.events.wait("closed")
      }
    }
  }

  @Test(
    "A client that is silent and answers no ping loses its connection, and its handlers are cancelled; one that does stays"
  )
  func keepalive() async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.keepaliveInterval = .milliseconds(100)
      $0.limits.keepaliveTimeout = .seconds(1)
    }
    try await TestServer.with(configuration) { server in
      try await RawClient.with(server.port) { alive in
        _ = try await alive.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")])
        await server.events.wait("started")
        try await RawSocket.with(server.port) { mute in
          let message = RawClient.frame(Array("x".utf8))
          try await mute.send([.call("Hang", stream: 1), .data(message, stream: 1, end: true)])
          await server.events.wait("started", 2)
          #expect(await mute.next(.ping) != nil)
          await mute.closed()
          await server.events.wait("cancelled")
        }
        try await alive.ping()
        #expect(server.events.count("cancelled") == 1)
      }
    }
  }

  @Test("A client that does not take the last bytes of its connection loses it all the same", arguments: [0, 1])
  func closing(misuse: Int) async throws {
    let configuration = ServerConfiguration.testing {
      $0.limits.connectionAge = misuse == 0 ? .seconds(1) : nil
      $0.limits.connectionAgeGrace = .milliseconds(50)
      $0.limits.closingTimeout = .milliseconds(100)
      $0.limits.responseBufferBytes = 1 << 20
    }
    try await TestServer.with(configuration) { server in
      // It lets far more come than it and the kernel take.
      try await RawSocket.with(server.port, reads: false, settings: [(4, 0x7FFF_FFFF)]) { client in
        try await client.send([.windowUpdate(0x7FFF_0000)])
        for stream in stride(from: UInt32(1), through: 31, by: 2) {
          let message = RawClient.frame(Array("1000 100000".utf8))
          // Its time may be over before it has sent all.
          try? await client.send([.call("Range", stream: stream), .data(message, stream: stream, end: true)])
        }
        await server.events.wait("written")
        if misuse == 1 { try? await client.send((0..<8).map { _ in .ping() }) }
        try await eventually { server.server.connectionCount == 0 }
        await server.events.wait("stopped", 16)
      }
    }
  }
}
