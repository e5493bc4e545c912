internal import Synchronization

/// Shows on standard error how far long work has come, if that is a terminal, and measures its rate.
final class ProgressMeter: Sendable {
  private struct State {
    var done = 0
    var drawn: ContinuousClock.Instant?
  }

  private let total: Int
  private let noun: String
  private let isShown: Bool
  private let started = ContinuousClock.now
  private let state = Mutex(State())

  /// A meter for `total` things called `noun`, such as `orders`.
  init(total: Int, noun: String, isQuiet: Bool) {
    self.total = total
    self.noun = noun
    isShown = !isQuiet && Terminal.error.isTerminal
  }

  /// So many more are done. Draws at most ten times a second.
  func advance(by count: Int = 1) {
    let line = state.withLock { state -> String? in
      state.done += count
      guard isShown else { return nil }
      let now = ContinuousClock.now
      if let drawn = state.drawn, drawn.duration(to: now) < .milliseconds(100) { return nil }
      state.drawn = now
      return Self.bar(done: state.done, total: total, noun: noun, elapsed: started.duration(to: now))
    }
    if let line { Terminal.error.write("\r\u{1B}[2K\(line)") }
  }

  /// Takes the bar away, and returns the time that all took.
  @discardableResult
  func finish() -> Duration {
    let wasDrawn = state.withLock { state in
      defer { state.drawn = nil }
      return state.drawn != nil
    }
    if wasDrawn { Terminal.error.write("\r\u{1B}[2K") }
    return started.duration(to: .now)
  }

  /// A bar with figures, such as `━━━━━━━━────  1,200 of 2,197 orders  640/s`.
  static func bar(done: Int, total: Int, noun: String, elapsed: Duration) -> String {
    let width = 24
    let filled = total > 0 ? min(width, width * min(done, total) / total) : width
    let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
    return "\(bar)  \(CountText.grouped(done)) of \(CountText.grouped(total)) \(noun)  \(rate(done, in: elapsed))/s"
  }

  /// Things a second as a whole number.
  static func rate(_ count: Int, in elapsed: Duration) -> String {
    let seconds = elapsed / .seconds(1)
    guard seconds > 0 else { return "0" }
    return CountText.grouped(Int64((Double(count) / seconds).rounded()))
  }

  /// Seconds with one or two decimals, such as `3.1 s`.
  static func seconds(_ elapsed: Duration) -> String {
    let hundredths = Int64((elapsed / .milliseconds(10)).rounded())
    return "\(hundredths / 100).\(CalendarDate.padded(hundredths % 100, 2)) s"
  }
}
