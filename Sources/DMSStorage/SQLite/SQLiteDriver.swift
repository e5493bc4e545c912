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
final class SQLiteDriver: DatabaseDriver {
  private let path: String
  private let options: SQLiteOptions
  private let lockFile: SQLiteLockFile

  /// Takes the lock file beside `path`, or throws ``StorageError/servedElsewhere(path:)``.
  init(path: String, options: SQLiteOptions) throws {
    self.path = path
    self.options = options
    lockFile = try SQLiteLockFile(databasePath: path)
  }

  let isShared = false

  func openWriter() throws -> any DatabaseConnection {
    try SQLiteConnection(path: path, role: .writer, options: options)
  }

  func openReader() throws -> any DatabaseConnection {
    try SQLiteConnection(path: path, role: .reader, options: options)
  }

  func openListener() -> (any CommitListener)? { nil }

  func close() {
    lockFile.release()
  }
}
