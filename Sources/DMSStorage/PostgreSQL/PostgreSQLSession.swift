#if PostgreSQL
  internal import CPostgreSQL

  /// Makes sessions on a server, and refuses servers that would not keep what we promise.
  struct PostgreSQLSession {
    /// As libpq takes it; may hold a password, and is never shown.
    let url: String
    let options: PostgreSQLOptions

    /// What a session is for.
    enum Role: Sendable {
      case writer
      case reader
      case listener
    }

    /// Throws ``StorageError/unsuitableServer(reason:)`` for a URL of another scheme or one that libpq cannot read.
    init(url: String, options: PostgreSQLOptions) throws(StorageError) {
      guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else {
        throw .unsuitableServer(reason: "its URL does not begin with postgres://")
      }
      // What is wrong with a URL is said by quoting it, and with it perhaps its password.
      let parsed = PQconninfoParse(url, nil)
      guard let parsed else { throw .unsuitableServer(reason: "its URL cannot be read") }
      PQconninfoFree(parsed)
      self.url = url
      self.options = options
    }

    /// Connects, prepares the session and looks at the server. The caller owns what it gets.
    func open(_ role: Role) throws -> OpaquePointer {
      // What comes before dbname is a default, and what comes after it holds whatever the URL says.
      let settings: [(String, String)] = [
        ("application_name", "dms"),
        ("connect_timeout", "\(options.connectTimeoutSeconds)"),
        ("keepalives_idle", "30"),
        ("keepalives_interval", "10"),
        ("keepalives_count", "3"),
        ("tcp_user_timeout", "\(options.networkTimeoutMilliseconds)"),
        ("dbname", url),
        ("client_encoding", "UTF8"),
      ]
      let connected = withCStrings(settings.map(\.0)) { keywords in
        withCStrings(settings.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
      }
      guard let handle = connected else { throw DatabaseError(.outOfMemory, message: "no memory for a connection") }
      do {
        guard PQstatus(handle) == CONNECTION_OK else { throw DatabaseError.connectionLost(handle) }
        // Notices go nowhere: by default libpq prints them.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        try examine(handle)
        try prepare(handle, role)
        return handle
      } catch {
        PQfinish(handle)
        throw error
      }
    }

    private func prepare(_ handle: OpaquePointer, _ role: Role) throws {
      if role == .writer {
        // A write touches few rows of large tables. Plans are kept for the session, those of foreign keys included, and
        // one that was made while a table was small would read the whole of it for as long as the server's statistics
        // are old.
        _ = try PostgreSQLSession.ask("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan", handle)
      }
      // No statement here is worth compiling: it would take longer than all but the longest run.
      _ = try PostgreSQLSession.ask(
        """
        SET jit = off;
        SET standard_conforming_strings = on;
        SET statement_timeout = \(role == .writer ? options.statementTimeoutMilliseconds : 0);
        SET lock_timeout = \(options.lockTimeoutMilliseconds);
        SET idle_in_transaction_session_timeout = \(options.idleInTransactionTimeoutMilliseconds)
        """, handle)
    }

    /// Throws ``StorageError/unsuitableServer(reason:)`` unless commits on this server are durable, text is UTF-8, and
    /// it can be written.
    private func examine(_ handle: OpaquePointer) throws {
      guard PQserverVersion(handle) >= 140_000 else {
        throw StorageError.unsuitableServer(reason: "it is older than PostgreSQL 14; upgrade it")
      }
      let found = try Self.ask(
        """
        SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
          current_setting('server_encoding'), pg_is_in_recovery()::text
        """, handle)
      guard found.count == 5 else { throw DatabaseError(.other, message: "the server did not tell its settings") }
      for (name, value) in zip(["fsync", "full_page_writes", "synchronous_commit"], found) where value == "off" {
        throw StorageError.unsuitableServer(
          reason: "\(name) is off, so that a crash would lose commits; set \(name) = on")
      }
      guard found[3] == "UTF8" else {
        throw StorageError.unsuitableServer(
          reason: "the database's encoding is \(found[3]); create one WITH ENCODING 'UTF8' TEMPLATE template0")
      }
      guard found[4] == "false" else {
        throw StorageError.unsuitableServer(reason: "it is a standby, which cannot be written; name the primary")
      }
    }

    /// The texts in the first row that the server answers.
    static func ask(_ text: String, _ handle: OpaquePointer) throws(DatabaseError) -> [String] {
      guard let result = PQexec(handle, text) else { throw DatabaseError.connectionLost(handle) }
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK:
        return []
      case PGRES_TUPLES_OK where PQntuples(result) > 0:
        return (0..<PQnfields(result)).map { column in
          PQgetvalue(result, 0, column).map { String(cString: $0) } ?? ""
        }
      case PGRES_TUPLES_OK:
        return []
      default:
        guard PQstatus(handle) == CONNECTION_OK else { throw DatabaseError.connectionLost(handle) }
        throw DatabaseError(postgres: result)
      }
    }

    /// Lends C strings, with a null pointer behind the last.
    private func withCStrings<Value>(
      _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
      var bytes: [CChar] = []
      var starts: [Int] = []
      for string in strings {
        starts.append(bytes.count)
        bytes.append(contentsOf: string.utf8CString)
      }
      return bytes.withUnsafeBufferPointer { buffer in
        let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } } + [nil]
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
      }
    }
  }
#endif
