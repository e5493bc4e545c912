extension StoreLocation {
  /// What opens connections to the store here. A SQLite file is kept from other servers until the driver is closed.
  ///
  /// Throws ``StorageError/servedElsewhere(path:)``, ``StorageError/unsuitableServer(reason:)`` or
  /// ``StorageError/unavailable(_:)``.
  func driver(_ options: StoreOptions) throws -> any DatabaseDriver {
    switch self {
    case .sqlite(let path):
      return try SQLiteDriver(path: path, options: options.sqlite)
    case .postgres(let url):
      #if PostgreSQL
        return try PostgreSQLDriver(url: url, options: options.postgres)
      #else
        throw StorageError.unsuitableServer(
          reason: "this program was built without PostgreSQL, and cannot use \(Self.masked(url))")
      #endif
    }
  }
}
