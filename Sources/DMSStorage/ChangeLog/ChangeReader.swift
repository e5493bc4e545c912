/// One watcher's way through the change log, from the revision at which it began: every change that matches its filter,
/// once and in commit order, from the database as long as it is behind and from memory when it has caught up.
///
/// It is registered with the log until it is let go of. One task at a time may call ``next()``. It holds at most 256
/// numbers for what has not been taken, however slow its watcher is.
package final class ChangeReader: Sendable {
  private let log: ChangeLog
  private let id: ChangeAudience.ID

  init(_ log: ChangeLog, _ id: ChangeAudience.ID) {
    self.log = log
    self.id = id
  }

  deinit {
    log.leave(id)
  }

  /// The next changes, whole revisions; waits for them.
  ///
  /// A page without changes says that nothing more came up to ``ChangePage/through``: the first time the end of the log
  /// is reached before anything was found, and whenever ``ChangeLog/nudge(silentSince:)`` finds nothing else to say.
  ///
  /// Throws ``StorageError/revisionCompacted(oldestRevision:)`` when the log has gone on without the reader,
  /// ``StorageError/closed`` when the store closes, `CancellationError` when the task is cancelled while it waits, and
  /// what reading the store throws, except that it is overloaded: then it comes again.
  package func next() async throws -> ChangePage {
    while true {
      switch try log.step(id) {
      case .hand(let page):
        return page
      case .readStore(let revision):
        do {
          if let page = try await log.readStore(after: revision, id) { return page }
        } catch StorageError.overloaded(let delay) {
          // So many have fallen behind at once that they take turns.
          try await Task.sleep(for: delay)
        }
      case .wait:
        try await log.wait(id)
      }
    }
  }
}
