/// How failed calls are repeated and broken streams are resumed.
///
/// Only what is safe is repeated: reads, and writes under the request id of their first try. Only
/// failures that pass are met with another try: UNAVAILABLE, and RESOURCE_EXHAUSTED `OVERLOADED`
/// after the delay that the server asks for.
public struct RetrySettings: Sendable, Hashable {
  /// Tries of one call in all, 1 or more; 1 turns retries off. The call's timeout bounds them too.
  public var attemptsMax = 12
  /// The wait before the first retry; it doubles with each, and each is drawn at random between a
  /// half and the whole of it.
  public var backoffFirst: Duration = .milliseconds(50)
  /// The longest wait between two tries, unless the server asks for a longer one.
  public var backoffMax: Duration = .seconds(3)
  /// Retries that the client may make at once, all calls together.
  public var retriesBurst = 128
  /// Retries a second that the client may make from then on; what is beyond waits its turn.
  public var retriesPerSecond = 32
  /// How long a stream that was open may stay broken before it fails; for ever when nil.
  public var outageMax: Duration?

  /// The defaults: a call rides out a server's restart, and a stream resumes for ever.
  public init() {}

  /// Every failure is the caller's at once.
  public static var none: RetrySettings {
    var settings = RetrySettings()
    settings.attemptsMax = 1
    settings.outageMax = .zero
    return settings
  }
}
