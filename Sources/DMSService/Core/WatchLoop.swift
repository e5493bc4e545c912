internal import DMSDomain
package import DMSStorage
package import RPC

/// Follows the change log for one watcher.
///
/// The watcher is woken by commits that bring something for it, and writes as fast as its peer takes. A slow one holds
/// no memory but the page at hand, and falls behind until the log is compacted under it, which it is told.
package struct WatchLoop: Sendable {
  private let changes: ChangeLog

  package init(_ environment: ServiceEnvironment) {
    changes = environment.store.changes
  }

  /// Runs until the call ends.
  ///
  /// - Parameters:
  ///   - afterRevision: exclusive; 0 from the oldest change kept, −1 from now on.
  ///   - filter: which changes the watcher gets.
  ///   - send: writes a change, with the revision to resume after. When one revision brings several changes only the
  ///     last carries its number; those before it carry the number before, so that a resume never skips.
  ///   - progress: says that nothing more came up to a revision.
  /// - Throws: `REVISION_COMPACTED`, `SHUTTING_DOWN` when the server drains, and what `send` throws.
  package func run(
    afterRevision: Int64, filter: ChangeFilter, context: ServerContext,
    send: @escaping @Sendable (_ change: Change, _ resumeRevision: Int64) async throws -> Void,
    progress: @escaping @Sendable (Int64) async throws -> Void
  ) async throws {
    let start = try await startRevision(afterRevision)
    let (over, end) = AsyncStream.makeStream(of: Void.self)
    context.onDrain { end.finish() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { end.finish() }
        try await follow(from: start, filter: filter, send: send, progress: progress)
      }
      for await _ in over {}
      guard !context.isDraining else {
        group.cancelAll()
        throw ServiceError.shuttingDown
      }
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
    from start: Int64, filter: ChangeFilter, send: @Sendable (Change, Int64) async throws -> Void,
    progress: @Sendable (Int64) async throws -> Void
  ) async throws {
    let reader = changes.reader(after: start, filter: filter)
    while true {
      // The first word comes at once: it tells the watcher that the watch stands, and from where.
      let page = try await reader.next()
      if page.changes.isEmpty { try await progress(page.through) }
      for (index, change) in page.changes.enumerated() {
        let next = index + 1
        let isLast = next == page.changes.count || page.changes[next].revision > change.revision
        try await send(change, isLast ? change.revision : change.revision - 1)
      }
    }
  }
}

/// Has watches that have nothing to say say so once in a while.
enum WatchProgress {
  static func run(_ environment: ServiceEnvironment) async {
    let interval = environment.progressInterval
    while true {
      // Often enough that a watch is late by little.
      do { try await Task.sleep(for: interval / 8) } catch { return }
      environment.store.changes.nudge(silentSince: .now - interval)
    }
  }
}
