internal import Synchronization

/// Bounds the retries of all calls of a client, so that a server that struggles is not drowned by
/// those who come back: a bucket of `burst` retries that fills up by `perSecond`.
///
/// When the bucket is empty a retry waits its turn; when a full bucket's worth is waiting already
/// it is refused.
package final class RetryAllowance: Sendable {
  private let bucket: Mutex<Bucket>

  package init(burst: Int, perSecond: Int, now: ContinuousClock.Instant = .now) {
    bucket = Mutex(Bucket(burst: burst, perSecond: perSecond, now: now))
  }

  /// Takes a retry and says how long to wait before making it; nil when it is refused.
  package func take(at now: ContinuousClock.Instant = .now) -> Duration? {
    bucket.withLock { $0.take(at: now) }
  }

  /// Gives back a retry that was taken and will not be made.
  package func giveBack() {
    bucket.withLock { $0.giveBack() }
  }

  private struct Bucket {
    private let burst: Double
    private let perSecond: Double
    /// Retries to be had; below zero those that wait.
    private var level: Double
    private var filled: ContinuousClock.Instant

    init(burst: Int, perSecond: Int, now: ContinuousClock.Instant) {
      self.burst = Double(max(burst, 0))
      self.perSecond = Double(max(perSecond, 0))
      level = self.burst
      filled = now
    }

    mutating func take(at now: ContinuousClock.Instant) -> Duration? {
      if now > filled {
        level = min(burst, level + (now - filled) / .seconds(1) * perSecond)
        filled = now
      }
      guard level >= 1 || (perSecond > 0 && level - 1 >= -burst) else { return nil }
      level -= 1
      return level >= 0 ? .zero : .seconds(-level / perSecond)
    }

    mutating func giveBack() {
      level = min(burst, level + 1)
    }
  }
}
