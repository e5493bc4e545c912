internal import NIOCore
internal import Synchronization

/// How many calls somebody may make.
public struct CallRate: Sendable, Hashable {
  /// Calls a second that can be kept up.
  public var callsPerSecond: Double

  /// Calls that may come at once, after a pause.
  public var burst: Int

  /// A rate; a burst of at least one call.
  public init(callsPerSecond: Double, burst: Int) {
    self.callsPerSecond = callsPerSecond
    self.burst = burst
  }
}

/// Refuses the calls of whoever makes too many, with RESOURCE_EXHAUSTED and a delay after which one will be let through.
///
/// Everybody has a bucket of tokens of their own. Of at most ``keysMax`` callers at a time something is remembered; when
/// more come, those are forgotten whose buckets are full, and if there are none, all of them. A call costs one lock,
/// held for one look-up.
public final class RateLimiter: ServerInterceptor {
  /// Callers that are remembered at once.
  public static let keysMax = 10_000

  private let buckets: Mutex<TokenBuckets>
  private let key: @Sendable (ServerContext) -> String?
  private let refusal: @Sendable (Duration) -> any Error

  /// Limits whoever `key` names to `rate`.
  ///
  /// - Parameters:
  ///   - key: who makes the call: a principal, or the peer's address; nil lets the call through.
  ///   - refusal: the error for a call that would be let through after this time.
  public init(
    _ rate: CallRate, key: @escaping @Sendable (ServerContext) -> String? = { $0.peer.host },
    refusal: @escaping @Sendable (Duration) -> any Error = RateLimiter.refusal(retryAfter:)
  ) {
    buckets = Mutex(TokenBuckets(rate, keysMax: Self.keysMax))
    self.key = key
    self.refusal = refusal
  }

  public func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
    if let key = key(context) {
      let now = Int64(clamping: NIODeadline.now().uptimeNanoseconds)
      let wait = buckets.withLock { $0.take(key, now: now) }
      guard wait == 0 else { throw refusal(.nanoseconds(wait)) }
    }
    try await next()
  }

  /// RESOURCE_EXHAUSTED, with the wait, rounded up to a millisecond, as a `google.rpc.RetryInfo`.
  public static func refusal(retryAfter wait: Duration) -> any Error {
    let milliseconds = wait.components.seconds * 1000 + wait.components.attoseconds / 1_000_000_000_000_000 + 1
    let message = "too many calls; try again in \(milliseconds) ms"
    return RPCError(
      .resourceExhausted, message,
      detailsBin: RetryInfo.status(.resourceExhausted, message, retryAfterMilliseconds: milliseconds))
  }
}

/// A bucket of tokens for each key; pure.
///
/// A bucket is one number: the time at which it will be full again.
struct TokenBuckets {
  /// A year; nothing here comes near to overflow.
  private static let depthMax: Int64 = 365 * 86_400 * 1_000_000_000

  private let nanosecondsPerToken: Int64
  /// How far a bucket may be from being full.
  private let depth: Int64
  private let keysMax: Int
  private var fullAt: [String: Int64] = [:]

  init(_ rate: CallRate, keysMax: Int) {
    // What is no number, or none worth the name, is the slowest rate.
    let seconds = 1 / (rate.callsPerSecond > 1e-3 ? rate.callsPerSecond : 1e-3)
    nanosecondsPerToken = max(1, Int64(seconds * 1e9))
    let (depth, overflows) = nanosecondsPerToken.multipliedReportingOverflow(by: Int64(max(1, rate.burst)))
    self.depth = overflows ? Self.depthMax : min(depth, Self.depthMax)
    self.keysMax = keysMax
  }

  /// Takes a token.
  /// - Returns: 0 if there was one, else the nanoseconds until there will be.
  mutating func take(_ key: String, now: Int64) -> Int64 {
    let due = max(fullAt[key] ?? now, now) + nanosecondsPerToken
    guard due - now <= depth else { return due - now - depth }
    if fullAt.count >= keysMax, fullAt[key] == nil { forget(now) }
    fullAt[key] = due
    return 0
  }

  /// How many keys are remembered.
  var count: Int { fullAt.count }

  private mutating func forget(_ now: Int64) {
    fullAt = fullAt.filter { $0.value > now }
    if fullAt.count >= keysMax { fullAt = [:] }
  }
}

/// The bytes of a `google.rpc.Status` with a `google.rpc.RetryInfo` in it, for a library that knows no messages.
enum RetryInfo {
  static func status(_ code: StatusCode, _ message: String, retryAfterMilliseconds: Int64) -> [UInt8] {
    let duration =
      varint(1, UInt64(max(0, retryAfterMilliseconds / 1000)))
      + varint(2, UInt64(max(0, retryAfterMilliseconds % 1000 * 1_000_000)))
    let any = bytes(1, Array("type.googleapis.com/google.rpc.RetryInfo".utf8)) + bytes(2, bytes(1, duration))
    return varint(1, UInt64(code.rawValue)) + bytes(2, Array(message.utf8)) + bytes(3, any)
  }

  private static func varint(_ field: UInt8, _ value: UInt64) -> [UInt8] { [field << 3] + varint(value) }

  private static func bytes(_ field: UInt8, _ value: [UInt8]) -> [UInt8] {
    [field << 3 | 2] + varint(UInt64(value.count)) + value
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
