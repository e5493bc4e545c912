import RPC
import Testing

@Suite("gRPC's stock Python client against the server")
struct PythonPeerTests {
  @Test(
    "Every kind of call does what it should",
    arguments: [
      "echo", "many", "status", "streams", "ping_pong", "large",
    ])
  func call(name: String) async throws {
    try await TestServer.with { server in
      try await PythonClient.passes(name, target: "127.0.0.1:\(server.port)")
    }
  }

  @Test("An unknown error is UNKNOWN to the client, and in the log with the call's id")
  func unknown() async throws {
    try await TestServer.with { server in
      try await PythonClient.passes("unknown", target: "127.0.0.1:\(server.port)")
      #expect(server.log.text.contains("the password is 1234"))
      #expect(server.log.text.contains("test.Service/Crash"))
      #expect(server.log.text.contains("\"request\": 1-1"))
    }
  }

  @Test("A deadline or a cancellation ends the handler's task too", arguments: ["deadline", "cancel"])
  func cancellation(name: String) async throws {
    try await TestServer.with { server in
      try await PythonClient.passes(name, target: "127.0.0.1:\(server.port)")
      await server.events.wait("cancelled")
    }
  }
}
