internal import Synchronization

/// Lets tasks wait until something that another part keeps may have changed.
///
/// A waiter notes ``version``, looks at the state, and waits for a later version: a change between
/// the look and the wait is never missed.
final class ChangeSignal: Sendable {
  private struct State {
    var version: UInt64 = 0
    var lastWaiter: UInt64 = 0
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  /// Counts the changes.
  var version: UInt64 {
    state.withLock { $0.version }
  }

  /// Wakes every waiter.
  func notify() {
    let waiters = state.withLock { state in
      state.version &+= 1
      defer { state.waiters = [:] }
      return state.waiters.values
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns once the version is another than `seen`, or throws when the task is cancelled.
  func wait(since seen: UInt64) async throws(CancellationError) {
    let id = state.withLock { state in
      state.lastWaiter &+= 1
      return state.lastWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDue = state.withLock { state in
          // A cancellation sets the flag before it looks for the waiter, so one of the two sees it.
          if state.version != seen || Task.isCancelled { return true }
          state.waiters[id] = continuation
          return false
        }
        if isDue { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
    if Task.isCancelled { throw CancellationError() }
  }
}
