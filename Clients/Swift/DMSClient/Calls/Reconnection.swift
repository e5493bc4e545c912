/// Decides whether a broken stream is opened again, and after how long.
///
/// A stream that has never answered is given up when the time of an ordinary call is over: the
/// address may be wrong. One that has answered before is resumed for as long as `outageMax` allows.
package struct Reconnection: Sendable {
  private let outageMax: Duration?
  private let firstAnswerMax: Duration
  private var backoff: Backoff
  private var hasAnswered = false
  private var brokenSince: ContinuousClock.Instant?

  package init(settings: RetrySettings, firstAnswerMax: Duration) {
    self.outageMax = settings.outageMax
    self.firstAnswerMax = firstAnswerMax
    self.backoff = settings.backoff
  }

  /// The stream has brought something: a later break is a new one.
  package mutating func answered() {
    hasAnswered = true
    brokenSince = nil
    backoff.reset()
  }

  /// The wait before the stream is opened again after `error`; nil when the error is the caller's.
  package mutating func wait(
    after error: DMSError, at now: ContinuousClock.Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Duration? {
    guard error.isTransient else { return nil }
    let since = brokenSince ?? now
    brokenSince = since
    let wait = backoff.wait(using: &generator) + (error.retryDelay ?? .zero)
    let patience = hasAnswered ? outageMax : firstAnswerMax
    if let patience, since.duration(to: now) + wait > patience { return nil }
    return wait
  }
}
