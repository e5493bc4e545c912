/// Decides, failure by failure, whether a call is tried again, and after how long.
package struct RetryLoop: Sendable {
  private let attemptsMax: Int
  private let isRepeatable: Bool
  private var backoff: Backoff
  private var attempts = 0

  /// A call that may be repeated without harm, or may not.
  package init(settings: RetrySettings, isRepeatable: Bool) {
    self.attemptsMax = settings.attemptsMax
    self.isRepeatable = isRepeatable
    self.backoff = settings.backoff
  }

  /// The wait before the next try after `error`; nil when the error is the caller's.
  ///
  /// `remaining` is what is left of the call's time: a wait that would use it up is not begun.
  package mutating func wait(
    after error: DMSError, remaining: Duration?, using generator: inout some RandomNumberGenerator
  ) -> Duration? {
    attempts += 1
    guard isRepeatable, attempts < attemptsMax, error.isTransient else { return nil }
    var wait = backoff.wait(using: &generator)
    // What the server asks for is the least; the jitter stays on top of it.
    if let asked = error.retryDelay { wait += asked }
    if let remaining, wait >= remaining { return nil }
    return wait
  }
}
