import Logging
import NIOCore
import RPC
import ServiceLifecycle
import Testing

@Suite("Shutting the server down")
struct ShutdownTests {
  @Test("A call under way ends in peace, and new connections are refused")
  func callUnderWay() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let chat = try await client.open(RawClient.headers("Chat"), messages: [ByteBuffer(string: "a")], end: false)
        try await client.ping()
        async let down: Void = server.server.shutdown(grace: .seconds(60))
        await client.events.wait("go away", 2)
        await #expect(throws: (any Error).self) { try await RawClient.with(server.port) { try await $0.ping() } }
        try await client.send(ByteBuffer(string: "b"), on: chat)
        try await client.end(chat)
        let response = try await chat.finished.futureResult.get()
        #expect(response.status == .ok)
        #expect(response.body == RawClient.frame(Array("a".utf8)) + RawClient.frame(Array("b".utf8)))
        await down
      }
    }
  }

  @Test("A watch is told, and ends itself at once")
  func watch() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let watch = try await client.open(RawClient.headers("Watch"), messages: [ByteBuffer(string: "x")])
        await server.events.wait("started")
        await server.server.shutdown(grace: .seconds(60))
        let response = try await watch.finished.futureResult.get()
        #expect(response.status == .unavailable)
        #expect(response.message == "watch elsewhere")
        #expect(server.events.count("drained") == 1)
      }
    }
  }

  @Test("A call that outlasts the grace is cancelled and answered UNAVAILABLE")
  func graceOver() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        let hang = try await client.open(RawClient.headers("Hang"), messages: [ByteBuffer(string: "x")])
        await server.events.wait("started")
        await server.server.shutdown(grace: .milliseconds(10))
        let response = try await hang.finished.futureResult.get()
        #expect(response.status == .unavailable)
        await server.events.wait("cancelled")
      }
    }
  }

  @Test("An idle server is down at once, twice too")
  func idle() async throws {
    try await TestServer.with { server in
      try await RawClient.with(server.port) { client in
        try await client.ping()
        await server.server.shutdown(grace: .seconds(60))
        await client.events.wait("closed")
        await server.server.shutdown(grace: .seconds(60))
      }
    }
  }

  @Test("As a service it serves until its group shuts down")
  func service() async throws {
    let server = RPCServer(
      configuration: ServerConfiguration(host: "127.0.0.1", port: 0), services: [TestService.definition(EventLog())],
      logger: Logger(label: "test") { _ in LogRecorder() })
    let port = try await server.start().port
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: server)], logger: Logger(label: "test") { _ in LogRecorder() }))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      try await RawClient.with(port) { client in
        let response = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "x")])
        #expect(response.status == .ok)
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test("A Unix socket is served like a port")
  func unixSocket() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/socket"
      let server = RPCServer(
        configuration: ServerConfiguration(endpoint: .unix(path: path)),
        services: [TestService.definition(EventLog())], logger: Logger(label: "test") { _ in LogRecorder() })
      #expect(try await server.start().host == path)
      try await PythonClient.passes("echo", target: "unix:\(path)")
      await server.shutdown(grace: .zero)
    }
  }
}
