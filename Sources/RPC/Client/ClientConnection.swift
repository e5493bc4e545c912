internal import NIOCore
internal import NIOTLS

/// The client's end of one connection.
///
/// It may lose the race between the addresses of its target: until its engine adopts it, its dial is told what happens.
final class ClientConnection: HTTP2Connection {
  private enum Standing {
    /// The peer's settings have not come.
    case starting
    /// Calls may be opened.
    case ready
    /// It takes no new calls.
    case draining
    /// It is gone.
    case lost
  }

  let endpoint: Endpoint
  let retryBufferBytes: Int
  let authority: String
  let isSecure: Bool

  private(set) var id: ConnectionPool.ID = -1
  private(set) weak var engine: ClientEngine?
  private weak var dial: Dial?
  /// Whether what is sent can be read neither on a network nor by a stranger; settled when the connection stands.
  private(set) var maySendSecrets = false
  /// What the peer's GOAWAY said.
  private(set) var lastStreamID: Int32?
  private var goAwayReason: String?
  private var standing = Standing.starting
  private var isProven = false
  private var isShuttingDown = false
  private var keepalive: Keepalive?
  private var keepaliveTimer: Scheduled<Void>?
  private var headers: [String: HeaderFields] = [:]
  private var lastTimeout: (nanoseconds: Int64, text: String) = (0, "0n")

  init(endpoint: Endpoint, configuration: ClientConfiguration, keepalive: KeepalivePolicy?, executor: LoopExecutor) {
    self.endpoint = endpoint
    retryBufferBytes = configuration.retryBufferBytes
    authority = configuration.authority ?? configuration.tls?.serverName ?? endpoint.address.authority
    isSecure = configuration.tls != nil
    userAgent = configuration.userAgent.map { "\($0) \(Self.runtimeName)" } ?? Self.runtimeName
    keepalivePolicy = keepalive
    var settings = HTTP2Settings()
    settings.streamWindowBytes = max(configuration.streamWindowBytes, 1 << 10)
    settings.connectionWindowBytes = max(configuration.streamWindowBytes * 2, 4 << 20)
    settings.headerListBytesMax = configuration.maxHeaderListBytes
    super.init(role: .client, settings: settings, executor: executor)
  }

  private static let runtimeName = "grpc-swift-dms/1"
  private let userAgent: String
  private let keepalivePolicy: KeepalivePolicy?

  /// Begins to report to `dial`; at once, when it has been ready or lost before.
  func report(to dial: Dial) {
    self.dial = dial
    switch standing {
    case .starting: break
    case .ready, .draining: dial.ready(self)
    case .lost: dial.lost(self)
    }
  }

  /// Belongs to `engine` from now on, and carries its calls.
  func adopt(by engine: ClientEngine, as id: ConnectionPool.ID) {
    self.engine = engine
    self.id = id
    dial = nil
    engine.connectionReady(self, streamsMax: streamsMax)
    if case .draining = standing { engine.connectionDraining(self, byPeer: true) }
  }

  /// The error of a call that the connection took with it.
  var lossError: RPCError {
    if let goAwayReason {
      return RPCError(.unavailable, "the server closed the connection: \(goAwayReason)", cause: failure)
    }
    if let error = failure as? RPCError { return error }
    let reason = failure.map { ": \($0)" } ?? ""
    return RPCError(.unavailable, "the connection was lost\(reason)", cause: failure)
  }

  /// Opens a stream for a call.
  func open(_ call: ClientCall) throws -> CallAttempt {
    guard let session else { throw HTTP2SessionError.closed }
    let attempt = CallAttempt(call: call, connection: self)
    try session.request(attempt, requestHeaders(call))
    attempt.sendRequests()
    return attempt
  }

  /// An attempt's stream is gone.
  func streamEnded() {
    engine?.streamEnded(on: self)
  }

  /// The peer answered a call.
  func proven() {
    guard !isProven else { return }
    isProven = true
    engine?.connectionProven(self)
  }

  /// Says goodbye and closes once what is open has ended.
  func shutDown() {
    guard !isShuttingDown else { return }
    isShuttingDown = true
    try? session?.submitGoAway(.noError)
    closeAfterFlush()
  }

  // MARK: What the connection tells

  override func connected() {
    maySendSecrets = isSecure || channel?.remoteAddress?.isLoopback ?? false
    guard let policy = keepalivePolicy else { return }
    keepalive = Keepalive(policy, now: Self.now)
    scheduleKeepalive(at: Self.now.addingClamped(policy.interval.clampedNanoseconds))
  }

  override func sessionReceivedSettings() {
    switch standing {
    case .starting:
      standing = .ready
      dial?.ready(self)
    case .ready:
      engine?.connectionLimitChanged(self, streamsMax: streamsMax)
    case .draining, .lost:
      break
    }
  }

