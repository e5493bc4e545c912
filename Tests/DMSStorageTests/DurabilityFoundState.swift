@testable import DMSStorage

/// All that a store of the durability tests holds, in one snapshot.
struct FoundState: Sendable {
  struct Entry: Sendable {
    var revision: Int64
    var name: String
    var slot: Int64
    var size: Int

    /// The number of the write that wrote it.
    var number: Int? { Int(name.dropFirst("write-".count)) }
  }

  private(set) var entries: [Entry] = []
  /// The names of the writes that have a stored reply.
  private(set) var repliedRequests: Set<String> = []
  /// What does not fit together.
  private(set) var contradictions: [String] = []

  /// Reads it, and checks all that can be checked without knowing what was written.
  init(_ transaction: ReadTransaction) throws {
    let integrity = try transaction.query("PRAGMA integrity_check") { row in try row.text(0) }
    if integrity != ["ok"] { contradictions.append("integrity_check: \(integrity.prefix(3))") }
    if try transaction.exists("PRAGMA foreign_key_check") { contradictions.append("a foreign key leads nowhere") }
    entries = try transaction.query("SELECT revision, name, slot, size FROM entry ORDER BY revision") { row in
      Entry(
        revision: try row.int64(0), name: try row.text(1), slot: try row.int64(2),
        size: Int(clamping: try row.int64(3)))
    }
    try checkRevisions(transaction)
    try checkChanges(transaction)
    try checkRows(transaction)
    try checkReplies(transaction)
  }

  private mutating func require(_ condition: Bool, _ otherwise: String) {
    if !condition { contradictions.append(otherwise) }
  }

  private mutating func checkRevisions(_ transaction: ReadTransaction) throws {
    let revision = try transaction.storeRevision()
    require(
      entries.map(\.revision) == (0..<entries.count).map { Int64($0) + 1 } && revision == Int64(entries.count),
      "\(entries.count) writes end at \(entries.last?.revision ?? 0), the store says \(revision)")
  }

  private mutating func checkChanges(_ transaction: ReadTransaction) throws {
    let page = try ChangeLogTable.read(after: 0, limit: 1_000_000, filter: ChangeFilter(), transaction)
    let expected = entries.flatMap { entry in
      [
        Change(
          revision: entry.revision,
          event: ChangeEvent(kind: 1, key: entry.name, dealerID: nil, payload: payload(of: entry))),
        Change(
          revision: entry.revision,
          event: ChangeEvent(kind: 2, key: "slot-\(entry.slot)", dealerID: nil, payload: [])),
      ]
    }
    require(page.changes == expected, "the change log and the rows differ")
  }

  private mutating func checkRows(_ transaction: ReadTransaction) throws {
    var newest: [Int64: Entry] = [:]
    for entry in entries { newest[entry.slot] = entry }
    var slots = 0
    try transaction.forEach("SELECT slot, revision, payload FROM slot ORDER BY slot") { row in
      slots += 1
      let slot = try row.int64(0)
      let entry = newest[slot]
      let revision = try row.int64(1)
      let bytes = try row.blob(2)
      let isRight = entry.map { $0.revision == revision && payload(of: $0) == bytes } ?? false
      require(
        isRight, "slot \(slot) is not as the last write left it")
      return true
    }
    require(slots == newest.count, "\(slots) slots instead of \(newest.count)")
    let tally = try transaction.query("SELECT entries, bytes FROM tally") { row in
      [try row.int64(0), try row.int64(1)]
    }
    require(
      tally == [[Int64(entries.count), Int64(entries.map(\.size).reduce(0, +))]], "the tally is \(tally)")
  }

  private mutating func checkReplies(_ transaction: ReadTransaction) throws {
    let names = Dictionary(entries.map { ($0.revision, $0.name) }) { first, _ in first }
    try transaction.forEach("SELECT request_id, revision, reply FROM stored_reply") { row in
      let request = try row.text(0)
      let revision = try row.int64(1)
      let reply = try row.blob(2)
      repliedRequests.insert(request)
      require(
        names[revision] == request && reply == Array(String(revision).utf8), "the reply to \(request) is no write's")
      return true
    }
  }

  private func payload(of entry: Entry) -> [UInt8] {
    PlannedWrite(number: entry.number ?? 0, slot: entry.slot, size: entry.size).payload
  }
}
