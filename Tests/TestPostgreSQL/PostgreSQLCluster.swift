#if PostgreSQL
  internal import CPostgreSQL
  internal import Synchronization

  #if canImport(Darwin)
    internal import Darwin
  #elseif canImport(Musl)
    internal import Musl
  #else
    internal import Glibc
  #endif

  /// A PostgreSQL of the tests' own, in a temporary folder, reached through a socket there.
  ///
  /// `dev/private-postgres` runs it, and removes it when this process ends, however that comes about: it waits for the
  /// end of a pipe that only this process holds open.
  package final class PostgreSQLCluster: Sendable {
    /// How the server is stopped.
    package enum Halt: String, Sendable {
      /// Sessions are ended, and what is written is flushed.
      case fast
      /// As in a crash.
      case immediate
    }

    private struct State {
      /// The end of the pipe that the cluster lives by.
      var lifeline: Int32?
      var databases = 0
    }

    /// The folder with the cluster and its socket.
    package let folder: String
    private let state: Mutex<State>

    /// Starts a cluster with settings such as `fsync=off`. Takes about a second.
    package init(settings: [String] = []) throws {
      var template = Array("/tmp/dms-postgres-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { throw PostgreSQLFailure(message: "cannot make a temporary folder") }
      let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let (lifeline, output, errors) = (try ChildPipe(), try ChildPipe(), try ChildPipe())
      let program = try ChildProgram(
        Self.script, ["run", folder] + settings, input: lifeline.readEnd, output: output.writeEnd,
        errors: errors.writeEnd)
      for end in [lifeline.readEnd, output.writeEnd, errors.writeEnd] { close(end) }
      // The script closes its output once the server answers, or when it fails.
      let line = output.readAll()
      close(output.readEnd)
      guard !line.isEmpty else {
        close(lifeline.writeEnd)
        let words = errors.readAll()
        close(errors.readEnd)
        _ = program.wait()
        rmdir(folder)
        throw PostgreSQLFailure(message: words.isEmpty ? "the private PostgreSQL does not start" : words)
      }
      close(errors.readEnd)
      self.folder = folder
      state = Mutex(State(lifeline: lifeline.writeEnd))
    }

    /// The cluster that the tests of this process share, started at first use.
    package static func shared() throws -> PostgreSQLCluster { try sharedResult.get() }

    private static let sharedResult = Result { try PostgreSQLCluster() }

    /// `dev/private-postgres`, seen from this file.
    private static let script =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
      + "/dev/private-postgres"

    /// The URL of a database of this cluster.
    package func url(of database: String) -> String { "postgres:///\(database)?host=\(folder)&user=dms" }

    /// Makes an empty database and returns its name.
    package func makeDatabase(encoding: String = "UTF8") throws -> String {
      let number = state.withLock { state in
        state.databases += 1
        return state.databases
      }
      let name = "test_\(number)"
      try execute("CREATE DATABASE \(name) TEMPLATE template0 ENCODING '\(encoding)' LC_COLLATE 'C' LC_CTYPE 'C'")
      return name
    }

    /// Removes a database, ending whoever still uses it.
    package func removeDatabase(_ name: String) throws {
      try execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// Ends the sessions on `database` as an operator would; all but the one that asks.
    package func endSessions(on database: String) throws {
      try execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = '\(database)' AND pid <> pg_backend_pid()
        """)
    }

    /// Carries out statements on a session of their own; rows come as text, NULL as nil.
    @discardableResult
    package func execute(_ text: String, on database: String = "postgres") throws -> [[String?]] {
      let handle = PQconnectdb(url(of: database))
      defer { PQfinish(handle) }
      guard PQstatus(handle) == CONNECTION_OK else {
        throw PostgreSQLFailure(message: PQerrorMessage(handle).map { String(cString: $0) } ?? "")
      }
      let result = PQexec(handle, text)
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK: break
      default: throw PostgreSQLFailure(message: PQresultErrorMessage(result).map { String(cString: $0) } ?? "")
      }
      return (0..<PQntuples(result)).map { row in
        (0..<PQnfields(result)).map { column in
          guard PQgetisnull(result, row, column) == 0 else { return nil }
          return PQgetvalue(result, row, column).map { String(cString: $0) }
        }
      }
    }

    /// Stops the server and keeps its data.
    package func halt(_ halt: Halt) throws { try run(["halt", folder, halt.rawValue]) }

    /// Lets the server, which is halted, start as a standby that follows nobody.
    package func makeStandby() throws {
      let descriptor = open("\(folder)/data/standby.signal", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw PostgreSQLFailure(message: "cannot make the cluster a standby") }
      close(descriptor)
    }

    /// Starts the server again.
    package func resume() throws { try run(["resume", folder]) }

    /// Stops and removes the cluster; the process's end does so as well.
    package func remove() {
      let lifeline = state.withLock { state in
        defer { state.lifeline = nil }
        return state.lifeline
      }
      if let lifeline { close(lifeline) }
    }

    private func run(_ arguments: [String]) throws {
      guard try ChildProgram(Self.script, arguments).wait() else {
        throw PostgreSQLFailure(message: "dev/private-postgres \(arguments[0]) failed")
      }
    }
  }

  /// What went wrong with the private PostgreSQL.
  package struct PostgreSQLFailure: Error, CustomStringConvertible {
    package var message: String

    package var description: String { message }
  }

  /// Bounds how many databases are in use at once.
  private actor DatabasePlaces {
    static let shared = DatabasePlaces()

    private var free = 24
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
      if free > 0 {
        free -= 1
      } else {
        await withCheckedContinuation { waiting.append($0) }
      }
    }

    func giveBack() {
      if waiting.isEmpty {
        free += 1
      } else {
        waiting.removeFirst().resume()
      }
    }
  }

  /// Lends the URL of an empty database on the shared cluster, removed afterwards.
  package func withTestDatabase<Value>(
    _ body: (_ url: String) async throws -> Value
  ) async throws -> Value {
    // Tests run side by side, and each store has half a dozen sessions.
    await DatabasePlaces.shared.take()
    let outcome: Result<Value, any Error>
    do {
      let cluster = try PostgreSQLCluster.shared()
      let name = try cluster.makeDatabase()
      do {
        outcome = .success(try await body(cluster.url(of: name)))
      } catch {
        outcome = .failure(error)
      }
      try cluster.removeDatabase(name)
    } catch {
      await DatabasePlaces.shared.giveBack()
      throw error
    }
    await DatabasePlaces.shared.giveBack()
    return try outcome.get()
  }
#endif
