internal import Dispatch
internal import Logging

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A writer's connection, made anew when it is lost.
struct WriterLink {
  /// The waits between attempts to connect to a database that other machines run, doubling.
  private static let backoff = (first: Duration.milliseconds(20), last: Duration.seconds(1))
  /// How long a commit in doubt is asked after.
  private static let settlingMax = Duration.seconds(10)

  private let driver: any DatabaseDriver
  private let logger: Logger
  /// Told of the store's revision after every new connection.
  private let found: @Sendable (Int64) -> Void
  private var connection: (any DatabaseConnection)?
  /// Until when no connection is tried, and how long the wait after the next failure is.
  private var retryTime: ContinuousClock.Instant?
  private var wait = Self.backoff.first
  private var lastFailure: DatabaseError?

  init(driver: any DatabaseDriver, logger: Logger, found: @escaping @Sendable (Int64) -> Void) {
    self.driver = driver
    self.logger = logger
    self.found = found
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

  /// The connection; opened anew if need be, which fails at once while the last failure is recent.
  mutating func usable() throws -> any DatabaseConnection {
    if let connection { return connection }
    if let retryTime, let lastFailure, ContinuousClock.now < retryTime { throw lastFailure }
    do {
      let revision = try open { connection in
        try ReadTransaction(on: connection, nowMicros: 0).storeRevision()
      }
      retryTime = nil
      wait = Self.backoff.first
      found(revision)
    } catch let error as DatabaseError where error.kind == .connectionLost && driver.isShared {
      lastFailure = error
      retryTime = ContinuousClock.now + wait
      wait = min(wait * 2, Self.backoff.last)
      throw error
    }
    guard let connection else { throw StorageError.closed }
    return connection
  }

  /// Undoes what is open, and gives the connection up if it is in doubt.
  mutating func abandon(_ error: any Error) {
    do {
      try connection?.rollback()
    } catch {
      close()
    }
    if (error as? DatabaseError)?.endsConnection ?? false { close() }
  }

  /// Finds out what became of a commit whose answer did not come or cannot be trusted. Nothing is flushed again on the
  /// connection that failed: it is made anew.
  mutating func settle(_ transaction: TransactionID?, _ error: any Error) -> TransactionOutcome {
    close()
    defer {
      // At once, so that watchers learn of what did take place; if it cannot be, the next write tries again.
      _ = try? usable()
    }
    guard let transaction else {
      logger.error("a commit failed; its outcome is unknown", metadata: ["error": "\(error)"])
      return .forgotten
    }
    let deadline = ContinuousClock.now + Self.settlingMax
    while true {
      do {
        let outcome = try usable().outcome(of: transaction)
        if outcome != .open { return outcome }
      } catch {
        abandon(error)
      }
      guard ContinuousClock.now < deadline else {
        logger.error("the outcome of a commit cannot be found out", metadata: ["error": "\(error)"])
        return .forgotten
      }
      usleep(20_000)
    }
  }

  mutating func close() {
    connection?.close()
    connection = nil
  }
}
