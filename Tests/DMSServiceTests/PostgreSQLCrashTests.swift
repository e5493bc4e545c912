#if PostgreSQL
  import DMSClient
  import Foundation
  import TestPostgreSQL
  import Testing

  @Suite(
    "Servers that share a PostgreSQL", .serialized, .timeLimit(.minutes(60)),
    .enabled(if: ProcessInfo.processInfo.environment["DMS_TEST_STORES"] != "sqlite"))
  struct CrashPostgreSQLTests {
    @Test("Two servers, either killed at random moments: nothing is lost or doubled, watches see both servers' commits")
    func eitherKilled() async throws {
      let sum = try await CrashPlan.lives(kills: CrashPlan.kills(4)) { kills in
        try await withTestDatabase { url in
          try await CrashRun(store: .postgres(url: url), servers: 2, kills: kills, seed: CrashPlan.seed()).run()
        }
      }
      print("Two servers on PostgreSQL: \(sum)")
    }

    @Test("Two servers that contend for the same orders, stock and accounts show their callers no failure")
    func contention() async throws {
      let figures = try await withTestDatabase { url in
        try await CrashRun(
          store: .postgres(url: url), servers: 2, calms: 2, patience: .none, seed: CrashPlan.seed()
        ).run()
      }
      print("Two servers on PostgreSQL at peace: \(figures)")
      #expect(figures.failures.isEmpty)
    }

    @Test(
      "Sessions ended, database crashed, line cut: nothing is lost or doubled, and callers see UNAVAILABLE at most"
    )
    func databaseFaults() async throws {
      let sum = try await CrashPlan.lives(kills: CrashPlan.kills(6)) { count in
        let cluster = try await onThread { try PostgreSQLCluster() }
        defer { cluster.remove() }
        let name = try await onThread { try cluster.makeDatabase() }
        let line = try await DatabaseLine.open(to: cluster.folder + "/.s.PGSQL.5432")
        let url = "postgres://dms@127.0.0.1:\(line.port)/\(name)?sslmode=disable&gssencmode=disable"
        var faults = DatabaseLine.Cut.allCases.map { cut in
          CrashRun.Fault(name: "\(cut)") { try await line.cut(cut) }
        }
        faults.append(CrashRun.Fault(name: "sessions") { try await onThread { try cluster.endSessions(on: name) } })
        faults.append(
          CrashRun.Fault(name: "database") {
            try await onThread {
              try cluster.halt(.immediate)
              try cluster.resume()
            }
          })
        // Each as often as the others.
        let shares = faults.enumerated().map { index, fault in
          (fault: fault, count: (count + faults.count - 1 - index) / faults.count)
        }
        let figures = try await CrashRun(
          store: .postgres(url: url), servers: 2, faults: shares, seed: CrashPlan.seed()
        ).run()
        await line.close()
        return figures
      }
      print("Faults of PostgreSQL: \(sum)")
      for failure in sum.failures.keys { #expect(failure.hasPrefix("UNAVAILABLE")) }
    }

    @Test("Ten servers that start at once on an empty database all serve it")
    func manyStarts() async throws {
      let folder = NSTemporaryDirectory() + "dms-starts-" + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let secret = folder + "/secret"
      try Data((0..<32).map { _ in UInt8.random(in: 0...255) }).write(to: URL(fileURLWithPath: secret))
      try await withTestDatabase { url in
        let places = (0..<10).map { folder + "/\($0)" }
        let servers = places.map { place in
          ServerProcess(arguments: ["--data", place, "--store", url, "--pepper-file", secret])
        }
        let starts = await withTaskGroup(of: Result<Void, any Error>.self) { group in
          for server in servers {
            group.addTask {
              do { return .success(try await server.start()) } catch { return .failure(error) }
            }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        for start in starts { #expect(throws: Never.self) { try start.get() } }

        // One of them made the store, and its key is good at every one.
        let keys = places.compactMap { try? String(contentsOfFile: $0 + "/admin.key", encoding: .utf8) }
        #expect(keys.count == 1)
        let key = keys.first?.trimmingCharacters(in: .whitespacesAndNewlines)
        for server in servers {
          try await DMSClient.withClient(configuration: .init(server: server.address, apiKey: key)) { client in
            let caller = try await client.admin.whoAmI().principal
            #expect(caller?.principalID == "admin")
          }
        }
        for server in servers { try await server.kill9() }
      }
    }
  }
#endif
