internal import Synchronization

/// The feed of everything that changed, in commit order.
///
/// Watchers are woken by a commit, and told nothing else: each reads from the revision it has reached. One that is slow
/// loses nothing and costs nothing here.
package final class ChangeLog: Sendable {
  private struct Waiter {
    var filter: ChangeFilter
    var continuation: CheckedContinuation<Int64, any Error>
  }

  private struct State {
    var tail: ChangeTail
    var waiters: [UInt64: Waiter] = [:]
    var nextWaiter: UInt64 = 0
    var isClosed = false
  }

  private let state: Mutex<State>
  private let readers: ReaderPool

  init(current: Int64, readers: ReaderPool) {
    state = Mutex(State(tail: ChangeTail(current: current)))
    self.readers = readers
  }

  /// The revision of the last commit.
  package var currentRevision: Int64 { state.withLock { $0.tail.current } }

  /// The last revision whose changes are gone: a reader can begin after it.
  package func oldestRevision() async throws -> Int64 {
    try await readers.read { transaction in try ChangeLogTable.compactedRevision(transaction) }
  }

  /// The changes after `revision` that match, from memory where they are recent.
  ///
  /// Looks at about `limit` changes whether they match or not, and never at a part of a revision; go on after
  /// ``ChangePage/through``. Throws ``StorageError/revisionCompacted(oldestRevision:)`` when the log no longer reaches
  /// back to `revision`.
  package func read(
    after revision: Int64, limit: Int = 256, filter: ChangeFilter = ChangeFilter()
  ) async throws -> ChangePage {
    let limit = min(max(limit, 1), 10_000)
    if let page = state.withLock({ $0.tail.read(after: revision, limit: limit, filter: filter) }) { return page }
    return try await readers.read { transaction in
      try ChangeLogTable.read(after: revision, limit: limit, filter: filter, transaction)
    }
  }

  /// Waits for a commit after `revision`; one that is to come wakes only if it brings a change that matches `filter`.
  ///
  /// Ends with `CancellationError` when the task is cancelled, and with ``StorageError/closed`` when the store closes.
  /// - Returns: the current revision.
  package func wait(after revision: Int64, filter: ChangeFilter = ChangeFilter()) async throws -> Int64 {
    let id = state.withLock { state in
      state.nextWaiter &+= 1
      return state.nextWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let answer = state.withLock { state -> Result<Int64, any Error>? in
          if state.isClosed { return .failure(StorageError.closed) }
          if state.tail.current > revision { return .success(state.tail.current) }
          // Cancelled before it could wait: the handler found nothing to remove, and will not come again.
          if Task.isCancelled { return .failure(CancellationError()) }
          state.waiters[id] = Waiter(filter: filter, continuation: continuation)
          return nil
        }
        if let answer { continuation.resume(with: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
      waiter?.continuation.resume(throwing: CancellationError())
    }
  }

  /// How many wait, for metrics.
  package var waitingCount: Int { state.withLock { $0.waiters.count } }

  /// Takes news of the store's revision, in commit order: from here on they can be read.
  /// - Returns: the watchers whom they concern, for the caller to wake.
  func publish(_ news: RevisionNews) -> WokenWatchers {
    state.withLock { state in
      var woken: [CheckedContinuation<Int64, any Error>] = []
      switch news {
      case .committed(let changes, let base, let revision):
        state.tail.append(changes, after: base, through: revision)
        if !state.waiters.isEmpty {
          let summary = ChangeSummary(changes)
          for (id, waiter) in state.waiters where summary.mayMatch(waiter.filter) {
            woken.append(waiter.continuation)
            state.waiters[id] = nil
          }
        }
      case .foundAt(let revision):
        if revision != state.tail.current {
          state.tail.skip(to: revision)
          woken = state.waiters.values.map(\.continuation)
          state.waiters = [:]
        }
      }
      return WokenWatchers(woken, at: state.tail.current)
    }
  }

  /// Ends every wait.
  func close() {
    let waiters = state.withLock { state in
      state.isClosed = true
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.continuation.resume(throwing: StorageError.closed) }
  }
}

/// What a commit is about, to tell quickly whom it concerns.
private struct ChangeSummary {
  private var kinds: Set<Int64> = []
  private var dealers: Set<String> = []

  init(_ changes: [Change]) {
    for change in changes {
      kinds.insert(change.event.kind)
      if let dealer = change.event.dealerID { dealers.insert(dealer) }
    }
  }

  /// Whether a change may match; seldom true when none does.
  func mayMatch(_ filter: ChangeFilter) -> Bool {
    (filter.kinds.isEmpty || !filter.kinds.isDisjoint(with: kinds))
      && (filter.dealerID.map { dealers.contains($0) } ?? true)
  }
}
