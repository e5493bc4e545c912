package import DMSStorage
package import RPC

/// Follows the change log for one watcher.
///
/// The watcher is only woken by commits; it reads the log from the revision that it has reached, and writes as fast as
/// its peer takes. A slow one holds no memory but the page at hand, and falls behind until the log is compacted under
/// it, which it is told.
package struct WatchLoop: Sendable {
  /// Changes of one page.
  private static let pageChanges = 256

  private let changes: ChangeLog
  private let progressInterval: Duration

  package init(_ environment: ServiceEnvironment) {
    changes = environment.store.changes
    progressInterval = environment.progressInterval
  }

  /// Runs until the call ends.
  ///
  /// - Parameters:
  ///   - afterRevision: exclusive; 0 from the oldest change kept, −1 from now on.
  ///   - filter: which changes are read at all.
  ///   - wanted: which of them the watcher gets; for what the filter cannot say.
  ///   - send: writes a change, with the revision to resume after. When one revision brings several changes only the
  ///     last carries its number; those before it carry the number before, so that a resume never skips.
  ///   - progress: says that nothing more came up to a revision.
  /// - Throws: `REVISION_COMPACTED`, `SHUTTING_DOWN` when the server drains, and what `send` throws.
  package func run(
    afterRevision: Int64, filter: ChangeFilter, context: ServerContext,
    wanted: @Sendable (ChangeEvent) -> Bool = { _ in true },
    send: @escaping @Sendable (ChangeEvent, _ changeRevision: Int64, _ resumeRevision: Int64) async throws -> Void,
    progress: @escaping @Sendable (Int64) async throws -> Void
  ) async throws {
    var reached: Int64 =
      switch afterRevision {
      case ..<0: changes.currentRevision
      case 0: try await changes.oldestRevision()
      default: afterRevision
      }
    if reached > changes.currentRevision {
      throw ServiceError.invalidField("after_revision", .outOfRange(min: -1, max: changes.currentRevision))
    }
    // Tells the watcher at once that the watch stands, and from where.
    try await progress(reached)
    var told = reached

    while true {
      let page = try await changes.read(after: reached, limit: Self.pageChanges, filter: filter)
      let due = page.changes.filter { wanted($0.event) }
      for (index, change) in due.enumerated() {
        let isLast = index + 1 == due.count || due[index + 1].revision > change.revision
        let resume = isLast ? change.revision : change.revision - 1
        try await send(change.event, change.revision, resume)
        told = resume
      }
      reached = page.through
      guard page.isAtEnd else { continue }
      guard try await waitForChange(after: reached, filter: filter, context: context) else {
        // What matched nothing was looked at too: the watcher may resume after it.
        let current = changes.currentRevision
        if try await changes.read(after: reached, limit: Self.pageChanges, filter: filter).changes.isEmpty {
          reached = max(reached, current)
          told = max(told, reached)
        }
        try await progress(told)
        continue
      }
    }
  }

  /// Waits for a commit; false when nothing came within the interval.
  private func waitForChange(after revision: Int64, filter: ChangeFilter, context: ServerContext) async throws -> Bool {
    enum Wake { case change, interval, drain }
    let changes = changes
    let interval = progressInterval
    let (drained, drain) = AsyncStream.makeStream(of: Void.self)
    context.onDrain { drain.finish() }
    return try await withThrowingTaskGroup(of: Wake.self) { group in
      group.addTask {
        _ = try await changes.wait(after: revision, filter: filter)
        return .change
      }
      group.addTask {
        try await Task.sleep(for: interval)
        return .interval
      }
      group.addTask {
        for await _ in drained {}
        try Task.checkCancellation()
        return .drain
      }
      defer { group.cancelAll() }
      switch try await group.next() {
      case .change: return true
      case .interval, nil: return false
      case .drain: throw ServiceError.shuttingDown
      }
    }
  }
}
