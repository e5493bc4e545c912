internal import NIOCore

/// One call, from its submission to its end, over all its attempts.
///
/// `@unchecked Sendable`: what the caller settled is immutable; every variable is touched on the client's event loop
/// alone, from `ClientEngine.start(_:)` on; before that, only the task that made the call holds it.
final class ClientCall: DeadlineHeapEntry, @unchecked Sendable {
  /// Where the call stands.
  enum Phase {
    /// Not submitted.
    case new
    /// In the queue for a connection.
    case waiting
    /// On the wire.
    case open(CallAttempt)
    /// Between two attempts.
    case backingOff(Scheduled<Void>)
    /// Over.
    case ended
  }

  let method: MethodDescriptor
  let metadata: Metadata
  /// The one request of a call that has no stream of them.
  let request: FramedMessage?
  /// Nanoseconds of `NIODeadline`; `.max` for none.
  let deadlineNanoseconds: Int64
  let waitsForReady: Bool
  let messageBytesMax: Int
  /// The size from which requests are compressed; nil for never.
  let compressionThreshold: Int?
  let retry: RetryPolicy
  let isSafe: Bool
  let observer: CallObserver?
  /// The messages of a call that streams at least one way.
  let stream: CallStream?

  var continuation: CheckedContinuation<Result<ByteBuffer, RPCError>, Never>?
  /// Told once, at the end.
  var whenEnded: (@Sendable (RPCError?) -> Void)?

  var phase = Phase.new
  var deadlineHeapIndex = -1
  var retryState = RetryState()
  /// A reply was delivered, or requests were let go: no further attempt is possible.
  var isCommitted = false
  /// Requests of a stream that were handed to an attempt and are kept for the next.
  var kept: [FramedMessage] = []
  var keptBytes = 0
  var requestsEnded = false

  init(
    method: MethodDescriptor, options: CallOptions, metadata: Metadata, request: ByteBuffer?, deadline: Int64,
    configuration: ClientConfiguration
  ) {
    self.method = method
    self.metadata = metadata
    let compresses = options.compressesRequests ?? configuration.compressesRequests
    let threshold = compresses ? configuration.compressionThreshold : nil
    self.compressionThreshold = threshold
    self.request = request.map { Self.framed($0, threshold) }
    self.deadlineNanoseconds = deadline
    self.waitsForReady = options.waitForReady
    self.messageBytesMax = options.maxResponseBytes ?? configuration.maxResponseBytes
    self.retry = options.retry ?? configuration.retry
    self.isSafe = options.isSafe(method)
    self.observer = options.observer
    if method.kind == .unary {
      stream = nil
    } else {
      stream = CallStream(
        writeLimit: configuration.writeBufferBytes, creditStep: max(configuration.streamWindowBytes / 4, 1))
    }
  }

  /// A request as it is to travel.
  func framed(_ request: ByteBuffer) -> FramedMessage { Self.framed(request, compressionThreshold) }

  private static func framed(_ request: ByteBuffer, _ threshold: Int?) -> FramedMessage {
    threshold.map { FramedMessage(compressing: request, threshold: $0) } ?? FramedMessage(request)
  }

  var isEnded: Bool {
    if case .ended = phase { true } else { false }
  }
}
