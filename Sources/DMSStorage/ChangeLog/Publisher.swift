internal import Synchronization

/// What the writer has to say about the store's revision.
enum RevisionNews: Sendable {
  /// A commit brought the revisions after `base`, up to `revision`, with all their changes.
  case committed([Change], after: Int64, through: Int64)
  /// The store stands at this revision, and how it came there is to be read from the log.
  case foundAt(Int64)
}

/// Watchers whom news concern and who still sleep.
struct WokenWatchers: Sendable {
  private let continuations: [ChangeAudience.Continuation]

  init(_ continuations: [ChangeAudience.Continuation] = []) {
    self.continuations = continuations
  }

  /// Lets them run. To be called once.
  func wake() {
    for continuation in continuations { continuation.resume() }
  }
}

/// Passes news on to the change log, which is made after the writer that commits.
final class Publisher: Sendable {
  private let log = Mutex<ChangeLog?>(nil)

  /// From now on news reach `log`.
  func connect(_ log: ChangeLog) {
    self.log.withLock { $0 = log }
  }

  func publish(_ news: RevisionNews) -> WokenWatchers {
    log.withLock { $0 }?.publish(news) ?? WokenWatchers()
  }
}
