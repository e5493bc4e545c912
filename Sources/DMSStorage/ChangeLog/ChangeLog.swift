internal import Logging
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

    /// Takes changes that begin where the tail ends, or before; returns whom they may concern.
    mutating func take(
      _ changes: [Change], after base: Int64, through revision: Int64
    ) -> [CheckedContinuation<Int64, any Error>] {
      let known = tail.current
      let new = base < known ? changes.filter { $0.revision > known } : changes
      tail.append(new, after: max(base, known), through: revision)
      guard !waiters.isEmpty else { return [] }
      var woken: [CheckedContinuation<Int64, any Error>] = []
      let summary = ChangeSummary(new)
      for (id, waiter) in waiters where summary.mayMatch(waiter.filter) {
        woken.append(waiter.continuation)
        waiters[id] = nil
      }
      return woken
    }

    /// Moves on without the changes in between; returns everybody who waits.
    mutating func skip(to revision: Int64) -> [CheckedContinuation<Int64, any Error>] {
      tail.skip(to: revision)
      defer { waiters = [:] }
      return waiters.values.map(\.continuation)
    }
  }

  private let state: Mutex<State>
  private let readers: ReaderPool
  /// Whether other servers commit too, so that news may be missing.
  private let isShared: Bool
  /// Signs that there may be commits which this server does not know of.
  let hints: ChangeHints

  init(current: Int64, readers: ReaderPool, isShared: Bool) {
    state = Mutex(State(tail: ChangeTail(current: current)))
    self.readers = readers
    self.isShared = isShared
    hints = ChangeHints()
  }

  /// The revision of the last commit that this server knows of.
  package var currentRevision: Int64 { state.withLock { $0.tail.current } }

  /// The last revision whose changes are gone: a reader can begin after it.
  package func oldestRevision() async throws -> Int64 {
    try await readers.read { transaction in try ChangeLogTable.compactedRevision(transaction) }
  }

  /// The revision of the last commit; asks the database when it is said to be `claimed` and this server has not heard
  /// of it, because another server has told a client.
  package func currentRevision(claimed: Int64) async throws -> Int64 {
    let known = currentRevision
    guard isShared, claimed > known else { return known }
    hints.give()
    return max(known, try await readers.read { transaction in try transaction.storeRevision() })
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
        // Commits of others, or of another writer of this server, lie between: they are read from the database first.
        if isShared, base > state.tail.current {
          hints.give()
        } else if revision > state.tail.current {
          woken = state.take(changes, after: base, through: revision)
        }
      case .foundAt(let revision):
        if isShared {
          hints.give()
        } else if revision != state.tail.current {
          woken = state.skip(to: revision)
        }
      }
      return WokenWatchers(woken, at: state.tail.current)
    }
  }

  /// Reads what others have committed, whenever there is a hint of it, until the task is cancelled.
  func follow(logger: Logger) async {
    for await _ in hints.given {
      while !Task.isCancelled {
        do {
          guard try await readOn() else { break }
        } catch StorageError.closed {
          return
        } catch StorageError.revisionCompacted {
          // Nobody here can be told what is gone; who needs it is told so by the log.
          let revision = try? await readers.read { transaction in try transaction.storeRevision() }
          if let revision { wake { $0.skip(to: revision) } }
        } catch {
          logger.warning("the change log cannot be read and is tried again", metadata: ["error": "\(error)"])
          try? await Task.sleep(for: .milliseconds(200))
        }
      }
    }
  }

  /// Reads a stretch of what others have committed; false at the end of it.
  private func readOn() async throws -> Bool {
    let known = currentRevision
    let page = try await readers.read { transaction in
      try ChangeLogTable.read(after: known, limit: 1_000, filter: ChangeFilter(), transaction)
    }
    wake { state in
      page.through > state.tail.current ? state.take(page.changes, after: known, through: page.through) : []
    }
    return !page.isAtEnd
  }

  private func wake(_ change: (inout State) -> [CheckedContinuation<Int64, any Error>]) {
    let (woken, revision) = state.withLock { state in (change(&state), state.tail.current) }
    WokenWatchers(woken, at: revision).wake()
  }

  /// Ends every wait.
  func close() {
    hints.end()
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
