internal import Logging
internal import NIOCore

/// One connection at the server.
///
/// `@unchecked Sendable`: everything happens on its event loop; from other threads it is only handed around, and
/// reached through ``HTTP2Connection/executor``.
final class ServerConnection: HTTP2Connection, @unchecked Sendable {
  private enum Stage {
    case open
    /// The client was told to open no more calls; those on their way are served.
    case draining
    /// New calls are refused; the last one that ends closes the connection.
    case closing
  }

  let server: ServerCore
  private let id: UInt64
  private var stage = Stage.open
  private var handshakeTimer: Scheduled<Void>?
  private var deadlineTimer: Scheduled<Void>?
  private var timerDeadline: ContinuousClock.Instant?

  init(id: UInt64, server: ServerCore, executor: LoopExecutor, isTLS: Bool) {
    self.id = id
    self.server = server
    super.init(role: .server, settings: server.limits.http2Settings, isTLS: isTLS, executor: executor)
  }

  /// Who is at the other end.
  private(set) lazy var identity = ConnectionIdentity(id: id, peer: peer)

  /// Whether the server has begun to shut down.
  var isDraining: Bool { if case .open = stage { false } else { true } }

  private var peer: Peer {
    guard let channel else { return Peer(address: "unknown", isLoopback: false) }
    let address = channel.remoteAddress
    return Peer(
      address: address?.text ?? "unknown", isLoopback: address?.isLoopback ?? false,
      tls: isTLS ? TLSIdentity(channel) : nil)
  }

  // MARK: The session

  override func opened() {
    let timeout = TimeAmount(server.limits.handshakeTimeout)
    handshakeTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
      self.handshakeTimer = nil
      self.channel?.close(promise: nil)
    }
  }

  override func connected() {
    if isDraining { announceShutdown() }
  }

  override func sessionReceivedSettings() {
    handshakeTimer?.cancel()
    handshakeTimer = nil
  }

  override func sessionOpensStream() -> HTTP2Stream? {
    if case .closing = stage { return nil }
    return ServerCall(connection: self)
  }

  override func sessionClosedStream(_ stream: HTTP2Stream) {
    closeIfDone()
  }

  override func disconnected(_ error: (any Error)?) {
    handshakeTimer?.cancel()
    handshakeTimer = nil
    deadlineTimer?.cancel()
    deadlineTimer = nil
    if let error {
      server.logger.debug("a connection failed", metadata: ["connection": "\(id)", "cause": "\(error)"])
    }
  }

  // MARK: Deadlines

  /// Has calls looked at when `deadline` passes. One timer serves all calls: it fires for the earliest.
  func watch(_ deadline: ContinuousClock.Instant) {
    if let timerDeadline, timerDeadline <= deadline { return }
    deadlineTimer?.cancel()
    timerDeadline = deadline
    let delay = max(.zero, ContinuousClock.now.duration(to: deadline))
    deadlineTimer = executor.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { self.checkDeadlines() }
  }

  private func checkDeadlines() {
    deadlineTimer = nil
    timerDeadline = nil
    let now = ContinuousClock.now
    var earliest: ContinuousClock.Instant?
    for case let call as ServerCall in session?.openStreams ?? [] {
      guard let deadline = call.checkDeadline(now) else { continue }
      earliest = min(earliest ?? deadline, deadline)
    }
    if let earliest { watch(earliest) }
  }

  // MARK: Shutdown

  /// Tells the client to go elsewhere; calls under way go on, and the connection closes after the last.
  func drain() {
    guard case .open = stage else { return }
    stage = .draining
    announceShutdown()
  }

  private func announceShutdown() {
    // A connection that is not set up yet says it when it is.
    guard let session else { return }
    try? session.submitShutdownNotice()
    // When this comes back, everything that the client sent before it knew of the shutdown has arrived.
    try? session.submitPing(0)
    for case let call as ServerCall in session.openStreams { call.drain() }
  }

  override func sessionReceivedPingAck(_ payload: UInt64) {
    guard case .draining = stage else { return }
    stage = .closing
    try? session?.submitGoAway(.noError)
    closeIfDone()
  }

  /// Ends every call with UNAVAILABLE, and closes.
  func shutDown() {
    stage = .closing
    guard let session else {
      channel?.close(promise: nil)
      return
    }
    try? session.submitGoAway(.noError)
    for case let call as ServerCall in session.openStreams { call.shutDown() }
    closeAfterFlush()
  }

  private func closeIfDone() {
    if case .closing = stage, session?.streamCount == 0 { closeAfterFlush() }
  }
}