  override func sessionReceivedGoAway(lastStreamID: Int32, code: HTTP2ErrorCode, text: String) {
    self.lastStreamID = min(self.lastStreamID ?? lastStreamID, lastStreamID)
    if code != .noError { goAwayReason = text.isEmpty ? "\(code)" : "\(code) (\(text))" }
    if code == .enhanceYourCalm, text == "too_many_pings", let keepalivePolicy {
      engine?.pingedTooOften(keepalivePolicy)
    }
    drain(byPeer: true)
  }

  override func disconnected(_ error: (any Error)?) {
    standing = .lost
    keepaliveTimer?.cancel()
    keepaliveTimer = nil
    if let dial { dial.lost(self) } else { engine?.connectionLost(self) }
  }

  override func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if keepalive != nil { keepalive?.received(at: Self.now) }
    super.channelRead(context: context, data: data)
  }

  /// Takes no new calls from now on.
  func drain(byPeer: Bool = false) {
    switch standing {
    case .ready:
      standing = .draining
      engine?.connectionDraining(self, byPeer: byPeer)
    case .starting:
      // A peer that says goodbye before its settings: the attempt has failed.
      channel?.close(promise: nil)
    case .draining, .lost:
      break
    }
  }

  private var streamsMax: Int {
    Int(session?.peerConcurrentStreamsMax ?? 0)
  }

  private static var now: Int64 {
    Int64(clamping: NIODeadline.now().uptimeNanoseconds)
  }

  // MARK: Keepalive

  private func scheduleKeepalive(at time: Int64) {
    guard let channel else { return }
    keepaliveTimer = channel.eventLoop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(time, 0))))
    {
      self.keepaliveDue()
    }
  }

  private func keepaliveDue() {
    guard let action = keepalive?.timerFired(at: Self.now, hasCalls: (session?.streamCount ?? 0) > 0) else { return }
    switch action {
    case .wait(let time):
      scheduleKeepalive(at: time)
    case .ping(let time):
      try? session?.submitPing(0x6B65_6570)
      scheduleKeepalive(at: time)
    case .giveUp:
      channel?.pipeline.fireErrorCaught(RPCError(.unavailable, "the server did not answer a ping"))
    }
  }

  // MARK: Headers

  /// How many methods' headers are kept ready.
  private static let headersMax = 1_000

  private func requestHeaders(_ call: ClientCall) -> HeaderFields {
    var fields: HeaderFields
    if let ready = headers[call.method.path] {
      fields = ready
    } else {
      fields = HeaderFields()
      fields.add(":method", "POST")
      fields.add(":scheme", isSecure ? "https" : "http")
      fields.add(":path", call.method.path)
      fields.add(":authority", authority)
      fields.add("te", "trailers")
      fields.add("content-type", "application/grpc")
      fields.add("user-agent", userAgent)
      fields.add("grpc-accept-encoding", MessageEncoding.accepted)
      if headers.count < Self.headersMax { headers[call.method.path] = fields }
    }
    if call.deadlineNanoseconds != .max {
      fields.add("grpc-timeout", timeoutText(call.deadlineNanoseconds - Self.now))
    }
    if call.compressionThreshold != nil { fields.add("grpc-encoding", "gzip") }
    if call.retryState.previousAttempts > 0 {
      fields.add("grpc-previous-rpc-attempts", "\(call.retryState.previousAttempts)")
    }
    if !call.metadata.isEmpty { fields.add(call.metadata) }
    return fields
  }

  /// The header for what is left of a call's time, rounded up to milliseconds when that is little of it: so that
  /// calls with one timeout share one header, which HPACK then sends as a single byte.
  private func timeoutText(_ nanoseconds: Int64) -> String {
    let millisecond: Int64 = 1_000_000
    var rounded = nanoseconds
    if nanoseconds >= 100 * millisecond {
      rounded = (nanoseconds / millisecond + (nanoseconds % millisecond == 0 ? 0 : 1)) * millisecond
    }
    if rounded != lastTimeout.nanoseconds {
      lastTimeout = (rounded, CallTimeout.format(.nanoseconds(rounded)))
    }
    return lastTimeout.text
  }
}

/// Refuses a TLS connection on which HTTP/2 was not agreed.
final class ALPNGuard: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let agreed) = event as? TLSUserEvent, agreed != "h2" {
      let answer = agreed.map { "“\($0)”" } ?? "no protocol"
      context.fireErrorCaught(
        RPCError(.unavailable, "the server does not speak HTTP/2 over TLS: it agreed to \(answer)"))
      context.close(promise: nil)
      return
    }
    context.fireUserInboundEventTriggered(event)
  }
}
