/// Waits that double up to a bound, each drawn at random between a half and the whole of it, so
/// that callers who failed together do not come back together.
package struct Backoff: Sendable {
  private let first: Duration
  private let max: Duration
  private var next: Duration

  package init(first: Duration, max: Duration) {
    self.first = Swift.max(first, .zero)
    self.max = Swift.max(max, .zero)
    next = Swift.min(self.first, self.max)
  }

  /// The wait before the next try; the one after it will be up to twice as long.
  package mutating func wait(using generator: inout some RandomNumberGenerator) -> Duration {
    let whole = next
    next = Swift.min(next * 2, max)
    return whole * Double.random(in: 0.5...1, using: &generator)
  }

  /// Begins again with the first wait.
  package mutating func reset() {
    next = Swift.min(first, max)
  }
}

extension RetrySettings {
  package var backoff: Backoff {
    Backoff(first: backoffFirst, max: backoffMax)
  }
}
