internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The embedded store's settings. Sizes that hold for a server of a few dozen megabytes.
package struct SQLiteOptions: Sendable {
  /// How long a statement waits for a lock. Only a foreign program can hold one.
  package var busyTimeoutMilliseconds = 5_000
  /// After how many pages in the WAL the writer moves them to the database.
  package var checkpointPages = 2_000
  /// How large a WAL file may stay once it is checkpointed.
  package var walBytesKept = 64 * 1024 * 1024
  package var writerCacheKiB = 32 * 1024
  package var readerCacheKiB = 8 * 1024
  /// The name of a registered virtual file system; nil for the platform's.
  package var vfs: String?
  /// What a commit waits for.
  package var durability = SQLiteDurability.full

  package init() {}
}

/// What a commit waits for before it is acknowledged.
package enum SQLiteDurability: Sendable, Hashable {
  /// The disk has confirmed it: an acknowledged write outlives a loss of power.
  case full
  /// Nothing: a loss of power takes acknowledged writes along and can damage the file. Only for tests that prove that
  /// durability matters; no setting of the server leads here.
  case none
}

/// Opens connections to one SQLite file, and keeps a second server out of it.
///
/// One more connection stays open and idle, for the sake of the index of the write-ahead log, which lives as long as
/// any connection does. When the flush of a commit fails and the writer's connection is made anew, the index still ends
/// at the last commit that is durable, and the next one overwrites what was not flushed. Without the index, SQLite would
/// read the log again, find the failed commit in the memory of the system, and build on it: later commits would stand
/// behind a hole that shows when power is lost.
final class SQLiteDriver: DatabaseDriver {
  private let path: String
  private let options: SQLiteOptions
  private let lockFile: SQLiteLockFile
  private let keeper = Mutex<SQLiteConnection?>(nil)

  /// Takes the lock file beside `path`, or throws ``StorageError/servedElsewhere(path:)``.
  init(path: String, options: SQLiteOptions) throws {
    self.path = path
    self.options = options
    lockFile = try SQLiteLockFile(databasePath: path)
  }

  let isShared = false

  var fileSizes: (database: Int64, wal: Int64)? { (Self.size(path), Self.size(path + "-wal")) }

  /// The size of a file; 0 when there is none.
  private static func size(_ path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  func openWriter() throws -> any DatabaseConnection {
    let writer = try SQLiteConnection(path: path, role: .writer, options: options)
    do {
      try keepIndex(by: writer)
      return writer
    } catch {
      writer.close()
      throw error
    }
  }

  /// Opens the idle connection when there is none.
  private func keepIndex(by writer: SQLiteConnection) throws {
    try keeper.withLock { keeper in
      guard keeper == nil else { return }
      // What a process left behind that was killed may be in the memory of the system only.
      try writer.flushLog()
      let opened = try SQLiteConnection(path: path, role: .reader, options: options)
      do {
        try opened.joinLog()
        keeper = opened
      } catch {
        opened.close()
        throw error
      }
    }
  }

  func openReader() throws -> any DatabaseConnection {
    try SQLiteConnection(path: path, role: .reader, options: options)
  }

  func openListener() -> (any CommitListener)? { nil }

  func close() {
    keeper.withLock { keeper in
      keeper?.close()
      keeper = nil
    }
    lockFile.release()
  }
}
