import Testing

@testable import DMSClient

@Suite("Waiting for a change")
struct ChangeSignalTests {
  @Test("A change between the look and the wait is not missed")
  func noLostWakeUp() async throws {
    let signal = ChangeSignal()
    let seen = signal.version
    signal.notify()
    try await signal.wait(since: seen)
  }

  @Test("Every waiter is woken")
  func everyWaiter() async throws {
    let signal = ChangeSignal()
    let seen = signal.version
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 { group.addTask { try await signal.wait(since: seen) } }
      signal.notify()
      try await group.waitForAll()
    }
  }

  @Test("A cancelled wait ends")
  func cancelled() async {
    let signal = ChangeSignal()
    let waiter = Task { try await signal.wait(since: signal.version) }
    waiter.cancel()
    await #expect(throws: CancellationError.self) { try await waiter.value }
  }
}
