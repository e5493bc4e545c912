/// Decides when the names of a target are looked up; it looks nothing up itself.
///
/// They are looked up before the first connection, and anew after a connection was lost or could not be made, with a
/// least time after each answer and a growing one after each failure. Times are nanoseconds of any monotonic clock.
package struct Resolution: Sendable {
  private let intervalMin: Int64
  private let backoff: BackoffPolicy
  private var generator: SeededGenerator
  private let isNeeded: Bool
  private var isOutdated = true
  private var isRunning = false
  private var number = 0
  private var failures = 0
  private var notBefore = Int64.min

  /// The state before the first look-up; with `isNeeded` false there never is one.
  package init(isNeeded: Bool, intervalMin: Duration, backoff: BackoffPolicy, seed: UInt64) {
    self.isNeeded = isNeeded
    self.intervalMin = max(intervalMin.clampedNanoseconds, 0)
    self.backoff = backoff
    generator = SeededGenerator(seed: seed)
  }

  /// What is known may be wrong: look up again when that is next asked for.
  package mutating func outdate() {
    isOutdated = true
  }

  /// Begins a look-up if one is needed and allowed at `now`.
  ///
  /// - Returns: its number, by which its answer is known; nil for none.
  package mutating func begin(at now: Int64) -> Int? {
    guard isNeeded, isOutdated, !isRunning, now >= notBefore else { return nil }
    isOutdated = false
    isRunning = true
    number += 1
    return number
  }

  /// When the next look-up may begin; nil when none is needed, or one is under way.
  package var due: Int64? {
    isNeeded && isOutdated && !isRunning ? notBefore : nil
  }

  /// The look-up has an answer. False when it is another's, or comes too late: pass over it.
  package mutating func found(_ number: Int, at now: Int64) -> Bool {
    guard isRunning, number == self.number else { return false }
    isRunning = false
    failures = 0
    notBefore = now.addingClamped(intervalMin)
    return true
  }

  /// The look-up has failed, or had no answer in time. False when that is another's: pass over it.
  package mutating func failed(_ number: Int, at now: Int64) -> Bool {
    guard isRunning, number == self.number else { return false }
    isRunning = false
    isOutdated = true
    failures += 1
    notBefore = now.addingClamped(backoff.delay(afterFailures: failures, using: &generator).clampedNanoseconds)
    return true
  }
}
