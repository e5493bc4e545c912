import Logging
import NIOCore
import NIOEmbedded

@testable import RPC

extension FuzzTarget {
  /// A whole connection at the server: two bytes of options, then what the client sends.
  static let serverConnection = FuzzTarget(
    "server-connection", inputBytesMax: 4096, mutate: { WireMutation(isClient: true).apply(to: &$0, &$1) }
  ) { input in
    var reader = InputReader(input)
    let options = ConnectionOptions(reader.byte(), reader.byte())
    try ServerConnectionChecks.check(reader.bytes, options)
  }
}

/// How a connection is treated while its bytes arrive.
struct ConnectionOptions {
  /// Bytes that arrive in one read.
  let piece: Int
  /// Leaves the preface and the first settings to the input.
  let isBare: Bool
  /// In the middle, the server says that it shuts down, or the client closes.
  let drains: Bool
  /// At the end, the server or the client ends every call itself.
  let shutsDown: Bool
  /// In the first half, the socket takes nothing.
  let isBlocked: Bool
  /// Limits are small: few streams, short messages, short headers.
  let isTight: Bool
  let compresses: Bool
  /// Which calls there are, at the client.
  let calls: UInt8

  init(_ first: UInt8, _ second: UInt8) {
    piece = [Int.max, 1, 9, 100][Int(first & 3)]
    isBare = first & 4 != 0
    drains = first & 8 != 0
    shutsDown = first & 16 != 0
    isBlocked = first & 32 != 0
    isTight = first & 64 != 0
    compresses = first & 128 != 0
    calls = second
  }
}

enum ServerConnectionChecks {
  private static let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }

  private struct PassOn: ServerInterceptor {
    func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws { try await next() }
  }

  /// Returns how many handlers ran.
  @discardableResult static func check(_ bytes: [UInt8], _ options: ConnectionOptions) throws -> Int {
    let tally = FuzzService.Tally()
    weak var weakConnection: ServerConnection?
    weak var weakSession: HTTP2Session?
    do {
      let connection = try run(bytes, options, tally)
      weakConnection = connection.value
      weakSession = connection.session
    }
    try require(tally.begun == tally.ended, "\(tally.begun) handlers began, \(tally.ended) ended")
    try require(weakConnection == nil, "the connection outlives its channel")
    try require(weakSession == nil, "the session outlives its channel")
    return tally.begun
  }

  private struct Used {
    weak var value: ServerConnection?
    weak var session: HTTP2Session?
  }

  private static func run(
    _ bytes: [UInt8], _ options: ConnectionOptions, _ tally: FuzzService.Tally
  ) throws -> Used {
    let channel = EmbeddedChannel()
    let connection = ServerConnection(
      id: 1, server: core(options, tally), executor: LoopExecutor(channel.embeddedEventLoop), isTLS: false)
    try channel.pipeline.syncOperations.addHandler(connection)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    let used = Used(value: connection, session: connection.session)
    var output = WireCheck(role: .server)
    let preface = options.isBare ? [] : WireFrame.clientPreface + WireFrame(type: WireFrame.settings).bytes
    let input = preface + bytes

    setWritable(channel, !options.isBlocked)
    var position = 0
    var isPastMiddle = false
    while position < input.count, channel.isActive {
      let end = input.count - position > options.piece ? position + options.piece : input.count
      try channel.writeInbound(ByteBuffer(bytes: input[position..<end]))
      position = end
      if !isPastMiddle, position >= input.count / 2 {
        isPastMiddle = true
        if options.drains { connection.drain() }
        setWritable(channel, true)
      }
      channel.embeddedEventLoop.run()
      try output.take(channel)
      let streams = connection.session?.streamCount ?? 0
      try require(streams <= (options.isTight ? 2 : 100), "\(streams) streams are open")
    }
    if options.shutsDown, channel.isActive { connection.shutDown() }
    // Far enough for deadlines that are over, and not for the limit of the handshake.
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    try output.take(channel)
    try output.finish(input: input, messageBytesMax: options.isTight ? 64 : 64 * 1024)
    if channel.isActive { channel.close(promise: nil) }
    channel.embeddedEventLoop.run()
    try require(connection.session == nil, "a closed connection has a session")
    _ = try? channel.finish(acceptAlreadyClosed: true)
    return used
  }

  private static func setWritable(_ channel: EmbeddedChannel, _ isWritable: Bool) {
    guard channel.isWritable != isWritable else { return }
    channel.isWritable = isWritable
    channel.pipeline.fireChannelWritabilityChanged()
  }

  private static func core(_ options: ConnectionOptions, _ tally: FuzzService.Tally) -> ServerCore {
    var configuration = ServerConfiguration(host: "127.0.0.1", port: 0)
    configuration.limits.messageBytesMax = options.isTight ? 64 : 64 * 1024
    if options.isTight {
      configuration.limits.concurrentStreamsMax = 2
      configuration.limits.headerListBytesMax = 400
      configuration.limits.streamWindowBytes = 100
      configuration.limits.responseBufferBytes = 100
      configuration.limits.resetBurst = 5
    }
    configuration.replyCompression = options.compresses ? .always : .whenAsked
    configuration.compressionThreshold = 16
    return ServerCore(
      services: [FuzzService.definition(tally)], interceptors: options.calls & 1 == 0 ? [] : [PassOn()],
      configuration: configuration, logger: logger)
  }
}
