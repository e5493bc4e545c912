import Synchronization

/// What a stub does call by call; the last entry stands for all that follow. Keeps what it was called with.
final class Script<Call: Sendable, Step: Sendable>: Sendable {
  private let steps: [Step]
  private let calls = Mutex<[Call]>([])

  init(_ steps: Step...) {
    self.steps = steps
  }

  /// Every call so far, in order.
  var seen: [Call] { calls.withLock { $0 } }

  /// Notes a call, and says what to do about it.
  func next(_ call: Call) -> Step {
    calls.withLock { calls in
      calls.append(call)
      return steps[min(calls.count, steps.count) - 1]
    }
  }
}
