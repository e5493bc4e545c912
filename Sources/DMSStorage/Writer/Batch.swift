/// One transaction in the making.
///
/// Every method that throws leaves the transaction in doubt: it must be rolled back as a whole.
struct Batch {
  let connection: any DatabaseConnection
  /// What the log gets, in order.
  private(set) var changes: [Change] = []
  /// The revisions given to writes that stay; nil while there are none.
  private(set) var revisions: ClosedRange<Int64>?
  private let nowMicros: Int64
  private let counter = RevisionCounter()

  init(_ connection: any DatabaseConnection, nowMicros: Int64) {
    self.connection = connection
    self.nowMicros = nowMicros
  }

  func begin() throws {
    try connection.begin(.write)
  }

  /// Locks the union of what `jobs` declare, sorted.
  func lock(_ jobs: [WriteJob]) throws {
    var keys: Set<LockKey> = []
    for job in jobs {
      keys.formUnion(job.request.lockKeys)
      if let key = job.request.requestKey { keys.insert(.request(key)) }
    }
    try connection.lock(keys)
  }

  /// Runs `job` in a savepoint. What its closure throws undoes that savepoint and becomes the job's result; what
  /// throws from here undoes the batch.
  mutating func run(_ job: WriteJob) throws {
    let transaction = WriteTransaction(on: connection, nowMicros: nowMicros, revisions: counter)
    defer { transaction.end() }
    try connection.savepoint()
    do {
      try job.attempt(transaction)
      try transaction.check()
      try requireTransaction()
      try connection.releaseSavepoint()
    } catch {
      if let error = transaction.failure ?? error as? DatabaseError, error.endsBatch { throw error }
      try requireTransaction()
      try connection.rollbackToSavepoint()
      counter.takeBack(to: revisions?.upperBound)
      job.keep(error)
      return
    }
    guard let revision = transaction.assignedRevision else { return }
    revisions = (revisions?.lowerBound ?? revision)...revision
    for event in transaction.events { changes.append(Change(revision: revision, event: event)) }
  }

  /// Appends the changes to the log and, last, moves the revision counter.
  func seal() throws {
    guard let revisions else { return }
    try ChangeLogTable.append(changes, nowMicros: nowMicros, on: connection)
    try connection.execute(
      "UPDATE store_state SET value = ?1 WHERE name = 'revision'", [.integer(revisions.upperBound)])
    try requireTransaction()
  }

  /// SQLite may have ended the transaction by itself when a statement failed.
  private func requireTransaction() throws {
    if connection.isAutocommit {
      throw DatabaseError(.other, message: "the database has rolled the transaction back")
    }
  }
}
