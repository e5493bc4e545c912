/// The change log's rows.
enum ChangeLogTable {
  /// Appends `changes`, which are in order, each revision's together.
  static func append(_ changes: [Change], nowMicros: Int64, on connection: any DatabaseConnection) throws {
    guard !changes.isEmpty else { return }
    var rows: [[SQLValue]] = []
    rows.reserveCapacity(changes.count)
    var revision: Int64 = 0
    var position: Int64 = 0
    for change in changes {
      position = change.revision == revision ? position + 1 : 0
      revision = change.revision
      rows.append([
        .integer(revision), .integer(position), .integer(change.event.kind), .text(change.event.key),
        .text(change.event.dealerID), .integer(nowMicros), .blob(change.event.payload),
      ])
    }
    try connection.executeMany(
      """
      INSERT INTO change_log (revision, position, kind, change_key, dealer_id, record_time, payload)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """, rows)
    let bytes = changes.reduce(Int64(0)) { sum, change in
      sum + rowBytes + Int64(change.event.payload.count) + Int64(change.event.key.unicodeScalars.count)
    }
    try connection.execute(
      "UPDATE store_state SET value = value + ?1 WHERE name = 'log_bytes'", [.integer(bytes)])
  }

  /// The last revision whose changes are gone.
  static func compactedRevision(_ transaction: ReadTransaction) throws -> Int64 {
    try transaction.queryOne("SELECT value FROM store_state WHERE name = 'compacted'") { row in try row.int64(0) } ?? 0
  }

  /// When the oldest change that is kept was recorded, in microseconds since 1970; nil when there is none.
  static func oldestTime(_ transaction: ReadTransaction) throws -> Int64? {
    try transaction.queryOne("SELECT record_time FROM change_log ORDER BY revision, position LIMIT 1") { row in
      try row.int64(0)
    }
  }

  /// Looks at about `limit` changes after `revision`, whole revisions, at least one.
  static func read(
    after revision: Int64, limit: Int, filter: ChangeFilter, _ transaction: ReadTransaction
  ) throws -> ChangePage {
    let compacted = try compactedRevision(transaction)
    guard revision >= compacted else { throw StorageError.revisionCompacted(oldestRevision: compacted) }
    let current = try transaction.storeRevision()
    // The revision in which the limit falls is read whole; where the log ends before, there is none.
    let last = try transaction.queryOne(
      "SELECT revision FROM change_log WHERE revision > ?1 ORDER BY revision, position LIMIT 1 OFFSET ?2",
      [.integer(revision), .integer(Int64(max(limit, 1) - 1))]
    ) { row in try row.int64(0) }
    let through = last ?? max(current, revision)
    var found: [Change] = []
    let take: (borrowing Row) throws -> Bool = { row in
      let event = ChangeEvent(
        kind: try row.int64(1), key: try row.text(2), dealerID: try row.optionalText(3), payload: try row.blob(4))
      if filter.matches(event) { found.append(Change(revision: try row.int64(0), event: event)) }
      return true
    }
    if let dealer = filter.onlyDealer {
      try transaction.forEach(
        """
        SELECT revision, kind, change_key, dealer_id, payload FROM change_log
        WHERE revision > ?1 AND revision <= ?2 AND dealer_id = ?3 ORDER BY revision, position
        """, [.integer(revision), .integer(through), .text(dealer)], take)
    } else {
      try transaction.forEach(
        """
        SELECT revision, kind, change_key, dealer_id, payload FROM change_log
        WHERE revision > ?1 AND revision <= ?2 ORDER BY revision, position
        """, [.integer(revision), .integer(through)], take)
    }
    return ChangePage(changes: found, through: through, isAtEnd: last == nil)
  }

  /// What a change takes in the log beside its payload and its key, in bytes, about.
  private static let rowBytes: Int64 = 64

  /// Removes the oldest changes: those recorded before `cutMicros`, and as many as it takes to bring the log down to
  /// `bytesMax`; about `limit` of them, whole revisions.
  /// - Returns: how many went.
  static func compact(
    before cutMicros: Int64, bytesMax: Int64, limit: Int, _ transaction: WriteTransaction
  ) throws -> Int {
    let total = try transaction.queryOne("SELECT value FROM store_state WHERE name = 'log_bytes'") { row in
      try row.int64(0)
    }
    var excess = (total ?? 0) - bytesMax
    var cut: Int64?
    try transaction.forEach(
      """
      SELECT revision, record_time, length(payload) + length(change_key) FROM change_log
      ORDER BY revision, position LIMIT ?1
      """, [.integer(Int64(limit))]
    ) { row in
      guard try row.int64(1) < cutMicros || excess > 0 else { return false }
      cut = try row.int64(0)
      excess -= try row.int64(2) + rowBytes
      return true
    }
    guard let cut else { return 0 }
    let bytes = try transaction.queryOne(
      """
      SELECT CAST(coalesce(sum(length(payload) + length(change_key) + 64), 0) AS BIGINT) FROM change_log
      WHERE revision <= ?1
      """, [.integer(cut)]
    ) { row in try row.int64(0) }
    let count = try transaction.executeCounting("DELETE FROM change_log WHERE revision <= ?1", [.integer(cut)])
    try transaction.execute("UPDATE store_state SET value = ?1 WHERE name = 'compacted'", [.integer(cut)])
    try transaction.execute(
      "UPDATE store_state SET value = CASE WHEN value > ?1 THEN value - ?1 ELSE 0 END WHERE name = 'log_bytes'",
      [.integer(bytes ?? 0)])
    return count
  }
}

extension ReadTransaction {
  /// How far the change log reaches back: the last revision that is gone, and when the oldest change that is kept was
  /// recorded, in microseconds since 1970.
  package func changeLogExtent() throws -> (compacted: Int64, oldestTime: Int64?) {
    (try ChangeLogTable.compactedRevision(self), try ChangeLogTable.oldestTime(self))
  }
}
