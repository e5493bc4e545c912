import Foundation
import NIOCore
import NIOPosix
import RPC
import Testing

/// A client that is no client: it sends the frames that a test makes, answers nothing of its own accord, and may not
/// even read.
final class RawSocket: Sendable {
  /// Hands on what arrives.
  ///
  /// `@unchecked Sendable`: everything happens on its event loop.
  private final class Handler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer

    private var reader = RawFrameReader()
    private let frames: AsyncStream<RawFrame>.Continuation

    init(_ frames: AsyncStream<RawFrame>.Continuation) { self.frames = frames }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      for frame in reader.read(unwrapInboundIn(data).readableBytesView) { frames.yield(frame) }
    }

    func channelInactive(context: ChannelHandlerContext) { frames.finish() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }

  private let channel: any Channel
  private let frames: AsyncStream<RawFrame>

  private init(_ channel: any Channel, _ frames: AsyncStream<RawFrame>) {
    self.channel = channel
    self.frames = frames
  }

  /// A connection for the length of a closure; it has said what a client says first unless told not to.
  static func with<R: Sendable>(
    _ port: Int, reads: Bool = true, greets: Bool = true, settings: [(UInt16, UInt32)] = [],
    _ body: (RawSocket) async throws -> R
  ) async throws -> R {
    let socket = try await open(port, reads: reads, greets: greets, settings: settings)
    do {
      let result = try await body(socket)
      await socket.close()
      return result
    } catch {
      await socket.close()
      throw error
    }
  }

  /// The same, to be closed by the caller.
  static func open(
    _ port: Int, reads: Bool = true, greets: Bool = true, settings: [(UInt16, UInt32)] = []
  ) async throws -> RawSocket {
    let (frames, continuation) = AsyncStream<RawFrame>.makeStream()
    var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    // Else the kernel would read for it, tens of megabytes.
    if !reads { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 64 << 10) }
    let channel =
      try await bootstrap
      .channelOption(.autoRead, value: reads)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Handler(continuation))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    let socket = RawSocket(channel, frames)
    if greets {
      try await socket.send(bytes: RawFrame.preface + RawFrame.settings(settings).bytes)
      try await socket.send([.settingsAcknowledgement])
    }
    return socket
  }

  /// Sends frames; throws when the connection is gone.
  func send(_ frames: [RawFrame]) async throws {
    try await send(bytes: frames.flatMap(\.bytes))
  }

  func send(bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }

  /// Sends without waiting until it has left.
  func push(_ frames: [RawFrame]) {
    channel.writeAndFlush(ByteBuffer(bytes: frames.flatMap(\.bytes)), promise: nil)
  }

  /// The next frame that fits, skipping others; nil when the server has closed the connection without one.
  func next(where fits: (RawFrame) -> Bool) async -> RawFrame? {
    for await frame in frames where fits(frame) { return frame }
    return nil
  }

  func next(_ kind: RawFrame.Kind) async -> RawFrame? { await next { $0.kind == kind } }

  /// The next frames of two kinds, whichever comes first; nil when the server has closed the connection without them.
  func next(both one: RawFrame.Kind, _ other: RawFrame.Kind) async -> (RawFrame, RawFrame)? {
    guard let first = await next(where: { $0.kind == one || $0.kind == other }),
      let second = await next(first.kind == one ? other : one)
    else { return nil }
    return first.kind == one ? (first, second) : (second, first)
  }

  /// Why the server ended the connection; nil when it said nothing.
  func farewell() async -> Farewell? {
    var last: Farewell?
    for await frame in frames where frame.kind == .goAway {
      last = Farewell(
        code: HTTP2Code(rawValue: frame.number(at: 4)),
        reason: String(decoding: frame.payload.dropFirst(8), as: UTF8.self))
    }
    return last
  }

  /// What a GOAWAY says.
  struct Farewell: Hashable {
    let code: HTTP2Code?
    let reason: String
  }

  /// Returns when the server has handled what was sent before; false when the connection is gone instead.
  func roundTrip() async throws -> Bool {
    let payload = (0..<8).map { _ in UInt8.random(in: 0...255) }
    try await send([.ping(payload)])
    return await next { $0.kind == .ping && $0.flags == RawFrame.acknowledgement && $0.payload == payload } != nil
  }

  /// Returns when the connection is gone; an unread one is noticed too.
  func closed() async {
    _ = try? await channel.closeFuture.get()
  }

  var isOpen: Bool { channel.isActive }

  func close() async {
    channel.close(promise: nil)
    await closed()
  }
}

/// The resident memory of this process in bytes.
func residentBytes() throws -> Int {
  let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
  let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
  return pages * 4096
}

/// Lets `body` do its worst while a well-behaved client makes one call after another, which must all succeed.
func whileOthersAreServed<R: Sendable>(
  _ server: TestServer, atLeast callsMin: Int = 20, _ body: () async throws -> R
) async throws -> R {
  let done = EventLog()
  return try await RawClient.with(server.port) { client in
    async let calls = {
      var count = 0
      while done.count("done") == 0 || count < callsMin {
        let response = try await client.call(RawClient.headers("Echo"), messages: [ByteBuffer(string: "still here")])
        guard response.status == .ok, response.body == RawClient.frame(Array("still here".utf8)) else { return -1 }
        count += 1
      }
      return count
    }()
    let result: R
    do {
      result = try await body()
    } catch {
      done.add("done")
      throw error
    }
    done.add("done")
    #expect(try await calls >= callsMin, "a call of another client failed")
    return result
  }
}
