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
  private var clock: ConnectionClock
  private var pings = PingManners()
  /// The earliest deadline of a call, as far as it is known, and the same in ``LoopTimers/now``'s clock.
  private var callDeadline: ContinuousClock.Instant?
  private var callTime = Int64.max
  /// How many bytes the unfinished requests of all calls hold.
  private var requestBytes = 0
  /// Whether the session has ended: the rest is closing the channel.
  private var isOver = false

  init(id: UInt64, server: ServerCore, executor: LoopExecutor, isTLS: Bool) {
    self.id = id
    self.server = server
    self.clock = ConnectionClock(
      server.times, now: LoopTimers.now, jitter: server.times.age == .max ? 0 : .random(in: -1...1))
    super.init(role: .server, settings: server.limits.http2Settings, isTLS: isTLS, executor: executor)
  }

  /// Who is at the other end.
  var identity: ConnectionIdentity {
    if let knownIdentity { return knownIdentity }
    let identity = ConnectionIdentity(id: id, peer: peer)
    knownIdentity = identity
    return identity
  }

  /// Made for the first call: before TLS is established nobody knows who it is.
  private var knownIdentity: ConnectionIdentity?

  /// Whether any call was accepted.
  private var isAccepted: Bool { knownIdentity?.isAccepted ?? false }

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
    lookAgain()
  }

  override func connected() {
    if isDraining { announceShutdown() }
  }

  override func sessionReceivedSettings() {
    guard !clock.isGreeted else { return }
    clock.greeted()
    lookAgain()
  }

  override func sessionOpensStream() -> HTTP2Stream? {
    if case .closing = stage { return nil }
    clock.began()
    return ServerCall(connection: self)
  }

  override func sessionClosedStream(_ stream: HTTP2Stream) {
    guard session?.streamCount == 0 else { return }
    let now = LoopTimers.now
    clock.ended(at: now)
    if now.addingClamped(server.times.idle) < deadlineNanoseconds { lookAgain() }
    closeIfDone()
  }

  override func disconnected(_ error: (any Error)?) {
    isOver = true
    look(at: .max)
    if let error {
      server.logger.debug("a connection failed", metadata: ["connection": "\(id)", "cause": "\(error)"])
    }
  }

  // MARK: Bounds

  override func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    clock.received(at: LoopTimers.now)
    super.channelRead(context: context, data: data)
  }

  override func sessionReceivedPing() {
    if session?.hasSentWork == true {
      session?.hasSentWork = false
      pings.forgive()
    }
    if pings.received(at: LoopTimers.now, server.times) { session?.endForMisuse("too_many_pings") }
  }

  /// A call's unfinished request holds `count` bytes more, or less; false when they are too many for one connection.
  @discardableResult func holds(_ count: Int) -> Bool {
    requestBytes += count
    return count <= 0 || requestBytes <= server.limits.connectionRequestBytesMax
  }

  /// Whether a reply of `count` bytes may wait besides those that do.
  func mayQueue(_ count: Int) -> Bool {
    guard let waiting = session?.unsentBytes, waiting > 0 else { return true }
    return waiting + count <= server.limits.connectionResponseBytesMax
  }

  // MARK: Times

  /// Has calls looked at when `deadline` passes.
  func watch(_ deadline: ContinuousClock.Instant) {
    if let callDeadline, callDeadline <= deadline { return }
    callDeadline = deadline
    let delay = max(.zero, ContinuousClock.now.duration(to: deadline))
    callTime = LoopTimers.now.addingClamped(delay.clampedNanoseconds)
    if callTime < deadlineNanoseconds { lookAgain() }
  }

  private func lookAgain() {
    guard !isOver else { return }
    look(at: min(callTime, clock.next(server.times, isAccepted: isAccepted)))
  }

  override func timerFired(at now: Int64) {
    super.timerFired(at: now)
    guard !isOver else { return }
    if now >= callTime { checkDeadlines() }
    switch clock.due(at: now, server.times, isAccepted: isAccepted) {
    case .nothing: break
    case .close: channel?.close(promise: nil)
    case .drain(let reason):
      server.logger.debug("sending a client away", metadata: ["connection": "\(id)", "reason": "\(reason.rawValue)"])
      drain(grace: server.times.grace)
    case .endCalls: shutDown()
    case .ping: try? session?.submitPing(Self.keepalivePing)
    case .giveUp: abort(RPCError(.unavailable, "the client did not answer a ping"))
    }
    lookAgain()
  }

  private func checkDeadlines() {
    callDeadline = nil
    callTime = .max
    let now = ContinuousClock.now
    var earliest: ContinuousClock.Instant?
    for case let call as ServerCall in session?.openStreams ?? [] {
      guard let deadline = call.checkDeadline(now) else { continue }
      earliest = min(earliest ?? deadline, deadline)
    }
    if let earliest { watch(earliest) }
  }

  // MARK: Shutdown

  private static let shutdownPing: UInt64 = 0
  private static let keepalivePing: UInt64 = 1

  /// Tells the client to go elsewhere; calls under way go on, and the connection closes after the last, or after `grace`
  /// nanoseconds.
  func drain(grace: Int64 = .max) {
    guard case .open = stage else { return }
    stage = .draining
    clock.draining(at: LoopTimers.now, grace: grace)
    lookAgain()
    announceShutdown()
  }

  private func announceShutdown() {
    // A connection that is not set up yet says it when it is.
    guard let session else { return }
    try? session.submitShutdownNotice()
    // When this comes back, everything that the client sent before it knew of the shutdown has arrived.
    try? session.submitPing(Self.shutdownPing)
    for case let call as ServerCall in session.openStreams { call.drain() }
  }

  override func sessionReceivedPingAck(_ payload: UInt64) {
    guard payload == Self.shutdownPing, case .draining = stage else { return }
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
