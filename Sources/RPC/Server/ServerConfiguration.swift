/// Where and how a server listens.
public struct ServerConfiguration: Sendable {
  /// Where to listen.
  public enum Endpoint: Sendable, Hashable {
    /// A host name or address and a port; port 0 takes a free one.
    case tcp(host: String, port: Int)
    /// A Unix socket; a socket that no server listens on any more is replaced.
    case unix(path: String)
  }

  /// Where to listen.
  public var endpoint: Endpoint

  /// The server's certificate and key; nil serves plain text.
  public var tls: ServerTLS?

  /// Lets plain text leave this machine. Without it, a server without TLS listens on loopback and Unix sockets alone.
  public var allowInsecure = false

  /// What the server bears.
  public var limits = ServerLimits()

  /// When replies are compressed with gzip, for clients that accept it.
  public var replyCompression = ReplyCompression.whenAsked

  /// Replies of fewer bytes are never compressed.
  public var compressionThreshold = 1024

  /// How many event loops serve; nil for one per core, shared with the rest of the process.
  public var eventLoops: Int?

  /// Adds details to a status just before it is sent, also to those that the runtime makes itself, such as for a
  /// message over the limit; nil sends them as they are. It is called on an event loop and must be quick.
  public var statusCompletion: (@Sendable (RPCError) -> RPCError)?

  /// A server on `endpoint` with the defaults.
  public init(endpoint: Endpoint) {
    self.endpoint = endpoint
  }

  /// A server on a host and port with the defaults.
  public init(host: String, port: Int) {
    self.init(endpoint: .tcp(host: host, port: port))
  }
}

/// When a server compresses its replies.
public enum ReplyCompression: Sendable, Hashable {
  /// Never.
  case never
  /// Where a handler or an interceptor sets ``ServerContext/compressesReplies``.
  case whenAsked
  /// Unless a handler or an interceptor clears ``ServerContext/compressesReplies``.
  case always
}

/// What a server bears before it refuses.
public struct ServerLimits: Sendable {
  /// The largest message of a client in bytes; a larger one ends its call with RESOURCE_EXHAUSTED and is not kept.
  public var messageBytesMax = 4 * 1024 * 1024

  /// The largest header list in bytes, 32 for each field included; a larger one ends its call with RESOURCE_EXHAUSTED.
  public var headerListBytesMax = 16 * 1024

  /// How many calls one connection may have at once; more are refused.
  public var concurrentStreamsMax = 100

  /// How many connections there may be; more are closed at once.
  public var connectionsMax = 10_000

  /// How many connections there may be from one address; more are closed at once. Peers on Unix sockets are not
  /// counted. By default one address may have them all: behind a proxy every client has the proxy's. Where clients come
  /// directly, lower it.
  public var connectionsPerPeerMax = 10_000

  /// How long a new connection may take to finish TLS and HTTP/2's greeting.
  public var handshakeTimeout = Duration.seconds(10)

  /// How far a client may stream ahead of a handler that does not read, per call, in bytes.
  public var streamWindowBytes = 128 * 1024

  /// How much may be on its way to the server on one connection, in bytes.
  public var connectionWindowBytes = 1024 * 1024

  /// How far a handler may write ahead of a client that does not read, per call, in bytes.
  public var responseBufferBytes = 64 * 1024

  /// How many calls a client may reset in a burst before its connection is ended.
  public var resetBurst = 1000

  /// How many resets a second a client may keep up.
  public var resetsPerSecond = 33

  /// How long calls under way may go on once a shutdown has begun.
  public var shutdownGrace = Duration.seconds(10)

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
    return settings
  }
}
