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
  }

  /// The last revision whose changes are gone.
  static func compactedRevision(_ transaction: ReadTransaction) throws -> Int64 {
    try transaction.queryOne("SELECT value FROM store_state WHERE name = 'compacted'") { row in try row.int64(0) } ?? 0
  }

  /// Looks at about `limit` changes after `revision`, whole revisions, at least one.
  static func read(
    after revision: Int64, limit: Int, filter: ChangeFilter, _ transaction: ReadTransaction
  ) throws -> ChangePage {
    let compacted = try compactedRevision(transaction)
    guard revision >= compacted else { throw StorageError.revisionCompacted(oldestRevision: compacted) }
    let current = try transaction.storeRevision()
    var found: [Change] = []
    var looked = 0
    var through = revision
    var isAtEnd = true
    try transaction.forEach(
      """
      SELECT revision, kind, change_key, dealer_id, payload FROM change_log
      WHERE revision > ?1 ORDER BY revision, position
      """, [.integer(revision)]
    ) { row in
      let rowRevision = try row.int64(0)
      if looked >= limit, rowRevision != through {
        isAtEnd = false
        return false
      }
      through = rowRevision
      looked += 1
      let event = ChangeEvent(
        kind: try row.int64(1), key: try row.text(2), dealerID: try row.optionalText(3), payload: try row.blob(4))
      if filter.matches(event) { found.append(Change(revision: rowRevision, event: event)) }
      return true
    }
    return ChangePage(changes: found, through: isAtEnd ? max(current, revision) : through, isAtEnd: isAtEnd)
  }

  /// Removes the oldest changes recorded before `cutMicros` and not after `keptRevision`, about `limit` of them.
  /// - Returns: how many went.
  static func compact(
    before cutMicros: Int64, limit: Int, _ transaction: WriteTransaction
  ) throws -> Int {
    var cut: Int64?
    try transaction.forEach(
      "SELECT revision, record_time FROM change_log ORDER BY revision, position LIMIT ?1", [.integer(Int64(limit))]
    ) { row in
      guard try row.int64(1) < cutMicros else { return false }
      cut = try row.int64(0)
      return true
    }
    guard let cut else { return 0 }
    let count = try transaction.executeCounting("DELETE FROM change_log WHERE revision <= ?1", [.integer(cut)])
    try transaction.execute("UPDATE store_state SET value = ?1 WHERE name = 'compacted'", [.integer(cut)])
    return count
  }
}
