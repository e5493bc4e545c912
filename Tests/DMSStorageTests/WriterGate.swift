import Dispatch

@testable import DMSStorage

/// Holds the writer inside a write, so that a test can let others gather behind it.
///
/// A test waits for events, never for time: `hold` returns once the writer stands in the gate.
struct WriterGate: Sendable {
  private let open = DispatchSemaphore(value: 0)

  /// Starts a write that stands until ``release()``; returns when it has begun.
  func hold(_ store: Store) async -> Task<Void, any Error> {
    let open = open
    let (began, continuation) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await store.write(WriteRequest(.interactive, principal: "gate")) { _ in
        continuation.finish()
        open.wait()
        // The batch may be run again: then the gate stands open.
        open.signal()
      }
    }
    for await _ in began {}
    return task
  }

  func release() {
    open.signal()
  }
}

extension Store {
  /// Returns once `count` writes wait.
  func untilWaiting(_ count: Int) async {
    while waitingWrites < count { await Task.yield() }
  }
}
