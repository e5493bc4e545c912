internal import DMSStorage
internal import Logging
internal import Synchronization

/// Knows whether the store answers, by asking it now and then, and tells those who want to know.
///
/// Only reads are asked: a store that takes no writes, such as one on a full disk, still answers.
package final class StoreProbe: Sendable {
  /// How long the store may take for an answer before it counts as silent.
  package static let patience = Duration.seconds(5)

  private struct State {
    var answers = true
    /// Counts the questions, so that what is late about one is not taken for word of the next.
    var question: UInt64 = 0
    var followers: [UInt64: AsyncStream<Bool>.Continuation] = [:]
    var lastFollower: UInt64 = 0
  }

  private let environment: ServiceEnvironment
  private let state = Mutex(State())
  private let ticks: AsyncStream<Void>
  private let tick: AsyncStream<Void>.Continuation

  /// A probe that believes the store, which was just opened, until ``run()`` learns otherwise.
  package init(_ environment: ServiceEnvironment) {
    self.environment = environment
    (ticks, tick) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// Whether the store answered when it was last asked.
  package var answers: Bool { state.withLock { $0.answers } }

  /// Whether the store answers, now and after each change; one that reads slowly gets the newest. `stop` ends the
  /// stream after what was said before.
  package func follow() -> (answers: AsyncStream<Bool>, stop: @Sendable () -> Void) {
    let (stream, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
    let id = state.withLock { state in
      state.lastFollower += 1
      state.followers[state.lastFollower] = continuation
      continuation.yield(state.answers)
      return state.lastFollower
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { state in _ = state.followers.removeValue(forKey: id) }
    }
    return (stream, { continuation.finish() })
  }

  /// Asks the store soon: a call found that it could not be used.
  package func hurry() {
    if answers { tick.yield() }
  }

  /// Asks until the task is cancelled or the store closes.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [tick, interval = environment.probeInterval] in
        while !Task.isCancelled {
          tick.yield()
          do { try await Task.sleep(for: interval) } catch { return }
        }
      }
      for await _ in ticks {
        guard await ask() else { break }
      }
      group.cancelAll()
    }
  }

  /// Asks once; false when there is nothing more to ask.
  private func ask() async -> Bool {
    let question = state.withLock { state in
      state.question += 1
      return state.question
    }
    let watchdog = Task { [weak self] in
      try await Task.sleep(for: Self.patience)
      self?.note(false, for: question, reason: "no answer within \(Self.patience)")
    }
    defer { watchdog.cancel() }
    do {
      _ = try await environment.store.read { try $0.hasPrincipals() }
      note(true, for: question, reason: "")
    } catch is CancellationError {
      return false
    } catch StorageError.closed {
      note(false, for: question, reason: "the store is closed")
      return false
    } catch StorageError.overloaded {
      // It is busy with answers.
    } catch {
      note(false, for: question, reason: "\(error)")
    }
    return true
  }

  private func note(_ answers: Bool, for question: UInt64, reason: String) {
    let hasChanged = state.withLock { state in
      guard state.question == question else { return false }
      // What comes late about this question is worth nothing once it was answered.
      if answers { state.question += 1 }
      guard state.answers != answers else { return false }
      state.answers = answers
      for follower in state.followers.values { follower.yield(answers) }
      return true
    }
    guard hasChanged else { return }
    if answers {
      environment.logger.notice("the store answers again")
    } else {
      environment.logger.error("the store does not answer", metadata: ["reason": "\(reason)"])
    }
  }
}
