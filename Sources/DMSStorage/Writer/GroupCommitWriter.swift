internal import Logging
internal import Synchronization

/// Carries out writes on threads of its own, many in one commit.
///
/// A batch is one transaction: as many writes as wait, at most ``BatchLimits/writesMax`` of them and begun within
/// ``BatchLimits/duration``; then one commit, then all callers are answered together. While it commits, the next batch
/// gathers. A database that is shared has several batches under way at once, which its locks keep apart.
final class GroupCommitWriter: Sendable {
  private let queue: WriteQueue
  private let driver: any DatabaseDriver
  private let limits: BatchLimits
  private let nowMicros: @Sendable () -> Int64
  private let memory: MasterMemory
  private let observer: (any StoreObserver)?
  private let logger: Logger
  private let publish: @Sendable (RevisionNews) -> WokenWatchers
  private let threads = Mutex<[WorkerThread]>([])

  /// - Parameter publish: told of every commit that gave a revision, before its callers are answered; the watchers it
  ///   returns are woken after them.
  init(
    driver: any DatabaseDriver, capacity: Int, limits: BatchLimits, nowMicros: @escaping @Sendable () -> Int64,
    memory: MasterMemory, observer: (any StoreObserver)? = nil, logger: Logger,
    publish: @escaping @Sendable (RevisionNews) -> WokenWatchers
  ) {
    self.observer = observer
    self.driver = driver
    self.queue = WriteQueue(capacity: capacity)
    self.limits = limits
    self.nowMicros = nowMicros
    self.memory = memory
    self.logger = logger
    self.publish = publish
  }

  /// Starts a thread; `prepare` runs first on its connection, and its failure is thrown.
  func start<Value: Sendable>(
    _ prepare: @escaping @Sendable (any DatabaseConnection) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      do {
        let started = try WorkerThread { [self] in
          var loop = WriterLoop(
            queue: queue, driver: driver, limits: limits, nowMicros: nowMicros, memory: memory, observer: observer,
            logger: logger, publish: publish)
          do {
            continuation.resume(returning: try loop.open(prepare))
          } catch {
            continuation.resume(throwing: error)
            return
          }
          loop.run()
        }
        threads.withLock { $0.append(started) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// Runs `body` in the next batch's transaction; returns once it is durable.
  func write<Value: Sendable>(
    _ request: WriteRequest, _ body: @escaping @Sendable (WriteTransaction) throws -> WriteResult<Value>
  ) async throws -> Value {
    let job = TypedWriteJob(request, body)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        guard job.wait(continuation) else { return }
        do throws(StorageError) {
          try queue.submit(job)
        } catch {
          if case .overloaded = error { observer?.refused(RefusedWork(request.writeClass)) }
          job.keep(error)
          job.answer()
        }
      }
    } onCancel: {
      job.cancel()
    }
  }

  /// How many writes wait.
  var waitingCount: Int { queue.count }

  /// Serves what waits, then stops and closes the connections.
  func close() async {
    queue.close()
    for thread in threads.withLock({ $0 }) { await thread.join() }
  }
}

/// What bounds a batch.
package struct BatchLimits: Sendable {
  /// How many writes share a commit. PostgreSQL keeps 64 savepoints of a transaction at hand; more slow down everybody.
  package var writesMax = 64
  /// After this long no further write joins.
  package var duration = Duration.milliseconds(5)

  package init() {}
}
