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

  /// Who watches calls and connections, such as ``ServerMetrics`` and ``AccessLog``.
  public var observers: [any ServerObserver] = []

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
