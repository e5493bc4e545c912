/// What a caller can settle for one call.
public struct CallOptions: Sendable {
  /// Sent before the request; names are lower case, those ending in `-bin` hold bytes.
  public var metadata: Metadata
  /// How long the call may take, retries included; nil means the client's default for its kind.
  public var timeout: Duration?
  /// Whether to wait for a connection, until the deadline, while the server cannot be reached.
  public var waitForReady: Bool
  /// The largest reply message in bytes; nil means the client's default.
  public var maxResponseBytes: Int?
  /// When to try again; nil means the client's default. Only calls that are safe are tried again.
  public var retry: RetryPolicy?
  /// Whether the call may be processed twice; nil means that the method's declaration decides.
  public var isRetryable: Bool?
  /// Whether requests are compressed with gzip; nil means the client's default. Small ones never are.
  public var compressesRequests: Bool?
  /// Where the call leaves the metadata of its reply.
  public var observer: CallObserver?

  /// The options of an ordinary call, apart from what is given.
  public init(
    metadata: Metadata = [:], timeout: Duration? = nil, waitForReady: Bool = false, maxResponseBytes: Int? = nil,
    retry: RetryPolicy? = nil, isRetryable: Bool? = nil, compressesRequests: Bool? = nil,
    observer: CallObserver? = nil
  ) {
    self.metadata = metadata
    self.timeout = timeout
    self.waitForReady = waitForReady
    self.maxResponseBytes = maxResponseBytes
    self.retry = retry
    self.isRetryable = isRetryable
    self.compressesRequests = compressesRequests
    self.observer = observer
  }

  /// Whether a call of `method` with these options may be processed twice.
  package func isSafe(_ method: MethodDescriptor) -> Bool {
    isRetryable ?? (method.idempotency != .unknown)
  }
}
