internal import DequeModule
internal import Dispatch
internal import Logging
internal import Synchronization

/// A few threads, each with a connection of its own, for everything that reads.
///
/// Reads wait in one bounded queue, first come first served. A connection is opened at its thread's first read, so that
/// a store at rest holds none.
final class ReaderPool: Sendable {
  private struct State {
    var waiting = Deque<any ReadWork>()
    var isClosed = false
    var threads: [WorkerThread] = []
  }

  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)
  private let driver: any DatabaseDriver
  private let options: ReaderOptions
  private let nowMicros: @Sendable () -> Int64
  private let memory: MasterMemory
  private let observer: (any StoreObserver)?
  private let logger: Logger

  init(
    driver: any DatabaseDriver, options: ReaderOptions, nowMicros: @escaping @Sendable () -> Int64,
    memory: MasterMemory, observer: (any StoreObserver)? = nil, logger: Logger
  ) throws {
    self.observer = observer
    self.driver = driver
    self.options = options
    self.nowMicros = nowMicros
    self.memory = memory
    self.logger = logger
    for _ in 0..<max(1, options.threads) {
      let thread = try WorkerThread { [self] in serve() }
      state.withLock { $0.threads.append(thread) }
    }
  }

  /// Runs `body` in a snapshot on one of the threads; a second time if the connection had been lost.
  func read<Value: Sendable>(_ body: @escaping @Sendable (ReadTransaction) throws -> Value) async throws -> Value {
    let work = TypedReadWork(body: body)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        guard work.ticket.wait(continuation) else { return }
        if let refusal = submit(work) { work.ticket.answer(.failure(refusal)) }
      }
    } onCancel: {
      work.ticket.cancel()
    }
  }

  private func submit(_ work: any ReadWork) -> StorageError? {
    let refusal = state.withLock { state -> StorageError? in
      if state.isClosed { return .closed }
      guard state.waiting.count < options.queueMax else { return .overloaded(retryAfter: .milliseconds(50)) }
      state.waiting.append(work)
      return nil
    }
    if refusal == nil { available.signal() } else if case .overloaded = refusal { observer?.refused(.read) }
    return refusal
  }

  /// How many wait.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Serves what waits, then ends the threads and closes their connections.
  func close() async {
    let threads = state.withLock { state in
      state.isClosed = true
      return state.threads
    }
    for _ in threads { available.signal() }
    for thread in threads { await thread.join() }
  }

  // MARK: On the threads

  private func serve() {
    var connection: (any DatabaseConnection)?
    while true {
      available.wait()
      let (work, isClosed) = state.withLock { ($0.waiting.popFirst(), $0.isClosed) }
      if let work {
        if work.begin() { serve(work, &connection) }
      } else if isClosed {
        break
      }
    }
    connection?.close()
  }

  private func serve(_ work: any ReadWork, _ connection: inout (any DatabaseConnection)?) {
    let began = observer.map { _ in ContinuousClock.now }
    defer { if let began { observer?.readEnded(took: ContinuousClock.now - began) } }
    // A connection that was at rest may have been lost meanwhile. Reads change nothing, so they are run again.
    var isFirst = connection != nil
    while true {
      do {
        let open = try connection ?? driver.openReader()
        connection = open
        try attempt(work, on: open)
        return work.answer()
      } catch {
        connection?.close()
        connection = nil
        let isLost = (error as? DatabaseError)?.kind == .connectionLost
        if isFirst, isLost {
          isFirst = false
          continue
        }
        logger.error("a reading connection failed", metadata: ["error": "\(error)"])
        return work.fail(error)
      }
    }
  }

  /// Runs `work` in a snapshot; throws when the connection is of no more use.
  private func attempt(_ work: any ReadWork, on open: any DatabaseConnection) throws {
    open.limit(until: ContinuousClock.now + options.snapshotAgeMax)
    try open.begin(.snapshot)
    let transaction = ReadTransaction(on: open, nowMicros: nowMicros(), master: MasterView(memory))
    work.attempt(transaction)
    transaction.end()
    open.limit(until: nil)
    if let failure = transaction.failure, failure.endsConnection { throw failure }
    // It has read only: to undo is to let go of the snapshot.
    try open.rollback()
  }
}

/// How reads are bounded.
package struct ReaderOptions: Sendable {
  /// How many reads run at the same time.
  package var threads = 3
  /// How many may wait; more are refused as overloaded.
  package var queueMax = 1_024
  /// The greatest age of a snapshot: it keeps the log of the database from being reused.
  package var snapshotAgeMax = Duration.seconds(30)

  package init() {}
}

/// A read that waits for a thread, without the type of its result.
private protocol ReadWork: AnyObject, Sendable {
  func begin() -> Bool
  func attempt(_ transaction: ReadTransaction)
  func answer()
  func fail(_ error: any Error)
}

/// A read whose closure returns `Value`. Only the thread that serves it touches `result`; the rest is constant.
private final class TypedReadWork<Value: Sendable>: ReadWork, @unchecked Sendable {
  let ticket = Ticket<Value>()
  private let body: @Sendable (ReadTransaction) throws -> Value
  private var result: Result<Value, any Error>?

  init(body: @escaping @Sendable (ReadTransaction) throws -> Value) {
    self.body = body
  }

  func begin() -> Bool { ticket.begin() }

  func attempt(_ transaction: ReadTransaction) {
    do {
      result = .success(try body(transaction))
    } catch let error as DatabaseError where error.kind == .interrupted {
      result = .failure(StorageError.snapshotTooOld)
    } catch let error as DatabaseError where error.endsBatch {
      result = .failure(StorageError.unavailable(error))
    } catch {
      result = .failure(error)
    }
  }

  func answer() {
    ticket.answer(result ?? .failure(StorageError.closed))
  }

  func fail(_ error: any Error) {
    ticket.answer(.failure((error as? DatabaseError).map { StorageError.unavailable($0) } ?? error))
  }
}
