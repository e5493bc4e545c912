package import Logging

/// Where a store's data lives.
package enum StoreLocation: Sendable, Hashable {
  /// A SQLite file; `<path>-wal`, `<path>-shm` and `<path>.lock` stand beside it.
  case sqlite(path: String)
  /// A database on a PostgreSQL server: `postgres://user:password@host:port/database?…`, as libpq takes it.
  case postgres(url: String)
}

/// How a store is run.
package struct StoreOptions: Sendable {
  /// How many batches are under way at once where servers share a database. SQLite has one writer.
  package var writers = 2
  /// How many writes of one class may wait for the writers, half of them of one principal; more are refused with
  /// ``StorageError/overloaded(retryAfter:)``.
  package var writeQueueMax = 4_096
  package var batch = BatchLimits()
  package var readers = ReaderOptions()
  package var sqlite = SQLiteOptions()
  package var postgres = PostgreSQLOptions()
  /// Who is told what the store does.
  package var observer: (any StoreObserver)?
  /// How long the change log reaches back, in microseconds.
  package var changeLogLifetimeMicros: Int64 = 7 * 24 * 3_600 * 1_000_000
  /// How large the change log may grow, in bytes of its contents; the oldest changes go first.
  package var changeLogBytesMax: Int64 = 4 << 30
  /// How much of the change log's newest part is kept in memory for the watches to share.
  package var changeTail = ChangeTailLimits()
  /// The clock: microseconds since 1970 (UTC).
  package var nowMicros: @Sendable () -> Int64

  package init(nowMicros: @escaping @Sendable () -> Int64) {
    self.nowMicros = nowMicros
  }
}

