/// Gives revisions within one batch, in the order of its writes.
///
/// The counter's row is read, and on a shared database locked, when the first write of a batch asks, or at the end; it
/// is written once, as the last statement before the commit.
final class RevisionCounter {
  private var base: Int64?
  /// How many writes have kept a revision.
  private var kept: Int64 = 0
  /// Whether the counter was locked since the current write began.
  private var isNewlyLocked = false

  /// Whether the batch has the store to itself, so that nobody waits for the counter.
  var isAlone = false

  /// Whether the next revision costs nothing to know: it keeps nobody waiting, or is locked already.
  var isFree: Bool { isAlone || base != nil }

  /// The revision of the current write; the same however often it asks.
  func current(on connection: any DatabaseConnection) throws -> Int64 {
    let base = try lock(on: connection)
    return base + kept + 1
  }

  /// Ends the current write; a revision that is kept is the next one's no more.
  func endWrite(keeping isKept: Bool) {
    if isKept { kept += 1 }
    isNewlyLocked = false
  }

  /// Ends the current write, which is undone: what was locked since its savepoint is free again, and must be locked and
  /// read anew.
  func undoWrite() {
    if isNewlyLocked { base = nil }
    isNewlyLocked = false
  }

  /// The revisions of all writes that have kept one; nil when there are none.
  func revisions(on connection: any DatabaseConnection) throws -> ClosedRange<Int64>? {
    guard kept > 0 else { return nil }
    let base = try lock(on: connection)
    return (base + 1)...(base + kept)
  }

  private func lock(on connection: any DatabaseConnection) throws -> Int64 {
    if let base { return base }
    let stored = try connection.lockRevision()
    base = stored
    isNewlyLocked = true
    return stored
  }
}
