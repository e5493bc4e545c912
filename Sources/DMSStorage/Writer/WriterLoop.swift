internal import Logging

/// The writer's thread at work: owns the writing connection, and turns waiting writes into commits.
struct WriterLoop {
  let queue: WriteQueue
  let driver: any DatabaseDriver
  let limits: BatchLimits
  let nowMicros: @Sendable () -> Int64
  let logger: Logger
  let publish: @Sendable (RevisionNews) -> WokenWatchers
  private var connection: (any DatabaseConnection)?

  init(
    queue: WriteQueue, driver: any DatabaseDriver, limits: BatchLimits, nowMicros: @escaping @Sendable () -> Int64,
    logger: Logger, publish: @escaping @Sendable (RevisionNews) -> WokenWatchers
  ) {
    self.queue = queue
    self.driver = driver
    self.limits = limits
    self.nowMicros = nowMicros
    self.logger = logger
    self.publish = publish
  }

  /// Opens the connection and runs `prepare` on it.
  mutating func open<Value>(_ prepare: (any DatabaseConnection) throws -> Value) throws -> Value {
    let opened = try driver.openWriter()
    do {
      let value = try prepare(opened)
      connection = opened
      return value
    } catch {
      opened.close()
      throw error
    }
  }

  /// Serves batches until the queue is closed and empty.
  mutating func run() {
    while let first = queue.next() {
      let began = ContinuousClock.now
      let count = serve(first, began)
      queue.learn(count: count, took: ContinuousClock.now - began)
    }
    connection?.close()
    connection = nil
  }

  // MARK: One batch

  /// Runs `first` and what else waits in one transaction, and answers their callers.
  /// - Returns: how many writes were answered.
  private mutating func serve(_ first: WriteJob, _ began: ContinuousClock.Instant) -> Int {
    var jobs = [first]
    do {
      let connection = try usableConnection()
      var batch = Batch(connection, nowMicros: nowMicros())
      try batch.begin()
      if connection.sharesWrites {
        gather(into: &jobs)
        try batch.lock(jobs)
        for job in jobs { try batch.run(job) }
      } else {
        try batch.run(first)
        while jobs.count < limits.writesMax, ContinuousClock.now - began < limits.duration, let job = queue.poll() {
          jobs.append(job)
          try batch.run(job)
        }
      }
      try batch.seal()
      finish(batch, jobs)
    } catch {
      abandon(error)
      if jobs.count == 1, !isWorthAnotherTry(error) {
        refuse(jobs, error)
      } else {
        logger.warning("a batch failed and is run write by write", metadata: ["error": "\(error)"])
        for job in jobs { serveAlone(job) }
      }
    }
    return jobs.count
  }

  /// Runs `job` in a transaction of its own.
  private mutating func serveAlone(_ job: WriteJob) {
    do {
      let connection = try usableConnection()
      var batch = Batch(connection, nowMicros: nowMicros())
      try batch.begin()
      if connection.sharesWrites { try batch.lock([job]) }
      try batch.run(job)
      try batch.seal()
      finish(batch, [job])
    } catch {
      abandon(error)
      refuse([job], error)
    }
  }

  /// Takes what waits, up to the limit.
  private func gather(into jobs: inout [WriteJob]) {
    while jobs.count < limits.writesMax, let job = queue.poll() { jobs.append(job) }
  }

  /// Commits, tells the change log, answers the callers.
  private mutating func finish(_ batch: Batch, _ jobs: [WriteJob]) {
    do {
      try batch.connection.commit()
    } catch {
      // Whether the transaction took place is unknown, to those refused as well: they were judged by what came before
      // them in it. The connection is made anew, and nothing is flushed again on this one.
      logger.error("a commit failed; its outcome is unknown", metadata: ["error": "\(error)"])
      drop()
      for job in jobs {
        job.keep(StorageError.outcomeUnknown)
        job.answer()
      }
      // At once, so that watchers learn of what did take place; if it cannot be, the next write tries again.
      _ = try? usableConnection()
      return
    }
    // Published before anybody hears of it: who has an answer finds its revision in the log.
    let woken = batch.revisions.map { revisions in
      publish(.committed(batch.changes, after: revisions.lowerBound - 1, through: revisions.upperBound))
    }
    for job in jobs { job.answer() }
    woken?.wake()
  }

  /// Answers every caller that nothing was done.
  private func refuse(_ jobs: [WriteJob], _ error: any Error) {
    let answer: any Error = (error as? DatabaseError).map { StorageError.unavailable($0) } ?? error
    for job in jobs {
      job.keep(answer)
      job.answer()
    }
  }

  /// Whether a batch of one write is run once more: a medium or connection that failed may work when opened anew.
  private func isWorthAnotherTry(_ error: any Error) -> Bool {
    (error as? DatabaseError)?.endsConnection ?? false
  }

  // MARK: The connection

  private mutating func usableConnection() throws -> any DatabaseConnection {
    if let connection { return connection }
    let opened = try driver.openWriter()
    do {
      let revision = try ReadTransaction(on: opened, nowMicros: nowMicros()).storeRevision()
      connection = opened
      publish(.foundAt(revision)).wake()
      return opened
    } catch {
      opened.close()
      throw error
    }
  }

  /// Undoes what is open, and gives the connection up if it is in doubt.
  private mutating func abandon(_ error: any Error) {
    do {
      try connection?.rollback()
    } catch {
      drop()
    }
    if (error as? DatabaseError)?.endsConnection ?? false { drop() }
  }

  private mutating func drop() {
    connection?.close()
    connection = nil
  }
}
