import NIOCore
import Synchronization
import Testing

@testable import RPC

@Suite("The client against servers that misbehave", .timeLimit(.minutes(2)))
struct ClientHostileServerTests {
  private static let frameHeader: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]  // an empty SETTINGS

  private func withServer<R>(
    _ script: ScriptedServer.Script, _ configuration: ClientConfiguration = .impatient(),
    _ body: (RPCClient) async throws -> R
  ) async throws -> R {
    let server = try await ScriptedServer(script)
    do {
      let result = try await withClient(server.target, configuration, body)
      await server.close()
      return result
    } catch {
      await server.close()
      throw error
    }
  }

  @Test(
    "Bytes that are no HTTP/2 make the attempt fail",
    arguments: [
      Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), [UInt8](repeating: 0xFF, count: 100),
      [UInt8](repeating: 0, count: 9),
    ])
  func garbage(bytes: [UInt8]) async throws {
    try await withServer(.handler { _ in Blurting(bytes) }) {
      client async throws in
      let error = await rpcError { try await client.text("Echo") }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("could not connect") == true)
    }
  }

  @Test(
    "Random bytes after the settings end calls with an error, never the program",
    arguments: 1...100 as ClosedRange<UInt64>)
  func randomBytes(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    var bytes = Self.frameHeader
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let length = UInt8.random(in: 0...60, using: &generator)
      bytes += [
        0, 0, length, .random(in: 0...10, using: &generator), .random(in: 0...0x2F, using: &generator), 0, 0, 0,
        .random(in: 0...3, using: &generator),
      ]
      bytes += (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
    let sent = bytes
    try await withServer(
      .handler { _ in Blurting(sent, thenCloses: true) }
    ) { client async throws in
      #expect(await rpcError { try await client.text("Echo") } != nil)
    }
  }

  @Test("A server that says nothing is given up after the connect timeout")
  func silent() async throws {
    try await withServer(.handler { _ in nil }, .impatient { $0.connectTimeout = .seconds(2) }) {
      client async throws in
      let error = await rpcError { try await client.text("Echo") }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("settings") == true)
    }
  }

  @Test("A server that stops answering is found out by a ping")
  func keepalive() async throws {
    try await withServer(
      .handler { _ in Blurting(Self.frameHeader) },
      .impatient { $0.keepalive = KeepalivePolicy(interval: .milliseconds(50), timeout: .milliseconds(50)) }
    ) { client async throws in
      let error = await rpcError { try await client.text("Echo") }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("ping") == true)
    }
  }

  @Test(
    "HTTP answers become the codes that gRPC lists",
    arguments: [
      ("400", StatusCode.internal), ("401", .unauthenticated), ("403", .permissionDenied), ("404", .unimplemented),
      ("429", .unavailable), ("502", .unavailable), ("503", .unavailable), ("504", .unavailable), ("500", .unknown),
      ("200", .unknown),
    ])
  func httpStatus(status: String, code: StatusCode) async throws {
    try await withServer(
      .answers {
        $0.answer([(":status", status), ("content-type", "text/html")], [ByteBuffer(string: "sorry")], [])
      }
    ) {
      client async throws in
      #expect(await rpcError { try await client.text("Echo") }?.code == code)
    }
  }

  @Test("Replies that break gRPC's rules end the call with an error", arguments: Misconduct.allCases)
  func misconduct(misconduct: Misconduct) async throws {
    try await withServer(.answers(misconduct.script)) { client async throws in
      let error = await rpcError { try await client.text("Echo") }
      #expect(error?.code == misconduct.code, "\(error as Any)")
      let streamed = await rpcError {
        for try await _ in client.serverStreaming(.peer("Echo", .serverStreaming), ByteBuffer()) {}
      }
      #expect(streamed?.code == misconduct.streamedCode, "\(streamed as Any)")
    }
  }

  enum Misconduct: CaseIterable {
    case noMessage, twoMessages, noStatus, badStatus, unknownStatus, foreignEncoding, cancelled, protocolError,
      hugeHeaders

    var script: ScriptedConnection.Script {
      let head = ScriptedStream.ordinaryHead
      let message = ByteBuffer(string: "reply")
      switch self {
      case .noMessage: return { $0.answer(head) }
      case .twoMessages: return { $0.answer(head, [message, message]) }
      case .noStatus: return { $0.answer(head, [message], [("x-only", "this")]) }
      case .badStatus: return { $0.answer(head, [message], [("grpc-status", "OK")]) }
      case .unknownStatus: return { $0.answer(head, [message], [("grpc-status", "77"), ("grpc-message", "%ff%4")]) }
      case .foreignEncoding: return { $0.answer(head + [("grpc-encoding", "snappy")], [message]) }
      case .cancelled: return { try? $0.session?.reset($0, .cancel) }
      case .protocolError: return { try? $0.session?.reset($0, .protocolError) }
      case .hugeHeaders: return { $0.answer(head + [("x-huge", String(repeating: "x", count: 20_000))], [message]) }
      }
    }

    var code: StatusCode {
      switch self {
      case .noMessage, .twoMessages, .noStatus, .foreignEncoding, .protocolError: .internal
      case .badStatus, .unknownStatus: .unknown
      case .cancelled: .cancelled
      case .hugeHeaders: .resourceExhausted
      }
    }

    var streamedCode: StatusCode? {
      switch self {
      case .noMessage, .twoMessages: nil
      default: code
      }
    }
  }

  @Test("A refused stream is sent again, even when its method is not safe")
  func refusedStream() async throws {
    let refusals = Mutex(2)
    try await withServer(
      .answers { stream in
        let isRefused = refusals.withLock { left in
          left -= 1
          return left >= 0
        }
        if isRefused {
          try? stream.session?.reset(stream, .refusedStream)
          return
        }
        stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer(string: "at last")])
      }
    ) { client async throws in
      #expect(try await client.text("Echo") == "at last")
    }
  }

  @Test("A GOAWAY hands unprocessed calls to the next connection, and lets the processed one finish")
  func goAway() async throws {
    let scripted = Mutex(0)
    let script = ScriptedServer.Script.numberedAnswers { stream, number in
      if number > 1 { return stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer(string: "second")]) }
      scripted.withLock { $0 += 1 }
      // The first connection goes away having processed nothing.
      stream.connection.sendGoAway(lastStreamID: 0)
    }
    try await withServer(script) { client async throws in
      #expect(try await client.text("Echo") == "second")
      #expect(scripted.withLock { $0 } == 1)
    }
  }

  @Test("A connection lost under a call is UNAVAILABLE, and is not repeated for a call that is not safe")
  func lost() async throws {
    let served = Mutex(0)
    try await withServer(
      .answers { stream in
        served.withLock { $0 += 1 }
        stream.connection.channel?.close(promise: nil)
      }, .impatient { $0.retry = RetryPolicy() }
    ) { client async throws in
      #expect(await rpcError { try await client.text("Echo") }?.code == .unavailable)
      #expect(served.withLock { $0 } == 1)
      let patient = CallOptions(waitForReady: true, retry: RetryPolicy(maxAttempts: 3), isRetryable: true)
      #expect(await rpcError { try await client.text("Echo", "", patient) }?.code == .unavailable)
      #expect(served.withLock { $0 } == 4)
    }
  }
}

extension ClientConfiguration {
  /// Gives up soon and waits little.
  fileprivate static func impatient(_ change: (inout ClientConfiguration) -> Void = { _ in }) -> ClientConfiguration {
    .with {
      let soon = BackoffPolicy(initial: .milliseconds(1), maximum: .milliseconds(5))
      $0.retry = RetryPolicy(maxAttempts: 1, backoff: soon)
      $0.reconnect = soon
      $0.connectTimeout = .seconds(10)
      $0.defaultTimeout = .seconds(20)
      change(&$0)
    }
  }
}
