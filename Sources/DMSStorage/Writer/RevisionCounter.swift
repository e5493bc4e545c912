/// Gives revisions within one batch.
///
/// The counter's row is read, and on a shared database locked, when the first write of a batch asks; it is written
/// once, as the last statement before the commit.
final class RevisionCounter {
  private var base: Int64?
  private var last: Int64 = 0

  /// The next revision.
  func next(on connection: any DatabaseConnection) throws -> Int64 {
    if base == nil {
      let stored = try connection.lockRevision()
      base = stored
      last = stored
    }
    last += 1
    return last
  }

  /// Takes back what was given after `revision`, the last one of the batch that stays: the write that had it is undone.
  func takeBack(to revision: Int64?) {
    if let revision {
      last = revision
    } else {
      // What was locked since the savepoint is free again, and must be locked and read anew.
      base = nil
    }
  }
}
