internal import DMSDomain
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
    wanted: @escaping @Sendable (ChangeEvent) -> Bool = { _ in true },
    send: @escaping @Sendable (ChangeEvent, _ changeRevision: Int64, _ resumeRevision: Int64) async throws -> Void,
    progress: @escaping @Sendable (Int64) async throws -> Void
  ) async throws {
    let start = try await startRevision(afterRevision)
    let (drained, drain) = AsyncStream.makeStream(of: Void.self)
    context.onDrain { drain.finish() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await follow(from: start, filter: filter, wanted: wanted, send: send, progress: progress)
      }
      group.addTask {
        for await _ in drained {}
        try Task.checkCancellation()
        throw ServiceError.shuttingDown
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func startRevision(_ afterRevision: Int64) async throws -> Int64 {
    let current = try await changes.currentRevision(claimed: afterRevision)
    guard afterRevision <= current else {
      throw ServiceError.invalidField("after_revision", .outOfRange(min: -1, max: current))
    }
    switch afterRevision {
    case ..<0: return current
    case 0: return try await changes.oldestRevision()
    default: return afterRevision
    }
  }

  private func follow(
    from start: Int64, filter: ChangeFilter, wanted: @Sendable (ChangeEvent) -> Bool,
    send: @Sendable (ChangeEvent, Int64, Int64) async throws -> Void, progress: @Sendable (Int64) async throws -> Void
  ) async throws {
    var reached = start
    // The first word comes at once: it tells the watcher that the watch stands, and from where.
    var owesWord = true
    while true {
      let page = try await changes.read(after: reached, limit: Self.pageChanges, filter: filter)
      let due = page.changes.filter { wanted($0.event) }
      for (index, change) in due.enumerated() {
        let isLast = index + 1 == due.count || due[index + 1].revision > change.revision
        try await send(change.event, change.revision, isLast ? change.revision : change.revision - 1)
        owesWord = false
      }
      reached = page.through
      guard page.isAtEnd else { continue }
      if owesWord { try await progress(reached) }
      owesWord = try await !changeComes(after: reached, filter: filter)
    }
  }

  /// Waits for a commit that may concern the watcher; false when none came within the interval.
  private func changeComes(after revision: Int64, filter: ChangeFilter) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        _ = try await changes.wait(after: revision, filter: filter)
        return true
      }
      group.addTask {
        try await Task.sleep(for: progressInterval)
        return false
      }
      defer { group.cancelAll() }
      return try await group.next() ?? false
    }
  }
}
