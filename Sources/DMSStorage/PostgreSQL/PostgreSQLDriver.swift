#if PostgreSQL
  /// Opens connections to a database on a PostgreSQL server, which other servers may use as well.
  final class PostgreSQLDriver: DatabaseDriver {
    private let session: PostgreSQLSession

    /// Throws ``StorageError/unsuitableServer(reason:)`` for a URL that is none; connects to nothing yet.
    init(url: String, options: PostgreSQLOptions = PostgreSQLOptions()) throws {
      session = try PostgreSQLSession(url: url, options: options)
    }

    let isShared = true

    func openWriter() throws -> any DatabaseConnection {
      try PostgreSQLConnection(session, .writer)
    }

    func openReader() throws -> any DatabaseConnection {
      try PostgreSQLConnection(session, .reader)
    }

    func openListener() throws -> (any CommitListener)? {
      try PostgreSQLListener(session)
    }

    // Servers stand beside each other; there is nobody to let in.
    func close() {}
  }
#endif
