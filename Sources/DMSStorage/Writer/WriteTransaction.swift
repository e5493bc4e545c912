/// A write's part of the batch it runs in.
///
/// A statement that fails ends the write: whatever its closure does then, the write is undone and the failure thrown
/// to its caller.
package final class WriteTransaction: ReadTransaction {
  private let revisions: RevisionCounter
  /// This write's revision, once it has one.
  private(set) var assignedRevision: Int64?
  private(set) var events: [ChangeEvent] = []
  /// What is written once the revision is known, in order.
  private(set) var lateRows: [LateRows] = []
  /// Whether a statement was carried out that may have changed something.
  private(set) var hasWritten = false
  /// The requests whose replies it has announced.
  private(set) var pendingReplies: [RequestKey] = []
  private let replies: PendingReplies
  private var eventBytes = 0

  init(
    on connection: any DatabaseConnection, nowMicros: Int64, revisions: RevisionCounter, replies: PendingReplies,
    master: MasterView
  ) {
    self.revisions = revisions
    self.replies = replies
    super.init(on: connection, nowMicros: nowMicros, master: master)
  }

  /// The revision of this write: one more than that of the write before it. A write that throws gives it back.
  ///
  /// On a database that several servers share, the first use in a batch is where one waits for the others, until
  /// they have committed. A frequent write uses ``earlyRevision`` and ``late(_:_:)`` instead.
  package var revision: Int64 {
    get throws {
      if let assignedRevision { return assignedRevision }
      let revision = try use { connection in try revisions.current(on: connection) }
      assignedRevision = revision
      return revision
    }
  }

  /// The revision of this write where it keeps nobody waiting to know: with one writer, or in a batch that has the store
  /// to itself. Where it is nil, rows that carry it are written or completed by ``late(_:_:)``.
  package var earlyRevision: Int64? {
    get throws {
      if sharesWrites, !revisions.isFree { return nil }
      return try revision
    }
  }

  /// Carries `sql` out once for each row that `rows` makes of this write's revision: now where the revision is known,
  /// else as ``late(_:_:)`` does. For rows that nothing in the batch reads.
  package func executeWithRevision(
    _ sql: SQL, _ rows: @escaping (_ revision: Int64) throws -> [[SQLValue]]
  ) throws {
    if let revision = try earlyRevision {
      try executeMany(sql, try rows(revision))
    } else {
      late(sql, rows)
    }
  }

  /// Whether this write will have a revision: it uses it, reports a change, or writes rows that carry it.
  var needsRevision: Bool { assignedRevision != nil || !events.isEmpty || !lateRows.isEmpty }

  /// Carries `sql` out once for each row that `rows` makes of this write's revision, as the last thing before the
  /// commit, together with the late rows of other writes for the same statement.
  ///
  /// Nothing in the batch sees them, this write included. A failure is the batch's: it is run again, write by write.
  package func late(_ sql: SQL, _ rows: @escaping (_ revision: Int64) throws -> [[SQLValue]]) {
    lateRows.append(LateRows(sql: sql, rows: rows))
  }

  /// Carries a statement out. Its failure may show only in a later call of this write, or at its end.
  package func execute(_ sql: SQL, _ parameters: [SQLValue] = []) throws {
    hasWritten = true
    try use { connection in try connection.execute(sql, parameters) }
  }

  /// Carries a statement out and returns how many rows it changed.
  package func executeCounting(_ sql: SQL, _ parameters: [SQLValue] = []) throws -> Int {
    hasWritten = true
    return try use { connection in try connection.executeCounting(sql, parameters) }
  }

  /// Carries a statement out once for each list of parameters, in order and in few round trips.
  package func executeMany(_ sql: SQL, _ rows: [[SQLValue]]) throws {
    guard !rows.isEmpty else { return }
    hasWritten = true
    try use { connection in try connection.executeMany(sql, rows) }
  }

  /// Carries a statement with RETURNING out once for each list of parameters, in order and in few round trips.
  /// - Returns: for each list of parameters, in order, what it returned.
  package func executeReturning<Value>(
    _ sql: SQL, _ rows: [[SQLValue]], _ transform: (borrowing Row) throws -> Value
  ) throws -> [[Value]] {
    guard !rows.isEmpty else { return [] }
    hasWritten = true
    return try queryMany(sql, rows, transform)
  }

  /// Reports a change; the log gets it with this write's revision, in the same commit.
  ///
  /// Throws ``StorageError/writeTooLarge`` past 10,000 events or 16 MiB of them in one write.
  package func append(_ event: ChangeEvent) throws {
    eventBytes += event.payload.count
    guard events.count < Self.eventsMax, eventBytes <= Self.eventBytesMax else { throw StorageError.writeTooLarge }
    events.append(event)
  }

  private static let eventsMax = 10_000
  private static let eventBytesMax = 16 << 20

  /// The reply that an earlier write of the batch is going to store for `key`.
  func pendingReply(for key: RequestKey) throws -> PendingReply? { try replies.find(key) }

  /// Lets later writes of the batch find the reply that this one is going to store.
  func announce(_ reply: PendingReply, for key: RequestKey) {
    replies.add(reply, for: key)
    pendingReplies.append(key)
  }

  /// Throws what went wrong in a statement, if the closure has not.
  func check() throws {
    if let failure { throw failure }
  }
}

/// Rows that carry a revision, written once it is known.
struct LateRows {
  let sql: SQL
  let rows: (_ revision: Int64) throws -> [[SQLValue]]
}
