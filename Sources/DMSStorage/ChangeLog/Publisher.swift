internal import Synchronization

/// Passes commits on to the change log, which is made after the writer that commits.
final class Publisher: Sendable {
  private let log = Mutex<ChangeLog?>(nil)

  /// From now on commits reach `log`.
  func connect(_ log: ChangeLog) {
    self.log.withLock { $0 = log }
  }

  func publish(_ changes: [Change], through revision: Int64) {
    log.withLock { $0 }?.publish(changes, through: revision)
  }
}
