#if PostgreSQL
  internal import CPostgreSQL
  internal import DequeModule

  #if canImport(Darwin)
    internal import Darwin
  #elseif canImport(Musl)
    internal import Musl
  #else
    internal import Glibc
  #endif

  /// A session in libpq's pipeline mode: statements are sent without waiting, and their results gathered later.
  ///
  /// The server skips everything behind a failure up to the next synchronisation point, so the first failure since the
  /// last one is the cause of the others, and the one that is thrown. Both sides' buffers are finite: whoever sends
  /// also reads what has come, so that neither waits for the other.
  final class PostgreSQLPipeline {
    /// What becomes of a command's result.
    enum Command {
      /// A statement is prepared.
      case prepare(PostgreSQLStatement)
      /// Nobody wants the result, unless it is a failure.
      case run
      /// The result is handed out by ``settle()``.
      case answer
      /// The result names the transaction.
      case transactionName
      /// The server is to forget a prepared statement.
      case forget(PostgreSQLStatement)
      /// A synchronisation point; with `forgives`, what failed before it is of no interest.
      case synchronise(forgives: Bool)
    }

    private var handle: OpaquePointer?
    private let isEncrypted: Bool
    private var awaited = Deque<Command>()
    /// Whether the result of the first awaited command has come, and only its end is outstanding.
    private var hasFirstResult = false
    private var answers: [PostgreSQLAnswer] = []
    private var failure: DatabaseError?
    private var unsentBytes = 0
    private var unsentCount = 0
    /// Why the session is over; nil while it is not.
    private(set) var loss: DatabaseError?
    /// Whether a transaction is open, as far as is known: as the server said last, or as we have asked since.
    var isInTransaction = false
    /// The open transaction's name, if it was asked for and has come.
    private(set) var transactionName: String?
    /// When the statement under way is to be interrupted.
    var deadline: ContinuousClock.Instant?
    private var hasCancelled = false
    /// Called with a statement that the server was not told to forget after all.
    var keepDiscarded: (PostgreSQLStatement) -> Void = { _ in }
    /// Whether a prepared statement no longer fits its tables, which another server's migration has changed.
    var hasStaleStatements = false

    /// Takes over `handle`, a session in which nothing is under way; it stays the caller's when this throws.
    init(_ handle: OpaquePointer) throws(DatabaseError) {
      guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
        throw DatabaseError.connectionLost(handle)
      }
      self.handle = handle
      isEncrypted = PQsslInUse(handle) != 0
    }

    deinit {
      close()
    }

    func close() {
      if let handle { PQfinish(handle) }
      handle = nil
      awaited.removeAll()
      if loss == nil { loss = DatabaseError(.connectionLost, message: "the connection is closed") }
    }

    /// Whether nothing is under way.
    var isSettled: Bool { awaited.isEmpty }

    // MARK: Sending

    func prepare(_ statement: PostgreSQLStatement) throws(DatabaseError) {
      let handle = try usable()
      let sent = PQsendPrepare(
        handle, statement.name, statement.text, Int32(clamping: statement.types.count), statement.types)
      statement.isPrepared = true
      try note(sent, .prepare(statement), byteCount: statement.text.utf8.count)
    }

    func run(
      _ statement: PostgreSQLStatement, _ parameters: PostgreSQLParameters, _ command: Command
    ) throws(DatabaseError) {
      let handle = try usable()
      let sent = parameters.withPointers { count, values, lengths, formats in
        PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, 1)
      }
      try note(sent, command, byteCount: parameters.byteCount)
    }

    /// Carries out a text that is used once, with parameters of the given types.
    func run(
      once text: String, _ command: Command, _ types: [UInt32] = [], _ parameters: PostgreSQLParameters? = nil
    ) throws(DatabaseError) {
      let handle = try usable()
      let sent =
        parameters?.withPointers { count, values, lengths, formats in
          PQsendQueryParams(handle, text, count, types, values, lengths, formats, 1)
        } ?? PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 1)
      try note(sent, command, byteCount: text.utf8.count + (parameters?.byteCount ?? 0))
    }

    /// Lets the server go on after a failure: what was sent before may fail without anybody hearing of it.
    func forgive() throws(DatabaseError) {
      guard !awaited.isEmpty || failure != nil else { return }
      try synchronise(forgives: true)
    }

    private func synchronise(forgives: Bool) throws(DatabaseError) {
      let handle = try usable()
      try note(PQpipelineSync(handle), .synchronise(forgives: forgives), byteCount: 0)
    }

    private func usable() throws(DatabaseError) -> OpaquePointer {
      if let loss { throw loss }
      guard let handle else { throw DatabaseError(.connectionLost, message: "the connection is closed") }
      return handle
    }

    /// Notes that libpq took a command.
    private func note(_ sent: Int32, _ command: Command, byteCount: Int) throws(DatabaseError) {
      guard sent == 1 else {
        guard let handle, PQstatus(handle) == CONNECTION_OK else { throw lose() }
        let error = DatabaseError.connectionLost(handle)
        throw DatabaseError(.misuse, message: error.message)
      }
      awaited.append(command)
      unsentBytes += byteCount
      unsentCount += 1
      if unsentBytes >= Self.unsentBytesMax || unsentCount >= Self.unsentCountMax { try flushAndTake() }
    }

    private static let unsentBytesMax = 64 * 1_024
    private static let unsentCountMax = 256

    /// Hands everything to the kernel, and takes what has come meanwhile.
    private func flushAndTake() throws(DatabaseError) {
      try flush()
      try take()
    }

    /// Hands everything to the kernel; where that has no room, takes what has come, so that the server makes some.
    private func flush() throws(DatabaseError) {
      let handle = try usable()
      unsentBytes = 0
      unsentCount = 0
      while true {
        let rest = PQflush(handle)
        guard rest >= 0 else { throw lose() }
        if rest == 0 { return }
        try wait(forRoom: true)
        try take()
      }
    }

    // MARK: Receiving

    /// Waits for the results of everything sent, and throws the first failure among them.
    /// - Returns: the results of commands that were sent for an answer, in order.
    func settle() throws(DatabaseError) -> [PostgreSQLAnswer] {
      if !awaited.isEmpty {
        try synchronise(forgives: false)
        try flush()
        while !awaited.isEmpty {
          try wait(forRoom: false)
          try take()
        }
      }
      defer {
        answers = []
        failure = nil
        hasCancelled = false
      }
      if let failure { throw failure }
      return answers
    }

    /// Reads what has come, and sorts it to what was sent.
    private func take() throws(DatabaseError) {
      let handle = try usable()
      guard PQconsumeInput(handle) == 1 else { throw lose() }
      // Once more under TLS: libpq may have had room for half a record only, and the other half, which is off the
      // socket, would wake nobody. If that fails, what came before is worth looking at all the same.
      if isEncrypted { _ = PQconsumeInput(handle) }
      while let command = awaited.first, PQisBusy(handle) == 0 {
        if let result = PQgetResult(handle) {
          try take(result, of: command)
        } else {
          guard hasFirstResult else { throw lose() }
          hasFirstResult = false
          awaited.removeFirst()
        }
      }
      if PQstatus(handle) == CONNECTION_BAD { throw lose() }
    }

    private func take(_ result: OpaquePointer, of command: Command) throws(DatabaseError) {
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
        hasFirstResult = true
        let answer = PostgreSQLAnswer(result)
        switch command {
        case .answer: answers.append(answer)
        case .transactionName: transactionName = answer.rowCount == 1 ? try? answer.text(at: 0) : nil
        default: break
        }
      case PGRES_PIPELINE_SYNC:
        PQclear(result)
        guard case .synchronise(let forgives) = command else { throw lose() }
        awaited.removeFirst()
        if forgives {
          failure = nil
          answers = []
        }
        if awaited.isEmpty, let handle { isInTransaction = PQtransactionStatus(handle) != PQTRANS_IDLE }
        if !isInTransaction { transactionName = nil }
      case PGRES_PIPELINE_ABORTED:
        hasFirstResult = true
        PQclear(result)
        abandon(command)
      case PGRES_FATAL_ERROR:
        hasFirstResult = true
        let error = DatabaseError(postgres: result)
        let isOver = DatabaseError.hasEndedSession(result)
        PQclear(result)
        abandon(command)
        if failure == nil { failure = error }
        if error.isStaleStatement { hasStaleStatements = true }
        if isOver || handle.map({ PQstatus($0) == CONNECTION_BAD }) ?? true {
          throw lose(DatabaseError(.connectionLost, code: error.code, message: error.message))
        }
      default:
        PQclear(result)
        throw lose()
      }
    }

    /// Undoes what was believed when `command` was sent.
    private func abandon(_ command: Command) {
      switch command {
      case .prepare(let statement): statement.isPrepared = false
      case .forget(let statement): keepDiscarded(statement)
      default: break
      }
    }

    /// Gives the session up.
    private func lose(_ error: DatabaseError? = nil) -> DatabaseError {
      let error = loss ?? error ?? DatabaseError.connectionLost(handle)
      loss = error
      isInTransaction = false
      awaited.removeAll()
      answers = []
      return error
    }

    // MARK: Waiting

    private func wait(forRoom: Bool) throws(DatabaseError) {
      let handle = try usable()
      let rest = PQflush(handle)
      guard rest >= 0 else { throw lose() }
      var descriptor = pollfd(
        fd: PQsocket(handle), events: Int16(POLLIN) | (forRoom || rest > 0 ? Int16(POLLOUT) : 0), revents: 0)
      guard descriptor.fd >= 0 else { throw lose() }
      while true {
        let found = poll(&descriptor, 1, patience)
        if found > 0 { return }
        if found < 0, errno != EINTR { throw lose() }
        if found == 0 { interrupt() }
      }
    }

    /// For how many milliseconds to wait before somebody must interrupt; −1 for ever.
    private var patience: Int32 {
      guard let deadline else { return -1 }
      if hasCancelled { return 1_000 }
      let left = deadline - ContinuousClock.now
      guard left > .zero else { return 0 }
      let (seconds, attoseconds) = left.components
      return Int32(clamping: min(seconds, 1_000_000) * 1_000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    /// Asks the server, over a connection of its own, to interrupt what it does for us.
    private func interrupt() {
      hasCancelled = true
      guard let handle, let cancel = PQgetCancel(handle) else { return }
      var message = [CChar](repeating: 0, count: 256)
      _ = PQcancel(cancel, &message, Int32(message.count))
      PQfreeCancel(cancel)
    }
  }
#endif
