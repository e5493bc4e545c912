#if PostgreSQL
  import Dispatch
  import Synchronization
  import TestPostgreSQL
  import Testing

  @testable import DMSStorage

  @Suite("The PostgreSQL driver and its server")
  struct PostgreSQLServerTests {
    private func connect(_ url: String, _ options: PostgreSQLOptions = PostgreSQLOptions()) throws
      -> PostgreSQLConnection
    {
      try PostgreSQLConnection(try PostgreSQLSession(url: url, options: options))
    }

    // MARK: Which servers

    @Test(
      "A server that may lose commits is refused, and the setting is named",
      arguments: ["fsync", "full_page_writes", "synchronous_commit"])
    func unsafeServer(setting: String) async throws {
      let cluster = try PostgreSQLCluster(settings: ["\(setting)=off"])
      defer { cluster.remove() }
      let error = #expect(throws: StorageError.self) { try connect(cluster.url(of: "postgres")) }
      guard case .unsuitableServer(let reason) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(reason.contains(setting))
    }

    @Test("A database of another encoding is refused")
    func otherEncoding() async throws {
      let cluster = try PostgreSQLCluster.shared()
      let name = try cluster.makeDatabase(encoding: "LATIN1")
      defer { try? cluster.removeDatabase(name) }
      let error = #expect(throws: StorageError.self) { try connect(cluster.url(of: name)) }
      guard case .unsuitableServer(let reason) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(reason.contains("LATIN1"))
    }

    @Test("A standby is refused")
    func standby() async throws {
      let cluster = try PostgreSQLCluster()
      defer { cluster.remove() }
      try cluster.halt(.fast)
      try cluster.makeStandby()
      try cluster.resume()
      let error = #expect(throws: StorageError.self) { try connect(cluster.url(of: "postgres")) }
      guard case .unsuitableServer(let reason) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(reason.contains("standby"))
    }

    @Test(
      "A URL that is none is refused without being shown",
      arguments: [
        "mysql://dms:secret@host/db", "postgres://dms:secret%zz@host/db",
      ])
    func badURL(url: String) throws {
      let error = #expect(throws: StorageError.self) { try PostgreSQLDriver(url: url) }
      #expect("\(String(describing: error))".contains("secret") == false)
    }

    @Test("A server that is not there is a lost connection, whose message holds no password")
    func absentServer() throws {
      let error = #expect(throws: DatabaseError.self) {
        try connect("postgres://dms:secret@/db?host=/tmp/dms-no-such-folder")
      }
      #expect(error?.kind == .connectionLost)
      #expect(error?.message.contains("secret") == false)
      #expect("\(StoreLocation.postgres(url: "postgres://dms:secret@host/db"))".contains("secret") == false)
    }

    @Test("A session has its time-outs and its name")
    func session() async throws {
      try await withPostgreSQL { (connection, _) throws in
        for (name, value) in [
          ("statement_timeout", "1min"), ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "1min"),
          ("application_name", "dms"), ("client_encoding", "UTF8"),
        ] {
          #expect(try connection.one("SELECT current_setting(?1)", [.text(name)]) { try $0.text(0) } == value)
        }
      }
    }

    // MARK: Losses

    @Test("A session that is ended is lost for every later call, and a new one works")
    func endedSession() async throws {
      let cluster = try PostgreSQLCluster.shared()
      let name = try cluster.makeDatabase()
      defer { try? cluster.removeDatabase(name) }
      let connection = try connect(cluster.url(of: name))
      try connection.begin(.write)
      try connection.execute("CREATE TABLE t (k BIGINT)", [])
      try connection.lockStore(.shared)
      #expect(try connection.one("SELECT 1") { try $0.int64(0) } == 1)
      try cluster.endSessions(on: name)
      for _ in 0..<3 {
        let error = #expect(throws: DatabaseError.self) { try connection.one("SELECT 1") { try $0.int64(0) } }
        #expect(error?.kind == .connectionLost)
      }
      #expect(throws: DatabaseError.self) { try connection.execute("SELECT 1", []) }
      #expect(throws: DatabaseError.self) { try connection.rollback() }
      #expect(throws: CommitFailure.self) { try connection.commit() }
      connection.close()
      connection.close()
      let next = try connect(cluster.url(of: name))
      defer { next.close() }
      #expect(try next.one("SELECT count(*) FROM pg_tables WHERE tablename = 't'") { try $0.int64(0) } == 0)
    }

    @Test("A commit whose answer is lost is in doubt, and another session tells what became of it")
    func commitInDoubt() async throws {
      let cluster = try PostgreSQLCluster.shared()
      let name = try cluster.makeDatabase()
      defer { try? cluster.removeDatabase(name) }
      let connection = try connect(cluster.url(of: name))
      let other = try connect(cluster.url(of: name))
      defer { other.close() }
      // A check at the commit ends the session that commits.
      try other.execute("CREATE TABLE t (k BIGINT)", [])
      try other.execute(
        """
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
        """, [])
      try other.execute(
        """
        CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION die()
        """, [])
      try connection.begin(.write)
      try connection.lockStore(.shared)
      try connection.execute("INSERT INTO t VALUES (1)", [])
      let failure = #expect(throws: CommitFailure.self) { try connection.commit() }
      connection.close()
      guard case .inDoubt(let error, let transaction?) = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
      #expect(error.kind == .connectionLost)
      // The session that is gone may still be at undoing it.
      var outcome = TransactionOutcome.open
      while outcome == .open { outcome = try other.outcome(of: transaction) }
      #expect(outcome == .undone)
    }

    @Test("What became of a transaction can be asked while it is open, and after")
    func outcomes() async throws {
      try await withPostgreSQL { (connection, url) throws in
        let other = try connect(url)
        defer { other.close() }
        try connection.execute("CREATE TABLE t (k BIGINT)", [])
        for commits in [true, false] {
          try connection.begin(.write)
          try connection.execute("INSERT INTO t VALUES (1)", [])
          let name = try connection.one("SELECT CAST(pg_current_xact_id() AS TEXT)") { try $0.text(0) } ?? ""
          #expect(try other.outcome(of: TransactionID(name)) == .open)
          if commits { try connection.commit() } else { try connection.rollback() }
          #expect(try other.outcome(of: TransactionID(name)) == (commits ? .committed : .undone))
        }
        // Before the oldest that the server remembers.
        #expect(try other.outcome(of: TransactionID("1")) != .open)
      }
    }

    @Test("A server that is restarted is found again by new sessions")
    func restartedServer() async throws {
      let cluster = try PostgreSQLCluster()
      defer { cluster.remove() }
      for halt in [PostgreSQLCluster.Halt.fast, .immediate] {
        let connection = try connect(cluster.url(of: "postgres"))
        try connection.begin(.write)
        #expect(try connection.one("SELECT 1") { try $0.int64(0) } == 1)
        try cluster.halt(halt)
        let error = #expect(throws: DatabaseError.self) { try connection.one("SELECT 1") { try $0.int64(0) } }
        #expect(error?.kind == .connectionLost)
        connection.close()
        let absent = #expect(throws: DatabaseError.self) { try connect(cluster.url(of: "postgres")) }
        #expect(absent?.kind == .connectionLost)
        try cluster.resume()
        let next = try connect(cluster.url(of: "postgres"))
        #expect(try next.one("SELECT 1") { try $0.int64(0) } == 1)
        next.close()
      }
    }

    // MARK: Time

    @Test("A statement that runs past the deadline is interrupted, none begins after it, and the session goes on")
    func deadline() async throws {
      try await withPostgreSQL { (connection, _) throws in
        connection.limit(until: ContinuousClock.now + .milliseconds(50))
        try connection.begin(.snapshot)
        let error = #expect(throws: DatabaseError.self) {
          try connection.one("SELECT count(*) FROM generate_series(1, 1000000000000) AS s(n)") { try $0.int64(0) }
        }
        #expect(error?.kind == .interrupted)
        let late = #expect(throws: DatabaseError.self) { try connection.one("SELECT 1") { try $0.int64(0) } }
        #expect(late?.kind == .interrupted)
        try connection.rollback()
        connection.limit(until: nil)
        #expect(try connection.one("SELECT 1") { try $0.int64(0) } == 1)
      }
    }

    @Test("Who waits too long for a lock is told that the store is busy")
    func lockTimeout() async throws {
      var options = PostgreSQLOptions()
      options.lockTimeoutMilliseconds = 20
      try await withPostgreSQL(options) { (connection, url) throws in
        let other = try connect(url)
        defer { other.close() }
        try other.begin(.write)
        try other.lockStore(.exclusive)
        try other.lock([])
        #expect(try other.one("SELECT 1") { try $0.int64(0) } == 1)
        try connection.begin(.write)
        try connection.lockStore(.shared)
        try connection.savepoint()
        let error = #expect(throws: DatabaseError.self) { try connection.releaseSavepoint() }
        #expect(error?.kind == .busy)
        try connection.rollback()
        #expect(connection.isAutocommit)
      }
    }

    // MARK: Locks

    @Test("Locks are taken, each once, in ascending order of their stripes")
    func locksAreOrdered() async throws {
      try await withPostgreSQL { (connection, _) throws in
        let keys = Set((0..<500).map { LockKey.order("order-\($0)") })
        let stripes = PostgreSQLLocks.stripes(of: keys)
        #expect(stripes == stripes.sorted())
        #expect(Set(stripes).count == stripes.count)
        #expect(stripes.allSatisfy { (0..<Int32(PostgreSQLLocks.stripeCount)).contains($0) })
        // Written down: servers of two releases must agree.
        #expect(PostgreSQLLocks.stripe(of: .order("order-1")) == PostgreSQLLocks.stripe(of: .order("order-1")))
        try connection.begin(.write)
        try connection.lockStore(.shared)
        try connection.lock(keys)
        var held: [Int64] = []
        try connection.query(
          """
          SELECT CAST(objid AS BIGINT) FROM pg_locks
          WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND CAST(classid AS BIGINT) = ?1 ORDER BY 1
          """, [.integer(Int64(PostgreSQLLocks.stripeClass))]
        ) { row in
          held.append(try row.int64(0))
          return true
        }
        #expect(held == stripes.map { Int64($0) })
        try connection.rollback()
      }
    }

    @Test("Transactions that share a key go one after the other, and the store's own lock keeps all of them out")
    func locksExclude() async throws {
      var options = PostgreSQLOptions()
      options.lockTimeoutMilliseconds = 20
      try await withPostgreSQL(options) { (connection, url) throws in
        let other = try connect(url, options)
        defer { other.close() }
        func attempt(_ store: StoreLock, _ keys: Set<LockKey>) throws {
          try other.begin(.write)
          defer { try? other.rollback() }
          try other.lockStore(store)
          try other.lock(keys)
          _ = try other.one("SELECT 1") { try $0.int64(0) }
        }
        try connection.begin(.write)
        try connection.lockStore(.shared)
        try connection.lock([.order("a"), .order("c")])
        _ = try connection.one("SELECT 1") { try $0.int64(0) }
        try attempt(.shared, [.order("b")])
        #expect(throws: DatabaseError.self) { try attempt(.shared, [.order("b"), .order("a")]) }
        try connection.rollback()
        try attempt(.shared, [.order("a")])
        try attempt(.exclusive, [])
        try connection.begin(.write)
        try connection.lockStore(.exclusive)
        _ = try connection.one("SELECT 1") { try $0.int64(0) }
        #expect(throws: DatabaseError.self) { try attempt(.shared, []) }
        try connection.rollback()
      }
    }

    @Test("Transactions that name the same keys in any order never wait for each other in a circle")
    func noDeadlock() async throws {
      try await withTestDatabase { url in
        let setUp = try connect(url)
        try setUp.execute("CREATE TABLE t (k BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)", [])
        try setUp.executeMany("INSERT INTO t VALUES (?1, 0)", (0..<50).map { [.integer($0)] })
        setUp.close()
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
          do {
            let connection = try connect(url)
            defer { connection.close() }
            var random = TestRandom(seed: UInt64(worker))
            for _ in 0..<50 {
              let numbers = (0..<50).shuffled(using: &random).prefix(20)
              try connection.begin(.write)
              try connection.lockStore(.shared)
              try connection.lock(Set(numbers.map { .order("\($0)") }))
              // Rows in an order of their own: only the keys keep these transactions apart.
              for number in numbers {
                try connection.execute("UPDATE t SET n = n + 1 WHERE k = ?1", [.integer(Int64(number))])
              }
              try connection.commit()
            }
          } catch {
            failures.withLock { $0.append("\(error)") }
          }
        }
        #expect(failures.withLock { $0 } == [])
        let check = try connect(url)
        defer { check.close() }
        #expect(try check.one("SELECT sum(n) FROM t") { try $0.int64(0) } == 4 * 50 * 20)
      }
    }

    // MARK: Announcements

    @Test("A listener hears of commits and of nothing else, and can be stopped")
    func listener() async throws {
      try await withTestDatabase { url in
        let driver = try PostgreSQLDriver(url: url)
        let writer = try driver.openWriter()
        let listener = try #require(try driver.openListener())
        defer {
          writer.close()
          listener.close()
        }
        for commits in [false, true] {
          try writer.begin(.write)
          try writer.announce()
          try writer.announce()
          if commits { try writer.commit() } else { try writer.rollback() }
          #expect(try listener.wait(timeout: commits ? .seconds(30) : .milliseconds(20)) == commits)
        }
        #expect(try !listener.wait(timeout: .zero))
        let stopper = SideWork { listener.stop() }
        #expect(try !listener.wait(timeout: .seconds(30)))
        stopper.join()
      }
    }

    @Test("A listener whose session is ended says so")
    func listenerIsLost() async throws {
      let cluster = try PostgreSQLCluster.shared()
      let name = try cluster.makeDatabase()
      defer { try? cluster.removeDatabase(name) }
      let listener = try #require(try PostgreSQLDriver(url: cluster.url(of: name)).openListener())
      defer { listener.close() }
      try cluster.endSessions(on: name)
      let error = #expect(throws: DatabaseError.self) { while try !listener.wait(timeout: .seconds(30)) {} }
      #expect(error?.kind == .connectionLost)
    }
  }

  /// Work on a queue of its own that can be waited for.
  private struct SideWork {
    private let group = DispatchGroup()

    init(_ body: @escaping @Sendable () -> Void) {
      DispatchQueue.global().async(group: group, execute: body)
    }

    func join() { group.wait() }
  }
#endif
