/// What was found in a store that should not be there.
package struct VerificationReport: Sendable, Hashable {
  /// One thing that is wrong, as often as it is.
  package struct Finding: Sendable, Hashable {
    package enum Check: String, Sendable, Hashable, CaseIterable {
      /// The database's own structure.
      case integrity
      /// Rows that refer to rows that are not there.
      case foreignKeys = "foreign keys"
      /// Balances that their ledgers do not explain.
      case ledgers
      /// The change log and the revisions.
      case changeLog = "change log"
    }

    package var check: Check
    /// What it is about and what is wrong, in a sentence.
    package var sentence: String
    package var count: Int64

    package init(_ check: Check, _ sentence: String, count: Int64) {
      self.check = check
      self.sentence = sentence
      self.count = count
    }
  }

  package var schema: Int
  package var revision: Int64
  /// The last revision whose changes are gone from the log.
  package var compacted: Int64
  /// How many changes the log holds.
  package var changes: Int64
  package var ledgers: LedgerReport
  /// Each table with its rows and checksum.
  package var tables: [TableSummary]
  package var findings: [Finding]
  package var duration = Duration.zero

  package var isSound: Bool { findings.isEmpty }
}

/// Checks that need no more than a snapshot, and change nothing.
enum StoreVerification {
  typealias Finding = VerificationReport.Finding

  /// Checks everything: reads every row of the store several times.
  static func run(_ snapshot: StoreSnapshot) throws -> VerificationReport {
    let transaction = snapshot.transaction
    let ledgers = try transaction.verifyLedgers(differencesMax: 20)
    let log = try LogContinuity(transaction, tables: snapshot.tables)
    var findings = try integrity(transaction)
    findings += try foreignKeys(transaction, tables: snapshot.tables)
    findings += differences(ledgers)
    findings += log.findings
    return VerificationReport(
      schema: snapshot.origin.schema, revision: snapshot.origin.revision, compacted: log.compacted,
      changes: log.changes, ledgers: ledgers,
      tables: try snapshot.tables.map { try TableReader.read($0, transaction) }, findings: findings)
  }

  /// What the database says of its own structure; PostgreSQL has no such check but its page checksums.
  static func integrity(_ snapshot: ReadTransaction) throws -> [Finding] {
    guard snapshot.dialect == .sqlite else { return [] }
    var findings: [Finding] = []
    do {
      try snapshot.forEach("PRAGMA integrity_check(20)") { row in
        let sentence = try row.text(0)
        if sentence != "ok" { findings.append(Finding(.integrity, sentence, count: 1)) }
        return true
      }
    } catch let error as DatabaseError where error.kind == .corrupt {
      findings.append(Finding(.integrity, error.message, count: 1))
    }
    return findings
  }

  /// Rows that refer to nothing, by asking for each foreign key.
  static func foreignKeys(_ snapshot: ReadTransaction, tables: [StoreTable]) throws -> [Finding] {
    var findings: [Finding] = []
    for table in tables {
      for key in table.foreignKeys {
        let isSet = key.columns.map { "a.\($0.quotedIdentifier) IS NOT NULL" }.joined(separator: " AND ")
        let isSame = zip(key.columns, key.referenced)
          .map { "b.\($1.quotedIdentifier) = a.\($0.quotedIdentifier)" }.joined(separator: " AND ")
        let count = try snapshot.count(
          SQL(
            assembled: """
              SELECT count(*) FROM \(table.name.quotedIdentifier) a WHERE \(isSet) \
              AND NOT EXISTS (SELECT 1 FROM \(key.table.quotedIdentifier) b WHERE \(isSame))
              """))
        guard count > 0 else { continue }
        findings.append(
          Finding(
            .foreignKeys, "\(table.name) (\(key.columns.joined(separator: ", "))) names no row of \(key.table)",
            count: count))
      }
    }
    return findings
  }

  private static func differences(_ report: LedgerReport) -> [Finding] {
    var findings = report.differences.map { difference in
      Finding(
        .ledgers,
        "\(difference.ledger) \(difference.key) is \(difference.actual), its ledger says \(difference.expected)",
        count: 1)
    }
    let more = report.differenceCount - Int64(findings.count)
    if more > 0 {
      findings.append(Finding(.ledgers, "further balances that their ledgers do not explain", count: more))
    }
    return findings
  }
}

/// Whether the change log and the revisions fit together.
struct LogContinuity {
  private(set) var findings: [VerificationReport.Finding] = []
  let compacted: Int64
  let changes: Int64

  /// Looks at every change, and at every row that carries a revision.
  init(_ snapshot: ReadTransaction, tables: [StoreTable]) throws {
    let revision = try snapshot.storeRevision()
    compacted = try ChangeLogTable.compactedRevision(snapshot)
    changes = try snapshot.count("SELECT count(*) FROM change_log")
    if compacted > revision { find("the log is compacted beyond the revision counter", 1) }
    find(
      "changes of revisions that are compacted",
      try snapshot.count("SELECT count(*) FROM change_log WHERE revision <= ?1", [.integer(compacted)]))
    find(
      "revisions whose changes are not numbered 0, 1, … without gaps",
      try snapshot.count(
        """
        SELECT count(*) FROM (
          SELECT revision FROM change_log GROUP BY revision
          HAVING min(position) <> 0 OR max(position) <> count(*) - 1
        ) AS broken
        """))
    // Row revisions: what names a revision that was never given would be given out again.
    for table in tables {
      for column in table.head.columns where column.content == .integer && Self.isRevision(column.name) {
        find(
          "\(table.name).\(column.name) is beyond the revision counter",
          try snapshot.count(
            SQL(
              assembled: """
                SELECT count(*) FROM \(table.name.quotedIdentifier) WHERE \(column.name.quotedIdentifier) > ?1
                """), [.integer(revision)]))
      }
    }
    // A revision may be without changes; not that of a row whose every change is reported.
    for name in Self.reported where tables.contains(where: { $0.name == name }) {
      find(
        "revisions of \(name) whose changes are missing from the log",
        try snapshot.count(
          SQL(
            assembled: """
              SELECT count(DISTINCT t.revision) FROM \(name) t WHERE t.revision > ?1
              AND NOT EXISTS (SELECT 1 FROM change_log l WHERE l.revision = t.revision)
              """), [.integer(compacted)]))
    }
  }

  private static let reported = ["sales_order", "sales_order_timeline", "stock_movement"]

  private static func isRevision(_ column: String) -> Bool {
    column == "revision" || column.hasSuffix("_revision")
  }

  private mutating func find(_ sentence: String, _ count: Int64) {
    if count > 0 { findings.append(VerificationReport.Finding(.changeLog, sentence, count: count)) }
  }
}

extension ReadTransaction {
  /// The number that `sql` answers.
  fileprivate final func count(_ sql: SQL, _ parameters: [SQLValue] = []) throws -> Int64 {
    try queryOne(sql, parameters) { row in try row.int64(0) } ?? 0
  }
}
