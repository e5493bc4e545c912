import NIOCore
import NIOPosix
import Synchronization

@testable import RPC

/// A server that does to its peers what its script says, on a port of its own.
final class ScriptedServer: Sendable {
  /// What happens to each connection.
  struct Script: Sendable {
    /// Makes the handler of a connection, given its loop and its number from 1; nil for silence.
    fileprivate let makeHandler: @Sendable (any EventLoop, Int) -> (any ChannelHandler)?

    /// Connections with handlers of their own.
    static func handler(_ make: @escaping @Sendable (any EventLoop) -> (any ChannelHandler)?) -> Script {
      Script { eventLoop, _ in make(eventLoop) }
    }

    /// HTTP/2 connections with these answers, of so many streams at once.
    static func answers(streamsMax: Int = 100, _ script: @escaping ScriptedConnection.Script) -> Script {
      Script { eventLoop, _ in ScriptedConnection(script, eventLoop: eventLoop, streamsMax: streamsMax) }
    }

    /// HTTP/2 connections that answer with `name`; a call of `Hold` is held until `release()`, and is the event `held`.
    static func named(_ name: String, streamsMax: Int = 100, _ events: EventLog) -> Script {
      .answers(streamsMax: streamsMax) { stream in
        if stream.requestHeaders[":path"]?.hasSuffix("/Hold") == true {
          stream.connection.held.append(stream)
          events.add("held")
        } else {
          stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer(string: name)])
        }
      }
    }

    /// HTTP/2 connections whose answers depend on the connection's number.
    static func numberedAnswers(_ script: @escaping @Sendable (ScriptedStream, Int) -> Void) -> Script {
      Script { eventLoop, number in ScriptedConnection({ script($0, number) }, eventLoop: eventLoop) }
    }
  }

  private let listener: any Channel
  private let open: OpenChannels
  /// Where it listens, or did.
  let port: Int
  /// `connected` and `closed` of every connection, and what the script adds.
  let events: EventLog

  /// Listens, and treats every connection as `script` says.
  init(_ script: Script, port: Int = 0, events: EventLog = EventLog()) async throws {
    let counter = Counter()
    let open = OpenChannels()
    self.open = open
    self.events = events
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          open.add(channel)
          channel.closeFuture.whenComplete { _ in
            open.remove(channel)
            events.add("closed")
          }
          if let handler = script.makeHandler(channel.eventLoop, counter.next()) {
            try channel.pipeline.syncOperations.addHandler(handler)
          }
          events.add("connected")
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    self.port = listener.localAddress?.port ?? 0
  }

  /// A server that answers with its name.
  static func named(_ name: String, streamsMax: Int = 100, port: Int = 0) async throws -> ScriptedServer {
    let events = EventLog()
    return try await ScriptedServer(.named(name, streamsMax: streamsMax, events), port: port, events: events)
  }

  var target: Target { .hostPort("127.0.0.1", port) }
  var address: Target.Address { .hostPort(host: "127.0.0.1", port: port) }

  /// Where it listens.
  func socket() throws -> SocketAddress { try SocketAddress(ipAddress: "127.0.0.1", port: port) }

  /// Takes no further connection.
  func close() async {
    try? await listener.close()
  }

  /// Takes no further connection, and cuts those that are open.
  func crash() async {
    await close()
    for channel in open.all { try? await channel.close() }
  }

  /// Tells every client that the connection takes no more calls.
  func goAway() { forEachConnection { $0.sendGoAway(lastStreamID: 255) } }

  /// Answers the calls that are held.
  func release() {
    forEachConnection { connection in
      for stream in connection.held { stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer(string: "released")]) }
      connection.held = []
    }
  }

  private func forEachConnection(_ body: @escaping @Sendable (ScriptedConnection) -> Void) {
    for channel in open.all {
      channel.eventLoop.execute {
        if let handler = try? channel.pipeline.syncOperations.handler(type: ScriptedConnection.self) { body(handler) }
      }
    }
  }

  private final class OpenChannels: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    var all: [any Channel] { channels.withLock { Array($0.values) } }
    func add(_ channel: any Channel) { channels.withLock { $0[ObjectIdentifier(channel)] = channel } }
    func remove(_ channel: any Channel) { channels.withLock { $0[ObjectIdentifier(channel)] = nil } }
  }

  private final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
      value.withLock { value in
        value += 1
        return value
      }
    }
  }
}

/// Sends bytes as soon as it is connected, whatever the peer sends; closes after them when told to.
final class Blurting: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let bytes: [UInt8]
  private let thenCloses: Bool

  init(_ bytes: [UInt8], thenCloses: Bool = false) {
    self.bytes = bytes
    self.thenCloses = thenCloses
  }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    if thenCloses { context.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}

/// A real HTTP/2 server whose answers are a script's.
final class ScriptedConnection: HTTP2Connection {
  typealias Script = @Sendable (ScriptedStream) -> Void

  private let script: Script
  /// Calls that are answered later.
  var held: [ScriptedStream] = []

  init(_ script: @escaping Script, eventLoop: any EventLoop, streamsMax: Int = 100) {
    self.script = script
    var settings = HTTP2Settings()
    settings.concurrentStreamsMax = streamsMax
    super.init(role: .server, settings: settings, executor: LoopExecutor(eventLoop))
  }

  /// Writes a GOAWAY frame with any last stream id, past the session.
  func sendGoAway(lastStreamID: UInt8) {
    let frame: [UInt8] = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, lastStreamID, 0, 0, 0, 0]
    channel?.writeAndFlush(ByteBuffer(bytes: frame), promise: nil)
  }

  override func sessionOpensStream() -> HTTP2Stream? { ScriptedStream(connection: self, script) }
}

/// One stream of a scripted server; the script runs when its request is complete.
final class ScriptedStream: HTTP2Stream {
  let connection: ScriptedConnection
  private let script: ScriptedConnection.Script

  init(connection: ScriptedConnection, _ script: @escaping ScriptedConnection.Script) {
    self.connection = connection
    self.script = script
  }

  private(set) var requestHeaders: [String: String] = [:]
  private(set) var requestBody: [UInt8] = []

  override func receivedHeader(_ known: KnownHeader, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    requestHeaders[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
  }

  override func receivedData(_ bytes: UnsafeRawBufferPointer) {
    requestBody.append(contentsOf: bytes)
    session?.returnCredit(bytes.count, to: self)
  }

  override func receivedEnd() { script(self) }

  /// Sends headers, raw messages, and trailers.
  func answer(
    _ head: [(String, String)]?, _ messages: [ByteBuffer] = [],
    _ trailers: [(String, String)]? = [("grpc-status", "0")],
    framed: [FramedMessage] = []
  ) {
    guard let session else { return }
    do {
      guard let head else { return try session.respondOnly(self, Self.fields(trailers ?? [])) }
      try session.respond(self, Self.fields(head))
      for message in messages.map({ FramedMessage($0) }) + framed { session.send(message, on: self) }
      if let trailers { session.end(self, trailers: Self.fields(trailers)) }
    } catch {
      connection.channel?.close(promise: nil)
    }
  }

  static let ordinaryHead = [(":status", "200"), ("content-type", "application/grpc")]

  private static func fields(_ list: [(String, String)]) -> HeaderFields {
    var fields = HeaderFields()
    for (name, value) in list { fields.add(name, value) }
    return fields
  }
}
