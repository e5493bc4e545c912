import NIOCore
import NIOPosix
import Synchronization

@testable import RPC

/// What came back on one stream, byte for byte.
struct RawResponse: Sendable {
  var headers: [String: String] = [:]
  var trailers: [String: String] = [:]
  var body: [UInt8] = []
  var resetCode: HTTP2ErrorCode?

  /// `grpc-status`, wherever it stood.
  var status: StatusCode? {
    (trailers["grpc-status"] ?? headers["grpc-status"]).flatMap { Int($0) }.flatMap(StatusCode.init(rawValue:))
  }

  var message: String { PercentEncoding.decode((trailers["grpc-message"] ?? headers["grpc-message"] ?? "").utf8) }
}

/// One stream of a ``RawClient``.
///
/// `@unchecked Sendable`: everything but `finished` and `received` happens on the connection's event loop.
final class RawStream: HTTP2Stream, @unchecked Sendable {
  private var response = RawResponse()
  private var returnsCredit: Bool
  private var sentAll = false
  let finished: EventLoopPromise<RawResponse>
  let received = Mutex(0)

  init(returnsCredit: Bool, finished: EventLoopPromise<RawResponse>) {
    self.returnsCredit = returnsCredit
    self.finished = finished
  }

  override func receivedHeader(_ known: KnownHeader, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    let name = String(decoding: name, as: UTF8.self)
    let value = String(decoding: value, as: UTF8.self)
    if response.headers[":status"] == nil || name == ":status" || !hasHeaders {
      response.headers[name] = value
    } else {
      response.trailers[name] = value
    }
  }

  private var hasHeaders = false

  override func receivedHeaders(isTrailers: Bool) { hasHeaders = true }

  override func receivedData(_ bytes: UnsafeRawBufferPointer) {
    response.body.append(contentsOf: bytes)
    received.withLock { $0 += bytes.count }
    if returnsCredit { session?.returnCredit(bytes.count, to: self) }
  }

  func startReading() {
    returnsCredit = true
    session?.returnCredit(response.body.count, to: self)
  }

  override func closed(_ code: HTTP2ErrorCode) {
    if code != .noError { response.resetCode = code }
    finished.succeed(response)
  }
}

/// A client that sends whatever bytes a test wants, over the same session type as the server's in its other role.
///
/// `@unchecked Sendable`: everything happens on its event loop; the methods that tests call hop there.
final class RawClient: HTTP2Connection, @unchecked Sendable {
  private let pings = Mutex<[CheckedContinuation<Void, any Error>]>([])
  let events = EventLog()

  static func with<R: Sendable>(_ port: Int, _ body: (RawClient) async throws -> R) async throws -> R {
    var settings = HTTP2Settings()
    settings.streamWindowBytes = 10_000
    let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { [settings] channel in
        channel.eventLoop.makeCompletedFuture {
          let client = RawClient(
            role: .client, settings: settings, executor: LoopExecutor(channel.eventLoop))
          try channel.pipeline.syncOperations.addHandler(client)
          return client
        }
      }
    do {
      let result = try await body(client)
      await client.close()
      return result
    } catch {
      await client.close()
      throw error
    }
  }

  /// The headers of a gRPC call of a method of the test service.
  static func headers(_ method: String, _ more: [(String, String)] = []) -> [(String, String)] {
    [
      (":method", "POST"), (":scheme", "http"), (":path", "/test.Service/\(method)"), (":authority", "test"),
      ("content-type", "application/grpc"), ("te", "trailers"),
    ] + more
  }

  /// A message with its prefix.
  static func frame(_ message: [UInt8]) -> [UInt8] {
    (0..<GRPCPrefix.length).map { GRPCPrefix.byte(at: $0, messageLength: message.count) } + message
  }

  /// Opens a stream, sends messages, and ends it unless told not to.
  func open(
    _ headers: [(String, String)], messages: [ByteBuffer] = [], framed: [FramedMessage] = [], end: Bool = true,
    returnsCredit: Bool = true
  ) async throws -> RawStream {
    try await executor.eventLoop.submit { [self] in
      guard let session else { throw HTTP2SessionError.closed }
      var fields = HeaderFields()
      for (name, value) in headers { fields.add(name, value) }
      let stream = RawStream(returnsCredit: returnsCredit, finished: executor.eventLoop.makePromise())
      do {
        try session.request(stream, fields)
      } catch {
        stream.finished.fail(error)
        throw error
      }
      for message in messages { session.send(FramedMessage(message), on: stream) }
      for message in framed { session.send(message, on: stream) }
      if end { session.end(stream) }
      return stream
    }.get()
  }

  /// Opens a stream and returns all that came back.
  func call(
    _ headers: [(String, String)], messages: [ByteBuffer] = [], framed: [FramedMessage] = []
  ) async throws -> RawResponse {
    try await open(headers, messages: messages, framed: framed).finished.futureResult.get()
  }

  func send(_ message: ByteBuffer, on stream: RawStream) async throws {
    try await executor.eventLoop.submit { [self] in session?.send(FramedMessage(message), on: stream) }.get()
  }

  func end(_ stream: RawStream) async throws {
    try await executor.eventLoop.submit { [self] in session?.end(stream) }.get()
  }

  func reset(_ stream: RawStream) async throws {
    try await executor.eventLoop.submit { [self] in try session?.reset(stream, .cancel) }.get()
  }

  func startReading(_ stream: RawStream) async throws {
    try await executor.eventLoop.submit { stream.startReading() }.get()
  }

  func outgoingBytes(_ stream: RawStream) async throws -> Int {
    try await executor.eventLoop.submit { stream.outgoingBytes }.get()
  }

  /// Returns when the server has handled everything that was sent before.
  func ping() async throws {
    try await withCheckedThrowingContinuation { continuation in
      pings.withLock { $0.append(continuation) }
      executor.execute { [self] in
        guard let session else { return failPings() }
        try? session.submitPing(1)
      }
    }
  }

  override func sessionReceivedPingAck(_ payload: UInt64) {
    let ping = pings.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    ping?.resume()
  }

  override func sessionReceivedGoAway(lastStreamID: Int32, code: HTTP2ErrorCode, text: String) {
    events.add("go away")
  }

  override func disconnected(_ error: (any Error)?) {
    failPings()
    events.add("closed")
  }

  private func failPings() {
    for ping in pings.withLock({ pings in
      defer { pings = [] }
      return pings
    }) { ping.resume(throwing: HTTP2SessionError.closed) }
  }

  private func close() async {
    try? await executor.eventLoop.submit { [self] in channel?.close(promise: nil) }.get()
    await events.wait("closed")
  }
}
