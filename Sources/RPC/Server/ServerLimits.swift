/// What a server bears before it refuses.
///
/// Where a time may be nil, nil and zero mean that there is no limit.
public struct ServerLimits: Sendable {
  // MARK: A call

  /// The largest message of a client in bytes; a larger one ends its call with RESOURCE_EXHAUSTED and is not kept.
  public var messageBytesMax = 4 * 1024 * 1024

  /// The largest header list in bytes, 32 for each field included; a larger one ends its call with RESOURCE_EXHAUSTED,
  /// and one of more than 64 times the limit its connection.
  public var headerListBytesMax = 16 * 1024

  /// How far a client may stream ahead of a handler that does not read, per call, in bytes; then it waits.
  public var streamWindowBytes = 128 * 1024

  /// How far a handler may write ahead of a client that does not read, per call, in bytes; then it waits.
  public var responseBufferBytes = 64 * 1024

  // MARK: A connection

  /// How many connections there may be; more are closed at once.
  public var connectionsMax = 10_000

  /// How many connections there may be from one address; more are closed at once. Peers on Unix sockets are not
  /// counted. By default one address may have them all: behind a proxy every client has the proxy's. Where clients come
  /// directly, lower it.
  public var connectionsPerPeerMax = 10_000

  /// How many calls one connection may have at once; more are refused.
  public var concurrentStreamsMax = 100

  /// How much may be on its way to the server on one connection, in bytes; then the client waits.
  public var connectionWindowBytes = 1024 * 1024

  /// How many bytes the unfinished requests of one connection may hold together; the call that passes it ends with
  /// RESOURCE_EXHAUSTED.
  public var connectionRequestBytesMax = 64 * 1024 * 1024

  /// How many bytes of replies may wait on one connection for a client that does not read; a reply past it, unless it
  /// is the only one, is dropped and its call ends with RESOURCE_EXHAUSTED.
  public var connectionResponseBytesMax = 64 * 1024 * 1024

  // MARK: A connection's time

  /// How long a new connection may take to finish TLS and HTTP/2's greeting; then it is closed.
  public var handshakeTimeout = Duration.seconds(10)

  /// How long a connection may be without any call that was accepted (see ``ServerContext/accept()``); then it is sent
  /// away with GOAWAY and closed, after ``connectionAgeGrace`` at the latest.
  public var unauthenticatedTime: Duration? = .seconds(60)

  /// How long a connection may be without an open call; then it is sent away with GOAWAY and closed. A call that is on
  /// its way at that moment is served.
  public var idleTime: Duration? = .seconds(1800)

  /// How old a connection may become, 10 % more or less at random, so that not all clients come back at once; then it
  /// is sent away with GOAWAY, and closed after its last call.
  public var connectionAge: Duration?

  /// How long calls may go on after their connection was sent away; then they end with UNAVAILABLE. Nil for
  /// ``shutdownGrace``.
  public var connectionAgeGrace: Duration?

  /// After which silence of a client it is sent a ping.
  public var keepaliveInterval: Duration? = .seconds(120)

  /// How long it may be silent after that; then it is taken for dead: its connection is closed, its handlers cancelled.
  public var keepaliveTimeout = Duration.seconds(20)

  /// How long calls under way may go on once a shutdown has begun; then they end with UNAVAILABLE.
  public var shutdownGrace = Duration.seconds(10)

  /// How long a client may take to take the last bytes of a connection that is being closed; then they are dropped.
  public var closingTimeout = Duration.seconds(10)

  // MARK: A connection's manners

  /// How soon after a ping a client may send the next while it is sent neither headers nor messages; a sooner one is a
  /// strike. Zero allows any.
  public var pingIntervalMin = Duration.seconds(10)

  /// How many such strikes are borne until something was sent again; the next ends the connection with GOAWAY
  /// ENHANCE_YOUR_CALM “too_many_pings”.
  public var pingStrikesMax = 2

  /// How many calls a client may reset in a burst, or have reset by what it does wrong, before its connection is ended
  /// with GOAWAY.
  public var resetBurst = 1000

  /// How many resets a second a client may keep up.
  public var resetsPerSecond = 33

  /// How many frames that bring no call forward (settings, pings, window updates, priorities, empty data) a client may
  /// send in a burst before its connection is ended with GOAWAY ENHANCE_YOUR_CALM. Calls and messages, both ways, earn
  /// it more, so that what belongs to them is never refused.
  public var controlBurst = 1000

  /// How many such frames a second a client may keep up without any calls.
  public var controlsPerSecond = 100

  /// How many CONTINUATION frames one header block may have; one more ends the connection with GOAWAY.
  public var continuationsMax = 8

  /// The defaults.
  public init() {}

  var http2Settings: HTTP2Settings {
    var settings = HTTP2Settings()
    settings.concurrentStreamsMax = concurrentStreamsMax
    settings.streamWindowBytes = streamWindowBytes
    settings.connectionWindowBytes = connectionWindowBytes
    settings.headerListBytesMax = headerListBytesMax
    settings.resetBurst = resetBurst
    settings.resetsPerSecond = resetsPerSecond
    settings.controlBurst = controlBurst
    settings.controlsPerSecond = controlsPerSecond
    settings.continuationsMax = continuationsMax
    settings.closingTimeout = closingTimeout
    // Every call has a few frames at most, and what calls have left behind goes with their resets.
    settings.outboundFramesMax = 1000 + 8 * min(max(concurrentStreamsMax, 0), 1 << 24)
    return settings
  }

  var connectionTimes: ConnectionTimes {
    func nanoseconds(_ duration: Duration?) -> Int64 {
      guard let duration, duration > .zero else { return .max }
      return duration.clampedNanoseconds
    }
    return ConnectionTimes(
      handshake: handshakeTimeout.clampedNanoseconds,
      unauthenticated: nanoseconds(unauthenticatedTime),
      idle: nanoseconds(idleTime),
      age: nanoseconds(connectionAge),
      grace: (connectionAgeGrace ?? shutdownGrace).clampedNanoseconds,
      keepaliveInterval: nanoseconds(keepaliveInterval),
      keepaliveTimeout: keepaliveTimeout.clampedNanoseconds,
      pingIntervalMin: pingIntervalMin.clampedNanoseconds,
      pingStrikesMax: pingStrikesMax)
  }
}
