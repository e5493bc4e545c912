import Synchronization

/// A number that only grows, and that others wait for.
final class Milestones: Sendable {
  private struct Waiter {
    var goal: Int64
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var value: Int64 = 0
    var waiters: [Int: Waiter] = [:]
    var lastWaiter = 0
    var isFinished = false

    mutating func move(to value: Int64) -> [CheckedContinuation<Void, any Error>] {
      guard value > self.value else { return [] }
      self.value = value
      let due = waiters.filter { $0.value.goal <= value }
      for id in due.keys { waiters[id] = nil }
      return due.values.map(\.continuation)
    }
  }

  private let state = Mutex(State())

  /// How far it has come.
  var value: Int64 { state.withLock { $0.value } }

  /// Moves on by `count`.
  func add(_ count: Int64 = 1) {
    for waiter in state.withLock({ $0.move(to: $0.value + count) }) { waiter.resume() }
  }

  /// Moves on to `value`, unless it is there.
  func raise(to value: Int64) {
    for waiter in state.withLock({ $0.move(to: value) }) { waiter.resume() }
  }

  /// Lets everybody go on who waits, now and later.
  func finish() {
    let waiters = state.withLock { state in
      state.isFinished = true
      defer { state.waiters = [:] }
      return state.waiters.values
    }
    for waiter in waiters { waiter.continuation.resume() }
  }

  /// Returns once `goal` is reached or nothing more comes, or throws when the task is cancelled.
  func reach(_ goal: Int64) async throws {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let answer = state.withLock { state -> Result<Void, any Error>? in
          if state.isFinished || state.value >= goal { return .success(()) }
          if Task.isCancelled { return .failure(CancellationError()) }
          state.waiters[id] = Waiter(goal: goal, continuation: continuation)
          return nil
        }
        if let answer { continuation.resume(with: answer) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Like ``reach(_:)``, but gives up after `patience`; false then.
  func reach(_ goal: Int64, within patience: Duration) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await self.reach(goal)
        return true
      }
      group.addTask {
        try await Task.sleep(for: patience)
        return false
      }
      defer { group.cancelAll() }
      return try await group.next() ?? false
    }
  }
}
