internal import Logging
internal import Synchronization

/// The feed of everything that changed, in commit order.
///
/// The newest changes are in memory, in one tail that all watchers share. Each watcher reads through a ``ChangeReader``,
/// which a commit wakes only if it brings something for it. One that is slow loses nothing and costs nothing here.
package final class ChangeLog: Sendable {
  private struct State {
    var tail: ChangeTail
    var audience = ChangeAudience()
    var isClosed = false

    /// Takes changes that begin where the tail ends, or before; returns whom they concern.
    mutating func take(
      _ changes: [Change], after base: Int64, through revision: Int64
    ) -> [ChangeAudience.Continuation] {
      let known = tail.current
      var woken = base > known ? skip(to: base) : []
      let new = base < known ? changes.filter { $0.revision > known } : changes
      let first = tail.nextPlace
      tail.append(new, after: max(base, known), through: revision)
      for (index, change) in new.enumerated() { audience.offer(change, at: first + index, waking: &woken) }
      return woken
    }

    /// Moves on without the changes in between; returns everybody who waits.
    mutating func skip(to revision: Int64) -> [ChangeAudience.Continuation] {
      defer { tail.skip(to: revision) }
      return audience.fallBehind(from: tail.current)
    }
  }

  /// Changes that are read from the database at once.
  private static let storePageChanges = 256

  private let state: Mutex<State>
  private let readers: ReaderPool
  /// Whether other servers commit too, so that news may be missing.
  private let isShared: Bool
  /// Signs that there may be commits which this server does not know of.
  let hints: ChangeHints

  init(current: Int64, limits: ChangeTailLimits, readers: ReaderPool, isShared: Bool) {
    state = Mutex(State(tail: ChangeTail(current: current, limits: limits)))
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

  // MARK: Readers

  /// A reader of what matches `filter` after `revision`: exclusive, and not above ``currentRevision(claimed:)``.
  package func reader(after revision: Int64, filter: ChangeFilter = ChangeFilter()) -> ChangeReader {
    ChangeReader(self, state.withLock { $0.audience.join(after: revision, filter: filter) })
  }

  /// Has readers that wait and have said nothing since `instant` say how far the log has come.
  package func nudge(silentSince instant: ContinuousClock.Instant) {
    let silent = state.withLock { $0.audience.takeSilent(since: instant) }
    for one in silent { one.resume() }
  }

  func leave(_ reader: ChangeAudience.ID) {
    // What the reader held goes after the lock has been let go.
    _ = state.withLock { $0.audience.leave(reader) }
  }

  func step(_ reader: ChangeAudience.ID) throws -> ChangeAudience.Step {
    try state.withLock { state in
      if state.isClosed { throw StorageError.closed }
      return state.audience.step(reader, state.tail)
    }
  }

  /// Reads a stretch of the database for a reader that is behind what memory has; nil when nothing in it matches.
  func readStore(after revision: Int64, _ reader: ChangeAudience.ID) async throws -> ChangePage? {
    guard let filter = state.withLock({ $0.audience.filter(of: reader) }) else { return nil }
    let page = try await readers.read { transaction in
      try ChangeLogTable.read(after: revision, limit: Self.storePageChanges, filter: filter, transaction)
    }
    return state.withLock { $0.audience.hasRead(page, reader) } ? page : nil
  }

  /// Waits until there is something for a reader.
  func wait(_ reader: ChangeAudience.ID) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: ChangeAudience.Continuation) in
        let answer = state.withLock { state -> Result<Void, any Error>? in
          if state.isClosed { return .failure(StorageError.closed) }
          // Cancelled before it could wait: the handler found nothing to wake, and will not come again.
          if Task.isCancelled { return .failure(CancellationError()) }
          return state.audience.wait(reader, continuation) ? nil : .success(())
        }
        if let answer { continuation.resume(with: answer) }
      }
    } onCancel: {
      let waiting = state.withLock { $0.audience.takeWaiting(reader) }
      waiting?.resume(throwing: CancellationError())
    }
  }

  /// How many wait, for metrics.
  package var waitingCount: Int { state.withLock { $0.audience.waitingCount } }

  /// How many there are, for metrics.
  package var readerCount: Int { state.withLock { $0.audience.count } }

  /// The most that memory holds for one of them.
  var placesHeld: Int { state.withLock { $0.audience.placesHeld } }

  // MARK: News

  /// Takes news of the store's revision, in commit order: from here on they can be read.
  /// - Returns: the watchers whom they concern, for the caller to wake.
  func publish(_ news: RevisionNews) -> WokenWatchers {
    state.withLock { state in
      var woken: [ChangeAudience.Continuation] = []
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
      return WokenWatchers(woken)
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

  private func wake(_ change: (inout State) -> [ChangeAudience.Continuation]) {
    WokenWatchers(state.withLock { change(&$0) }).wake()
  }

  /// Ends every wait.
  func close() {
    hints.end()
    let waiting = state.withLock { state in
      state.isClosed = true
      return state.audience.takeAll()
    }
    for one in waiting { one.resume(throwing: StorageError.closed) }
  }
}
