import Logging
import NIOCore
import RPC
import Testing

@Suite("The access log")
struct AccessLogTests {
  /// Takes lines from a level on.
  private struct Leveled: LogHandler {
    let recorder = LogRecorder()
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { recorder.log(event: event) }
  }

  private func lines(
    _ level: Logger.Level, caller: @escaping @Sendable (ServerContext) -> String? = { _ in nil },
    _ body: (RawClient) async throws -> Void
  ) async throws -> [Substring] {
    let handler = Leveled(logLevel: level)
    let log = AccessLog(logger: Logger(label: "access") { _ in handler }, caller: caller)
    try await TestServer.with(.testing { $0.observers = [log] }) { server in
      try await RawClient.with(server.port) { try await body($0) }
    }
    return handler.recorder.text.split(separator: "\n")
  }

  @Test("A line says what was called, how it ended, by whom, and in which trace; and holds no secret")
  func line() async throws {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    let lines = try await lines(.debug, caller: { $0.metadata.first("x-who") }) { client in
      _ = try await client.call(
        RawClient.headers(
          "Fail",
          [
            ("authorization", "Bearer hush"), ("x-who", "ada"), ("traceparent", "00-\(trace)-00f067aa0ba902b7-01"),
          ]), messages: [ByteBuffer(string: "9|the text")])
    }
    let line = try #require(lines.first)
    #expect(lines.count == 1)
    for part in [
      "debug call", #""method": test.Service/Fail"#, #""code": FAILED_PRECONDITION"#, #""caller": ada"#,
      #""peer": 127.0.0.1:"#, #""request": 1-1"#, #""trace": \#(trace)"#, #""milliseconds": "#,
    ] {
      #expect(line.contains(part), "\(part): \(line)")
    }
    for secret in ["hush", "the text", "password"] { #expect(!line.contains(secret)) }
  }

  @Test("At info only the server's own failures are written; unknown methods are named")
  func levels() async throws {
    let calls: (RawClient) async throws -> Void = { client async throws in
      for method in ["Echo", "Crash", "Nope"] {
        _ = try await client.call(RawClient.headers(method), messages: [ByteBuffer()])
      }
    }
    let atInfo = try await lines(.info, calls)
    #expect(atInfo.count == 1)
    #expect(atInfo.first?.contains("info call") == true)
    #expect(atInfo.first?.contains("test.Service/Crash") == true)
    let atDebug = try await lines(.debug, calls)
    #expect(atDebug.count == 3)
    #expect(atDebug.last?.contains("test.Service/Nope") == true)
  }
}
