internal import Logging

/// A writer's thread at work: owns a writing connection, and turns waiting writes into commits.
struct WriterLoop {
  /// How many batches have savepoints after one that needed them.
  private static let carefulBatches = 16

  let queue: WriteQueue
  let limits: BatchLimits
  let nowMicros: @Sendable () -> Int64
  let memory: MasterMemory
  let observer: (any StoreObserver)?
  let logger: Logger
  let publish: @Sendable (RevisionNews) -> WokenWatchers
  private var link: WriterLink
  /// How many of the next batches have savepoints.
  private var carefulLeft = 0

  init(
    queue: WriteQueue, driver: any DatabaseDriver, limits: BatchLimits, nowMicros: @escaping @Sendable () -> Int64,
    memory: MasterMemory, observer: (any StoreObserver)?, logger: Logger,
    publish: @escaping @Sendable (RevisionNews) -> WokenWatchers
  ) {
    self.observer = observer
    self.queue = queue
    self.limits = limits
    self.nowMicros = nowMicros
    self.memory = memory
    self.logger = logger
    self.publish = publish
    link = WriterLink(driver: driver, logger: logger) { revision in publish(.foundAt(revision)).wake() }
  }

  /// Opens the connection and runs `prepare` on it.
  mutating func open<Value>(_ prepare: (any DatabaseConnection) throws -> Value) throws -> Value {
    try link.open(prepare)
  }

  /// Serves batches until the queue is closed and empty.
  mutating func run() {
    while let first = queue.next() {
      let began = ContinuousClock.now
      let count = serve(first, began)
      let took = ContinuousClock.now - began
      queue.learn(count: count, took: took)
      observer?.batchServed(took: took)
    }
    link.close()
  }

  // MARK: One batch

  /// Runs `first` and what else waits in one transaction, and answers their callers.
  /// - Returns: how many writes were answered.
  private mutating func serve(_ first: WriteJob, _ began: ContinuousClock.Instant) -> Int {
    var jobs = [first]
    var isCareful = carefulLeft > 0
    carefulLeft = max(0, carefulLeft - 1)
    var isGathered = false
    var retries = Retries()
    while true {
      do {
        var batch = Batch(try link.usable(), isCareful: isCareful, nowMicros: nowMicros(), memory: memory)
        try fill(&batch, &jobs, isGathered, began)
        try finish(batch, jobs)
        return jobs.count
      } catch {
        observer?.batchFailed()
        isGathered = !(error is NeedsSavepoints)
        link.abandon(error)
        switch retries.next(after: error, isCareful: isCareful) {
        case .again(let careful):
          if error is NeedsSavepoints { carefulLeft = Self.carefulBatches }
          isCareful = isCareful || careful
        case .giveUp where jobs.count == 1:
          refuse(jobs[0], error)
          return 1
        case .giveUp:
          logger.warning("a batch failed and is run write by write", metadata: ["error": "\(error)"])
          for job in jobs { serveAlone(job) }
          return jobs.count
        }
      }
    }
  }

  /// Runs `jobs`, and unless that is done what else waits, up to the limits; then seals the batch.
  private func fill(
    _ batch: inout Batch, _ jobs: inout [WriteJob], _ isGathered: Bool, _ began: ContinuousClock.Instant
  ) throws {
    try batch.begin()
    if batch.connection.sharesWrites {
      while !isGathered, jobs.count < limits.writesMax, let job = queue.poll() { jobs.append(job) }
      try batch.lock(jobs)
    }
    for job in jobs { try batch.run(job) }
    while !isGathered, !batch.connection.sharesWrites, jobs.count < limits.writesMax,
      ContinuousClock.now - began < limits.duration, let job = queue.poll()
    {
      jobs.append(job)
      try batch.run(job)
    }
    try batch.seal()
  }

  /// Runs `job` in a transaction of its own.
  private mutating func serveAlone(_ job: WriteJob) {
    var jobs = [job]
    var retries = Retries()
    while true {
      do {
        var batch = Batch(try link.usable(), isCareful: true, nowMicros: nowMicros(), memory: memory)
        try fill(&batch, &jobs, true, ContinuousClock.now)
        return try finish(batch, jobs)
      } catch {
        link.abandon(error)
        if case .giveUp = retries.next(after: error, isCareful: true) { return refuse(job, error) }
      }
    }
  }

  /// Commits, tells the change log, answers the callers. Throws when nothing took place.
  private mutating func finish(_ batch: Batch, _ jobs: [WriteJob]) throws {
    let began = observer.map { _ in ContinuousClock.now }
    do {
      try batch.connection.commit()
    } catch CommitFailure.undone(let error) {
      throw error
    } catch {
      let transaction: TransactionID? = if case CommitFailure.inDoubt(_, let id) = error { id } else { nil }
      switch link.settle(transaction, error) {
      case .committed:
        logger.notice("a commit whose answer was lost took place")
      case .undone:
        throw DatabaseError(.connectionLost, message: "the connection was lost before the commit")
      case .open, .forgotten:
        // Unknown to those refused as well: they were judged by what came before them in it.
        for job in jobs {
          job.keep(StorageError.outcomeUnknown)
          job.answer()
        }
        return
      }
    }
    if let began { observer?.batchCommitted(writes: jobs.count, commit: ContinuousClock.now - began) }
    // Published before anybody hears of it: who has an answer finds its revision in the log.
    let woken = batch.revisions.map { revisions in
      publish(.committed(batch.changes, after: revisions.lowerBound - 1, through: revisions.upperBound))
    }
    for job in jobs { job.answer() }
    woken?.wake()
  }

  /// Answers the caller that nothing was done.
  private func refuse(_ job: WriteJob, _ error: any Error) {
    job.keep((error as? DatabaseError).map { StorageError.unavailable($0) } ?? error)
    job.answer()
  }
}

/// Decides whether a batch that failed, and is undone, is run again.
private struct Retries {
  enum Decision {
    /// Once more, with savepoints or as it was.
    case again(isCareful: Bool)
    case giveUp
  }

  /// How often a deadlock that the database has broken, or a lock that did not come, is met with another try.
  private static let busyMax = 4

  private var busy = 0
  private var connections = 0

  mutating func next(after error: any Error, isCareful: Bool) -> Decision {
    if error is NeedsSavepoints { return .again(isCareful: true) }
    guard let error = error as? DatabaseError else { return .giveUp }
    switch error.kind {
    case .busy:
      busy += 1
      return busy > Self.busyMax ? .giveUp : .again(isCareful: true)
    case .inputOutput, .corrupt, .connectionLost:
      // A medium or a connection that failed may work when it is opened anew.
      connections += 1
      return connections > 1 ? .giveUp : .again(isCareful: isCareful)
    case .full, .outOfMemory:
      return .giveUp
    default:
      // A statement failed without one knowing whose: savepoints tell.
      return isCareful ? .giveUp : .again(isCareful: true)
    }
  }
}
