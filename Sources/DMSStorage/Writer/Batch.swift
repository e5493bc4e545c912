/// One transaction in the making.
///
/// Every method that throws leaves the transaction in doubt: it must be rolled back as a whole.
struct Batch {
  /// A write that is to stay, with what it left for the end.
  private struct Kept {
    let job: WriteJob
    let needsRevision: Bool
    let events: [ChangeEvent]
    let lateRows: [LateRows]
  }

  let connection: any DatabaseConnection
  /// Whether each write has a savepoint. Without, what a write did before it failed can be undone only with the batch.
  let isCareful: Bool
  /// What the log gets, in order.
  private(set) var changes: [Change] = []
  /// The revisions given to writes that stay; nil while there are none.
  private(set) var revisions: ClosedRange<Int64>?
  private var kept: [Kept] = []
  private let nowMicros: Int64
  private let counter = RevisionCounter()
  private let replies = PendingReplies()
  private let master: MasterView

  init(_ connection: any DatabaseConnection, isCareful: Bool, nowMicros: Int64, memory: MasterMemory) {
    master = MasterView(memory)
    self.connection = connection
    self.isCareful = isCareful
    self.nowMicros = nowMicros
  }

  func begin() throws {
    try connection.begin(.write)
  }

  /// Locks what `jobs` declare: the store as a whole if one of them needs it, else the union of their keys.
  func lock(_ jobs: [WriteJob]) throws {
    var keys: Set<LockKey> = []
    var dealers: Set<String> = []
    for job in jobs {
      switch job.request.locks {
      case .exclusive:
        counter.isAlone = true
        return try connection.lockStore(.exclusive)
      case .keys(let named, let creditOf):
        keys.formUnion(named)
        dealers.formUnion(creditOf)
      }
      if let key = job.request.requestKey { keys.insert(.request(key)) }
    }
    try connection.lockStore(.shared)
    // From here on master data stands still, and with it the account that a dealer's orders draw on.
    if !dealers.isEmpty { keys.formUnion(try CreditLocks.accounts(of: dealers, on: connection)) }
    try connection.lock(keys)
  }

  /// Runs `job`. What its closure throws undoes what it did and becomes the job's result; what throws from here undoes
  /// the batch: ``NeedsSavepoints`` when only that can undo the write.
  mutating func run(_ job: WriteJob) throws {
    let transaction = WriteTransaction(
      on: connection, nowMicros: nowMicros, revisions: counter, replies: replies, master: master)
    defer { transaction.end() }
    if isCareful { try connection.savepoint() }
    do {
      try job.attempt(transaction)
      try transaction.check()
      try requireTransaction()
      if isCareful { try connection.releaseSavepoint() }
    } catch {
      let failure = transaction.failure ?? error as? DatabaseError
      if let failure, failure.endsBatch { throw failure }
      try requireTransaction()
      if isCareful {
        try connection.rollbackToSavepoint()
      } else if transaction.hasWritten || failure != nil {
        throw NeedsSavepoints()
      }
      counter.undoWrite()
      replies.takeBack(transaction.pendingReplies)
      job.keep(error)
      return
    }
    let needsRevision = job.needsRevision || transaction.needsRevision
    counter.endWrite(keeping: needsRevision)
    kept.append(
      Kept(job: job, needsRevision: needsRevision, events: transaction.events, lateRows: transaction.lateRows))
  }

  /// Gives the writes their revisions, completes what waited for them, appends the changes to the log and, last, moves
  /// the revision counter.
  mutating func seal() throws {
    revisions = try counter.revisions(on: connection)
    var next = revisions?.lowerBound ?? 0
    var late = LateStatements()
    for write in kept {
      guard write.needsRevision else {
        try write.job.complete(revision: nil)
        continue
      }
      let revision = next
      next += 1
      try write.job.complete(revision: revision)
      for event in write.events { changes.append(Change(revision: revision, event: event)) }
      for rows in write.lateRows { late.add(rows.sql, try rows.rows(revision)) }
    }
    guard let revisions else { return }
    try late.execute(on: connection)
    try ChangeLogTable.append(changes, nowMicros: nowMicros, on: connection)
    try connection.execute(
      "UPDATE store_state SET value = ?1 WHERE name = 'revision'", [.integer(revisions.upperBound)])
    try connection.announce()
    try requireTransaction()
  }

  /// SQLite may have ended the transaction by itself when a statement failed.
  private func requireTransaction() throws {
    if connection.isAutocommit {
      throw DatabaseError(.other, message: "the database has rolled the transaction back")
    }
  }
}

/// A write failed after it had changed something, in a batch without savepoints: the batch is run again with them.
struct NeedsSavepoints: Error {}

/// Late rows of a batch, statement by statement in the order in which each came first.
private struct LateStatements {
  private var order: [SQL] = []
  private var rows: [SQL.Identity: [[SQLValue]]] = [:]

  mutating func add(_ sql: SQL, _ added: [[SQLValue]]) {
    let identity = sql.identity
    if rows[identity] == nil { order.append(sql) }
    rows[identity, default: []].append(contentsOf: added)
  }

  func execute(on connection: any DatabaseConnection) throws {
    for sql in order { try connection.executeMany(sql, rows[sql.identity] ?? []) }
  }
}
