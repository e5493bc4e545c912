import NIOCore
import NIOEmbedded

@testable import RPC

extension FuzzTarget {
  /// A whole connection at the client: two bytes of options, then what the server sends.
  static let clientConnection = FuzzTarget(
    "client-connection", inputBytesMax: 4096, mutate: { WireMutation(isClient: false).apply(to: &$0, &$1) }
  ) { input in
    var reader = InputReader(input)
    let options = ConnectionOptions(reader.byte(), reader.byte())
    try ClientConnectionChecks.check(reader.bytes, options)
  }
}

enum ClientConnectionChecks {
  /// How often calls were told that they have ended.
  private final class Ends: @unchecked Sendable {
    // Touched on the one thread of the embedded loop.
    var counts: [Int] = []
    var successes = 0
  }

  private static let kinds: [CallKind] = [.unary, .serverStreaming, .clientStreaming, .bidirectional]

  /// Returns how many calls succeeded.
  @discardableResult static func check(_ bytes: [UInt8], _ options: ConnectionOptions) throws -> Int {
    weak var weakEngine: ClientEngine?
    weak var weakConnection: ClientConnection?
    let ends = Ends()
    do {
      let used = try run(bytes, options, ends)
      weakEngine = used.engine
      weakConnection = used.connection
    }
    try require(weakConnection == nil, "the connection outlives its channel")
    try require(weakEngine == nil, "the engine outlives its client")
    return ends.successes
  }

  private struct Used {
    weak var engine: ClientEngine?
    weak var connection: ClientConnection?
  }

  private static func run(_ bytes: [UInt8], _ options: ConnectionOptions, _ ends: Ends) throws -> Used {
    let channel = EmbeddedChannel()
    let loop = channel.embeddedEventLoop
    let configuration = configuration(options)
    let engine = try ClientEngine(target: .unix("/fuzz"), configuration: configuration, eventLoop: loop)
    guard let wanted = engine.pool.nextWanted(hasWaiting: true) else {
      throw BrokenProperty(description: "a new pool wants no connection")
    }
    let dial = Dial(wanted, engine: engine)
    defer { withExtendedLifetime(dial) {} }
    let connection = ClientConnection(
      endpoint: wanted.endpoints[0], configuration: configuration, keepalive: nil, executor: engine.executor)
    connection.report(to: dial)
    try channel.pipeline.syncOperations.addHandler(connection)
    try channel.connect(to: SocketAddress(unixDomainSocketPath: "/fuzz")).wait()
    let used = Used(engine: engine, connection: connection)
    var output = WireCheck(role: .client)

    let calls = makeCalls(options, configuration, ends)
    for call in calls { engine.start(call) }
    channel.isWritable = !options.isBlocked
    if !options.isBare { try channel.writeInbound(ByteBuffer(bytes: WireFrame(type: WireFrame.settings).bytes)) }
    // From here on the client must not dial: it could not reach anything from an embedded loop.
    engine.pool.close()

    var position = 0
    while position < bytes.count, channel.isActive {
      let end = bytes.count - position > options.piece ? position + options.piece : bytes.count
      try channel.writeInbound(ByteBuffer(bytes: bytes[position..<end]))
      position = end
      if position >= bytes.count / 2, !channel.isWritable {
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
      }
      if position >= bytes.count / 2, options.drains, let call = calls.first { engine.cancel(call) }
      try read(calls, engine)
      loop.run()
      try output.take(channel)
    }
    if options.shutsDown { connection.shutDown() }
    loop.run()
    try output.take(channel)
    try output.finish(input: bytes, messageBytesMax: 16 * 1024)
    if channel.isActive { channel.close(promise: nil) }
    loop.run()
    engine.close(grace: .zero, whenDone: nil)
    loop.run()
    try require(connection.session == nil, "a closed connection has a session")
    try read(calls, engine)
    try require(ends.counts.allSatisfy { $0 == 1 }, "calls ended \(ends.counts) times")
    for call in calls { try require(call.isEnded, "a call is in phase \(call.phase)") }
    _ = try? channel.finish(acceptAlreadyClosed: true)
    return used
  }

  private static func configuration(_ options: ConnectionOptions) -> ClientConfiguration {
    var configuration = ClientConfiguration()
    configuration.connectionsPerAddressMax = 1
    configuration.seed = 1
    configuration.keepalive = nil
    configuration.defaultTimeout = nil
    configuration.maxResponseBytes = options.isTight ? 16 : 16 * 1024
    configuration.maxHeaderListBytes = options.isTight ? 200 : 8 * 1024
    configuration.streamWindowBytes = options.isTight ? 1024 : 64 * 1024
    configuration.compressesRequests = options.compresses
    configuration.compressionThreshold = 16
    return configuration
  }

  /// Calls of each kind, as the options choose, with their requests written.
  private static func makeCalls(
    _ options: ConnectionOptions, _ configuration: ClientConfiguration, _ ends: Ends
  ) -> [ClientCall] {
    var calls: [ClientCall] = []
    for index in 0..<6 where index == 0 || options.calls & 1 << UInt8(index) != 0 {
      let kind = kinds[index % kinds.count]
      let method = MethodDescriptor(service: "fuzz.S", method: "M", kind: kind, idempotency: .idempotent)
      let request = ByteBuffer(repeating: 7, count: 40 * index)
      var callOptions = CallOptions(observer: CallObserver())
      callOptions.retry = options.calls & 128 == 0 ? nil : RetryPolicy.none
      let call = ClientCall(
        method: method, options: callOptions, metadata: ["x-a": "b"],
        request: kind.streamsRequests ? nil : request, deadline: .max, configuration: configuration)
      let number = ends.counts.count
      ends.counts.append(0)
      call.whenEnded = { error in
        ends.counts[number] += 1
        if error == nil { ends.successes += 1 }
      }
      if kind.streamsRequests {
        for _ in 0..<2 { _ = call.stream?.write(call.framed(request)) }
        if options.calls & 64 == 0 { _ = call.stream?.finishRequests() }
      }
      calls.append(call)
    }
    return calls
  }

  /// Reads what replies there are, as the tasks of a caller do.
  private static func read(_ calls: [ClientCall], _ engine: ClientEngine) throws {
    for call in calls {
      guard let stream = call.stream else { continue }
      while true {
        let (result, signal) = stream.read()
        if case .credit = signal { engine.returnCredit(call) }
        guard case .success(let message?) = result else { break }
        switch Result(catching: { () throws(FramingError) in try message.contents(bytesMax: call.messageBytesMax) }) {
        case .success(let contents):
          try require(contents.readableBytes <= call.messageBytesMax, "a reply of \(contents.readableBytes) bytes")
        case .failure(let error):
          try require(message.isCompressed, "a plain reply has no contents: \(error)")
          engine.cancel(call)
        }
      }
    }
  }
}
