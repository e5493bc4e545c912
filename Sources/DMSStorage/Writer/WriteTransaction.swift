/// A write's part of the batch it runs in.
///
/// A statement that fails ends the write: whatever its closure does then, the write is undone and the failure thrown
/// to its caller.
package final class WriteTransaction: ReadTransaction {
  private let revisions: RevisionCounter
  /// This write's revision, once it has one.
  private(set) var assignedRevision: Int64?
  private(set) var events: [ChangeEvent] = []
  private var eventBytes = 0

  init(on connection: any DatabaseConnection, nowMicros: Int64, revisions: RevisionCounter) {
    self.revisions = revisions
    super.init(on: connection, nowMicros: nowMicros)
  }

  /// The revision of this write, given at the first use: one more than that of the write before it.
  ///
  /// Use it as late as the write allows: on a database that several servers share, this is where one waits for the
  /// others. A write that throws gives it back.
  package var revision: Int64 {
    get throws {
      if let assignedRevision { return assignedRevision }
      let revision = try use { connection in try revisions.next(on: connection) }
      assignedRevision = revision
      return revision
    }
  }

  /// Carries a statement out. Its failure may show only in a later call of this write, or at its end.
  package func execute(_ sql: SQL, _ parameters: [SQLValue] = []) throws {
    try use { connection in try connection.execute(sql, parameters) }
  }

  /// Carries a statement out and returns how many rows it changed.
  package func executeCounting(_ sql: SQL, _ parameters: [SQLValue] = []) throws -> Int {
    try use { connection in try connection.executeCounting(sql, parameters) }
  }

  /// Carries a statement out once for each list of parameters, in order and in few round trips.
  package func executeMany(_ sql: SQL, _ rows: [[SQLValue]]) throws {
    try use { connection in try connection.executeMany(sql, rows) }
  }

  /// Reports a change; the log gets it with this write's revision, in the same commit.
  ///
  /// Throws ``StorageError/writeTooLarge`` past 10,000 events or 16 MiB of them in one write.
  package func append(_ event: ChangeEvent) throws {
    eventBytes += event.payload.count
    guard events.count < Self.eventsMax, eventBytes <= Self.eventBytesMax else { throw StorageError.writeTooLarge }
    _ = try revision
    events.append(event)
  }

  private static let eventsMax = 10_000
  private static let eventBytesMax = 16 << 20

  /// Throws what went wrong in a statement, if the closure has not.
  func check() throws {
    if let failure { throw failure }
  }
}
