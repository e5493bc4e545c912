import Synchronization

@testable import DMSStorage

/// What is to go wrong, and what has happened; shared by all connections of a ``FaultyDriver``.
final class FaultPlan: Sendable {
  /// How a commit fails.
  enum CommitFault: Sendable {
    /// Nothing became durable.
    case before
    /// Everything did, and only the word of it was lost.
    case after
  }

  private struct State {
    var commitFaults: [CommitFault?] = []
    var statementFault: (@Sendable (String, [SQLValue]) -> DatabaseError?)?
    var writersRefused = 0
    var commits = 0
    var writersOpened = 0
  }

  private let state = Mutex(State())

  /// Lets the next commit fail, or the first after `spared` that do not.
  func failNextCommit(_ fault: CommitFault, sparing spared: Int = 0) {
    state.withLock { $0.commitFaults += Array(repeating: nil, count: spared) + [fault] }
  }

  /// Lets statements fail for which `fault` gives an error; with a full disk the whole transaction is undone, too.
  func failStatements(_ fault: (@Sendable (String, [SQLValue]) -> DatabaseError?)?) {
    state.withLock { $0.statementFault = fault }
  }

  /// Lets the next attempts to open a writing connection fail.
  func refuseWriters(_ count: Int) {
    state.withLock { $0.writersRefused = count }
  }

  /// How many commits of writes there were.
  var commits: Int { state.withLock { $0.commits } }

  /// How many writing connections were opened.
  var writersOpened: Int { state.withLock { $0.writersOpened } }

  fileprivate func nextCommit() -> CommitFault? {
    state.withLock { state in
      state.commits += 1
      return state.commitFaults.isEmpty ? nil : state.commitFaults.removeFirst()
    }
  }

  fileprivate func fault(_ sql: SQL, _ parameters: [SQLValue]) -> DatabaseError? {
    let fault = state.withLock { $0.statementFault }
    return fault?(sql.description, parameters)
  }

  fileprivate func openWriter() throws {
    try state.withLock { state in
      if state.writersRefused > 0 {
        state.writersRefused -= 1
        throw DatabaseError(.connectionLost, message: "refused by the plan")
      }
      state.writersOpened += 1
    }
  }
}

/// A driver that does what another does, but for what its plan lets fail.
struct FaultyDriver: DatabaseDriver {
  private let inner: any DatabaseDriver
  private let plan: FaultPlan

  init(_ inner: any DatabaseDriver, _ plan: FaultPlan) {
    self.inner = inner
    self.plan = plan
  }

  var isShared: Bool { inner.isShared }

  func openWriter() throws -> any DatabaseConnection {
    try plan.openWriter()
    return FaultyConnection(try inner.openWriter(), plan)
  }

  func openReader() throws -> any DatabaseConnection { try inner.openReader() }

  func openListener() throws -> (any CommitListener)? { try inner.openListener() }

  func close() { inner.close() }
}

private final class FaultyConnection: DatabaseConnection {
  private let inner: any DatabaseConnection
  private let plan: FaultPlan

  init(_ inner: any DatabaseConnection, _ plan: FaultPlan) {
    self.inner = inner
    self.plan = plan
  }

  private func check(_ sql: SQL, _ parameters: [SQLValue]) throws {
    guard let fault = plan.fault(sql, parameters) else { return }
    if fault.kind == .full { try inner.rollback() }
    throw fault
  }

  var dialect: Dialect { inner.dialect }
  var sharesWrites: Bool { inner.sharesWrites }
  var isAutocommit: Bool { inner.isAutocommit }

  func execute(_ sql: SQL, _ parameters: [SQLValue]) throws {
    try check(sql, parameters)
    try inner.execute(sql, parameters)
  }

  func executeCounting(_ sql: SQL, _ parameters: [SQLValue]) throws -> Int {
    try check(sql, parameters)
    return try inner.executeCounting(sql, parameters)
  }

  func executeMany(_ sql: SQL, _ rows: [[SQLValue]]) throws {
    for row in rows { try check(sql, row) }
    try inner.executeMany(sql, rows)
  }

  func query(_ sql: SQL, _ parameters: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
    try check(sql, parameters)
    try inner.query(sql, parameters, body)
  }

  func stream(_ sql: SQL, _ parameters: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
    try check(sql, parameters)
    try inner.stream(sql, parameters, body)
  }

  func queryMany(_ sql: SQL, _ rows: [[SQLValue]], _ body: (Int, borrowing Row) throws -> Void) throws {
    try inner.queryMany(sql, rows, body)
  }

  func begin(_ mode: TransactionMode) throws { try inner.begin(mode) }

  func commit() throws {
    switch plan.nextCommit() {
    case nil:
      try inner.commit()
    case .before:
      throw CommitFailure.inDoubt(DatabaseError(.inputOutput, message: "the flush failed, by the plan"), nil)
    case .after:
      try inner.commit()
      throw CommitFailure.inDoubt(
        DatabaseError(.inputOutput, message: "the word of the commit was lost, by the plan"), nil)
    }
  }

  func rollback() throws { try inner.rollback() }
  func savepoint() throws { try inner.savepoint() }
  func releaseSavepoint() throws { try inner.releaseSavepoint() }
  func rollbackToSavepoint() throws { try inner.rollbackToSavepoint() }
  func outcome(of transaction: TransactionID) throws -> TransactionOutcome { try inner.outcome(of: transaction) }
  func lockStore(_ lock: StoreLock) throws { try inner.lockStore(lock) }
  func lock(_ keys: Set<LockKey>) throws { try inner.lock(keys) }
  func announce() throws { try inner.announce() }
  func lockRevision() throws -> Int64 { try inner.lockRevision() }
  func limit(until deadline: ContinuousClock.Instant?) { inner.limit(until: deadline) }
  func close() { inner.close() }
}
