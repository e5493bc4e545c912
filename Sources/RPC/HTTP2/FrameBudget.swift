/// How much a peer may do that brings no work forward: a budget that time refills, and work that is done; pure.
package struct FrameBudget: Sendable {
  private let burst: Int
  private let perSecond: Int
  private var left: Int
  /// Up to when the budget was refilled by time, in nanoseconds; 0 before the first time.
  private var refilled: Int64 = 0

  /// A full budget of `burst`, to which time adds `perSecond` and which never holds more than `burst`.
  package init(burst: Int, perSecond: Int) {
    self.burst = max(1, burst)
    self.perSecond = max(0, perSecond)
    left = self.burst
  }

  /// Work was done that earns its peer `count`.
  package mutating func earn(_ count: Int) {
    left = count < burst - left ? left + count : burst
  }

  /// Takes one off the budget; false when nothing is left. The clock, in nanoseconds, is read only when it matters.
  package mutating func spend(now: () -> Int64) -> Bool {
    if left <= burst / 2 { refill(now()) }
    guard left > 0 else { return false }
    left -= 1
    return true
  }

  private mutating func refill(_ now: Int64) {
    guard refilled > 0, perSecond > 0 else {
      refilled = now
      return
    }
    let (product, overflow) = max(0, now - refilled).multipliedReportingOverflow(by: Int64(clamping: perSecond))
    let earned = overflow ? Int64(clamping: burst) : product / Self.second
    guard earned > 0 else { return }
    // What was not enough for one more is kept for the next time.
    refilled = now - (overflow ? 0 : product % Self.second / Int64(clamping: perSecond))
    earn(Int(clamping: earned))
  }

  private static let second: Int64 = 1_000_000_000
}