/// The database behind DMS: writes that are durable when they return, reads from a snapshot, and the log of changes.
package final class Store: Sendable {
  /// The feed of committed changes.
  package let changes: ChangeLog
  private let driver: any DatabaseDriver
  private let writer: GroupCommitWriter
  private let readers: ReaderPool
  private let watch: CommitWatch
  private let follower: Task<Void, Never>
  private let options: StoreOptions
  private let logger: Logger

  private init(
    driver: any DatabaseDriver, writer: GroupCommitWriter, readers: ReaderPool, changes: ChangeLog,
    watch: CommitWatch, options: StoreOptions, logger: Logger
  ) {
    self.driver = driver
    self.writer = writer
    self.readers = readers
    self.changes = changes
    self.watch = watch
    follower = Task { await changes.follow(logger: logger) }
    self.options = options
    self.logger = logger
  }

  /// Opens the store, bringing its schema up to date.
  ///
  /// Throws ``StorageError/servedElsewhere(path:)``, ``StorageError/newerDatabase(found:known:)``,
  /// ``StorageError/unsuitableServer(reason:)`` or ``StorageError/unavailable(_:)``.
  package static func open(_ location: StoreLocation, options: StoreOptions, logger: Logger) async throws -> Store {
    try await open(location.driver(options), options: options, logger: logger)
  }

  /// Opens the store over `driver`, which the store closes.
  package static func open(
    _ driver: any DatabaseDriver, migrations: [Migration] = Migration.all, options: StoreOptions, logger: Logger
  ) async throws -> Store {
    let published = Publisher()
    let memory = MasterMemory()
    let writer = GroupCommitWriter(
      driver: driver, capacity: options.writeQueueMax, limits: options.batch, nowMicros: options.nowMicros,
      memory: memory, observer: options.observer, logger: logger
    ) { news in published.publish(news) }
    do {
      let (revision, applied) = try await writer.start { connection in
        let applied = try Migrator(migrations: migrations).run(on: connection, nowMicros: options.nowMicros())
        return (try ReadTransaction(on: connection, nowMicros: 0).storeRevision(), applied)
      }
      if !applied.isEmpty { logger.info("migrated the store", metadata: ["migrations": "\(applied)"]) }
      if driver.isShared {
        for _ in 1..<max(1, options.writers) { try await writer.start { _ in } }
      }
      let readers = try ReaderPool(
        driver: driver, options: options.readers, nowMicros: options.nowMicros, memory: memory,
        observer: options.observer, logger: logger)
      let changes = ChangeLog(
        current: revision, limits: options.changeTail, readers: readers, isShared: driver.isShared)
      published.connect(changes)
      let watch = CommitWatch(driver: driver, hints: changes.hints, logger: logger)
      try watch.start()
      return Store(
        driver: driver, writer: writer, readers: readers, changes: changes, watch: watch, options: options,
        logger: logger)
    } catch {
      await writer.close()
      driver.close()
      throw (error as? DatabaseError).map { StorageError.unavailable($0) } ?? error
    }
  }

  /// Runs `body` in a savepoint of the next batch's transaction, and returns after the batch is durable.
  ///
  /// `body` runs on the writer's thread and must be pure and repeatable: a batch that fails as a whole is run again,
  /// write by write. What it throws undoes its own changes and comes out here, once the batch is durable on which its
  /// decision was based. Keep it short (a millisecond or two): everybody waits for it.
  ///
  /// Throws also ``StorageError/overloaded(retryAfter:)``, ``StorageError/outcomeUnknown``,
  /// ``StorageError/unavailable(_:)``, ``StorageError/closed``, and `CancellationError` when the task is cancelled
  /// before the write begins; one that has begun is carried through.
  package func write<Value: Sendable>(
    _ request: WriteRequest, _ body: @escaping @Sendable (WriteTransaction) throws -> Value
  ) async throws -> Value {
    try await writer.write(request) { transaction in .value(try body(transaction)) }
  }

  /// Like ``write(_:_:)``, for a write whose result needs its revision: what servers that share the database wait for
  /// one another for.
  package func writeLate<Value: Sendable>(
    _ request: WriteRequest, _ body: @escaping @Sendable (WriteTransaction) throws -> WriteResult<Value>
  ) async throws -> Value {
    try await writer.write(request, body)
  }

  /// Like ``write(_:_:)``, once for each request key: a repeat with the same content gets the bytes that the first
  /// committed write returned, for seven days, without running `body`.
  ///
  /// Throws ``StorageError/requestIDReused`` when the key was committed with other content. A write that throws stores
  /// nothing and may be tried again under the same key. Without a key, nothing is stored.
  package func writeOnce(
    _ request: WriteRequest, _ body: @escaping @Sendable (WriteTransaction) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await writeOnceLate(request) { transaction in .value(try body(transaction)) }
  }

  /// Like ``writeOnce(_:_:)``, for a reply that needs the write's revision.
  package func writeOnceLate(
    _ request: WriteRequest, _ body: @escaping @Sendable (WriteTransaction) throws -> WriteResult<[UInt8]>
  ) async throws -> [UInt8] {
    try await writeOnceOrRefuse(request) { transaction -> Result<WriteResult<[UInt8]>, Never> in
      .success(try body(transaction))
    }.get()
  }

  /// Runs `body` in one snapshot, on a thread of a bounded pool; it may take its time, up to the greatest age of a
  /// snapshot.
  ///
  /// Throws what `body` throws, ``StorageError/overloaded(retryAfter:)``, ``StorageError/snapshotTooOld``,
  /// ``StorageError/unavailable(_:)``, ``StorageError/closed``, and `CancellationError` when the task is cancelled
  /// before the read begins.
  package func read<Value: Sendable>(
    _ body: @escaping @Sendable (ReadTransaction) throws -> Value
  ) async throws -> Value {
    try await readers.read(body)
  }

  /// Whether other servers may use the same database.
  package var isShared: Bool { driver.isShared }

  /// How many writes wait, for metrics.
  package var waitingWrites: Int { writer.waitingCount }

  /// How many reads wait, for metrics.
  package var waitingReads: Int { readers.waitingCount }

  /// How large the database's file and its write-ahead log are, in bytes; nil where there are none.
  package var fileSizes: (database: Int64, wal: Int64)? { driver.fileSizes }

  /// Looks after the store until the task is cancelled: removes replies and changes past their lifetime, in small
  /// steps of the least urgent class.
  package func run() async throws {
    while !Task.isCancelled {
      do {
        while try await sweepReplies() > 0 {}
        while try await compactChanges() > 0 {}
      } catch StorageError.closed {
        return
      } catch {
        logger.warning("upkeep of the store failed and is tried again", metadata: ["error": "\(error)"])
      }
      do { try await Task.sleep(for: .seconds(60)) } catch { return }
    }
  }

  /// Removes at most `limit` stored replies past their lifetime.
  /// - Returns: how many went.
  package func sweepReplies(limit: Int = 500) async throws -> Int {
    try await write(Self.upkeep) { transaction in
      try StoredReplies.sweep(limit: limit, transaction)
    }
  }

  /// Removes about `limit` changes, past their lifetime or past the greatest size, from the old end of the log, whole
  /// revisions.
  /// - Returns: how many went.
  package func compactChanges(limit: Int = 500) async throws -> Int {
    let lifetime = options.changeLogLifetimeMicros
    let bytesMax = options.changeLogBytesMax
    return try await write(Self.upkeep) { transaction in
      try ChangeLogTable.compact(
        before: transaction.nowMicros - lifetime, bytesMax: bytesMax, limit: limit, transaction)
    }
  }

  /// What upkeep takes away nobody else changes, so it writes beside others.
  private static let upkeep = WriteRequest(
    .bulk, principal: "upkeep", locks: .keys([.resource("upkeep", "store")]))

  /// Serves what waits, then lets go of the database. What comes later is answered ``StorageError/closed``.
  package func close() async {
    await watch.stop()
    changes.close()
    await follower.value
    // Readers first: on SQLite the last connection to close then moves the whole log into the database.
    await readers.close()
    await writer.close()
    driver.close()
  }
}
