/// How a client connects, and what its calls do unless their options say otherwise.
public struct ClientConfiguration: Sendable {
  /// TLS; nil for plain text.
  public var tls: ClientTLS?
  /// Sent with every call. Refused on a plain-text connection to another machine.
  public var credentials: CallCredentials?
  /// Names of metadata that never leave in plain text for another machine, whoever set them.
  public var secretMetadata: Set<String> = ["authorization", "proxy-authorization", "cookie", "x-api-key"]
  /// The `:authority` of the calls; nil for the address that was connected to.
  public var authority: String?
  /// Put before the runtime's own name in `user-agent`.
  public var userAgent: String?

  /// The time limit of a unary or client-streaming call that has none of its own; nil for none.
  /// Calls with a stream of replies have none by default.
  public var defaultTimeout: Duration? = .seconds(60)
  /// The largest reply message in bytes.
  public var maxResponseBytes = 4 << 20
  /// Whether requests are compressed with gzip unless a call's options say otherwise. The server must read it: one that
  /// does not answers UNIMPLEMENTED.
  public var compressesRequests = false
  /// Requests of fewer bytes are never compressed.
  public var compressionThreshold = 1024
  /// The largest header list in bytes, counted as HTTP/2 does.
  public var maxHeaderListBytes = 16 << 10
  /// When calls are tried again.
  public var retry = RetryPolicy()
  /// How much of the traffic may be retries.
  public var retryBudget = RetryBudget()
  /// Reads from an error how long its server asks to wait; by default from a `google.rpc.RetryInfo`. Nil when it does not
  /// ask. A `grpc-retry-pushback-ms` in the trailers goes before it. Called on the event loop: it must not block.
  public var retryDelay: (@Sendable (RPCError) -> Duration?)? = { RetryInfoDelay.read($0) }
  /// Bytes of requests that a streaming call keeps so as to send them again; beyond that it is not
  /// tried again.
  public var retryBufferBytes = 64 << 10

  /// Which of the target's addresses calls go to.
  public var loadBalancing = LoadBalancing.pickFirst
  /// Finds the addresses of the target's names.
  public var resolver: any NameResolver = SystemResolver()
  /// The least time between two look-ups of the target's names, which happen when a connection was lost or refused.
  public var lookUpIntervalMin: Duration = .seconds(10)
  /// Connections to one address at most; another is opened when the streams of those before it run out.
  public var connectionsPerAddressMax = 4
  /// How long an address's connections beyond its first are kept without calls.
  public var spareConnectionIdleMax: Duration = .seconds(60)
  /// How long the client stays connected without calls; the next call connects anew. Nil for ever.
  public var connectionIdleMax: Duration? = .seconds(30 * 60)
  /// Calls that may wait for a connection or a stream; the next fails with RESOURCE_EXHAUSTED.
  public var maxWaitingCalls = 10_000
  /// How long a look-up of names may take, and how long an attempt to connect to one address, until the peer's first
  /// settings.
  public var connectTimeout: Duration = .seconds(10)
  /// When one address has not answered for this long, the next is tried beside it; the first that answers is kept.
  public var connectionAttemptDelay: Duration = .milliseconds(250)
  /// The wait between attempts to connect.
  public var reconnect = BackoffPolicy.reconnect
  /// How a silent peer is noticed; nil for not at all.
  public var keepalive: KeepalivePolicy? = KeepalivePolicy()
  /// Bytes of replies that may be under way on one stream before the caller consumed any.
  public var streamWindowBytes = 1 << 20
  /// Bytes of requests that a streaming call buffers before its writer waits.
  public var writeBufferBytes = 64 << 10

  /// Called in this order around every call.
  public var interceptors: [any ClientInterceptor] = []
  /// Where the random waits start from; nil for chance.
  public var seed: UInt64?

  /// The defaults, with TLS or without.
  public init(tls: ClientTLS? = nil) {
    self.tls = tls
  }
}
