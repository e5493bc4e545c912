import CrashVFS
import Testing

@testable import DMSStorage

@Suite("When the disk fails")
struct DurabilityFaultTests {
  private static let faults: [DiskFault] = [
    .writeToLog, .shortWriteToLog, .noRoomInLog, .syncOfLog, .writeToDatabase, .noRoomInDatabase, .syncOfDatabase,
    .truncation, .reading,
  ]

  /// A store on a disk that fails, and what its callers were told.
  private struct Bench {
    let disk: CrashDisk
    let folder: String
    let checkpointPages: Int
    var store: Store
    var ledger = DurabilityLedger()
    var random: SeededRandom

    /// Opens a store whose log goes into the database every few commits, or never while it is open.
    init(folder: String, seed: UInt64, powersafeOverwrite: Bool, checkpointPages: Int?) async throws {
      disk = try CrashDisk(powersafeOverwrite: powersafeOverwrite)
      self.folder = folder
      random = SeededRandom(seed: seed)
      let drawn = random.pick([12, 12, 10_000])
      self.checkpointPages = checkpointPages ?? drawn
      store = try await Self.open(disk, folder, self.checkpointPages)
    }

    private static func open(_ disk: CrashDisk, _ folder: String, _ checkpointPages: Int) async throws -> Store {
      var sqlite = SQLiteOptions()
      sqlite.vfs = disk.vfs
      sqlite.checkpointPages = checkpointPages
      sqlite.walBytesKept = 0
      sqlite.writerCacheKiB = 40
      return try await openDurabilityStore(in: folder, sqlite)
    }

    /// Carries `count` new writes out, one after the other.
    @discardableResult
    mutating func write(_ count: Int) async -> [WriteOutcome] {
      var outcomes: [WriteOutcome] = []
      for _ in 0..<count {
        let write = ledger.plan(&random)
        let outcome = await store.perform(write)
        ledger.note(write, outcome)
        if !write.isRefused { outcomes.append(outcome) }
      }
      return outcomes
    }

    /// Repeats every request that was not acknowledged; each must be now.
    mutating func settle() async {
      for write in ledger.unsettled() {
        let outcome = await store.perform(write)
        ledger.note(write, outcome)
        guard case .acknowledged = outcome else {
          Issue.record("\(write.name) was repeated and answered \(outcome)")
          return
        }
      }
    }

    /// What the store holds that it should not, or does not hold that it should.
    func problems() async throws -> [String] {
      ledger.problems(in: try await store.read { try FoundState($0) })
    }

    /// Cuts the power and opens the store again.
    mutating func crash(seed: UInt64) async throws {
      disk.cutPower(seed: seed)
      try await reopen()
    }

    /// Opens the store again after a crash.
    mutating func reopen() async throws {
      await store.close()
      disk.restorePower()
      store = try await Self.open(disk, folder, checkpointPages)
    }
  }

  private func withBench(
    seed: UInt64, powersafeOverwrite: Bool = true, checkpointPages: Int? = nil,
    _ body: (inout Bench) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { (folder) async throws in
      var bench = try await Bench(
        folder: folder, seed: seed, powersafeOverwrite: powersafeOverwrite, checkpointPages: checkpointPages)
      // The disk stays until the store is closed.
      let disk = bench.disk
      defer { withExtendedLifetime(disk) {} }
      do {
        try await body(&bench)
        await bench.store.close()
      } catch {
        await bench.store.close()
        throw error
      }
    }
  }

  @Test(
    "Whichever call fails, nothing acknowledged is lost, and the store goes on when the disk does", arguments: faults,
    [false, true])
  func nothingIsLost(fault: DiskFault, isLasting: Bool) async throws {
    var skip = 0
    var hasStruck = true
    while hasStruck, skip < 120 {
      let seed = UInt64(skip) + 1
      try await withBench(seed: seed, powersafeOverwrite: skip % 2 == 0) { (bench) async throws in
        await bench.write(4)
        // A connection that reads keeps the index of the log alive when the writer's is opened anew.
        if skip % 3 == 0 { _ = try await bench.store.read { try $0.storeRevision() } }
        bench.disk.fail(fault, skip: skip, times: isLasting ? -1 : 1, seed: seed)
        for _ in 0..<4 {
          await bench.write(3)
          do {
            _ = try await bench.store.read { try $0.storeRevision() }
          } catch StorageError.unavailable {
            // What a reader is told when the disk fails.
          }
        }
        hasStruck = bench.disk.statistics.faults > 0
        bench.disk.heal()
        let outcomes = await bench.write(3)
        #expect(outcomes.allSatisfy { if case .acknowledged = $0 { true } else { false } }, "after skip \(skip)")
        await bench.settle()
        #expect(try await bench.problems() == [], "after skip \(skip)")
        #expect(bench.disk.statistics.syncs_after_failure == 0, "after skip \(skip)")
        try await bench.crash(seed: seed)
        #expect(try await bench.problems() == [], "after skip \(skip) and a loss of power")
      }
      skip += 1 + skip / 4
    }
    #expect(skip > 1, "the fault never struck")
  }

  @Test(
    "A failed sync of a commit is never tried again: its outcome is unknown, and the file is opened anew",
    arguments: [false, true], [false, true])
  func failedSyncIsFinal(isRead: Bool, isLasting: Bool) async throws {
    for seed in UInt64(1)...10 {
      try await withBench(seed: seed, checkpointPages: 10_000) { (bench) async throws in
        await bench.write(2)
        if isRead { _ = try await bench.store.read { try $0.storeRevision() } }
        let opened = bench.disk.statistics.databases_opened
        bench.disk.fail(.syncOfLog, times: isLasting ? -1 : 1, seed: seed)
        let outcomes = await bench.write(1)
        #expect(outcomes.allSatisfy { $0 == .unknown })
        #expect(bench.disk.statistics.databases_opened > opened)
        bench.disk.heal()
        await bench.write(2)
        await bench.settle()
        // Behind what was not flushed must be no write that was acknowledged.
        #expect(bench.disk.statistics.syncs_after_failure == 0)
        try await bench.crash(seed: seed)
        #expect(try await bench.problems() == [], "seed \(seed)")
      }
    }
  }

  @Test("What a killed server left in the memory of the system is durable before anybody is told of it")
  func killedThenPowerFails() async throws {
    var moment = 0
    var wasKilled = true
    while wasKilled {
      moment += 1
      for seed in UInt64(1)...3 {
        try await withBench(seed: seed) { (bench) async throws in
          await bench.write(2)
          bench.disk.kill(at: moment)
          await bench.write(3)
          wasKilled = !bench.disk.hasPower
          guard wasKilled else { return }
          try await bench.reopen()
          await bench.settle()
          try await bench.crash(seed: seed)
          #expect(try await bench.problems() == [], "killed at call \(moment), seed \(seed)")
        }
      }
    }
    #expect(moment > 10)
  }

  @Test("A full disk refuses writes and serves reads, and goes on when there is room")
  func fullDisk() async throws {
    for seed in UInt64(1)...6 {
      try await withBench(seed: seed) { (bench) async throws in
        await bench.write(3)
        bench.disk.limit(room: Int64(seed) * 9_000)
        var refusals = 0
        for _ in 0..<60 where refusals < 5 {
          refusals += await bench.write(1).count { if case .acknowledged = $0 { false } else { true } }
        }
        #expect(refusals == 5)
        #expect(try await bench.problems() == [], "seed \(seed), full")
        bench.disk.limit(room: nil)
        await bench.settle()
        let outcomes = await bench.write(4)
        #expect(outcomes.allSatisfy { if case .acknowledged = $0 { true } else { false } })
        #expect(try await bench.problems() == [], "seed \(seed), with room")
        try await bench.crash(seed: seed)
        #expect(try await bench.problems() == [], "seed \(seed), after a loss of power")
      }
    }
  }

  @Test("A file that cannot be opened is told to the reader, who is served when it can")
  func openingFails() async throws {
    try await withBench(seed: 1) { (bench) async throws in
      await bench.write(2)
      bench.disk.fail(.opening, times: -1)
      let store = bench.store
      let refused = await #expect(throws: StorageError.self) { try await store.read { try $0.storeRevision() } }
      if case .unavailable = refused {} else { Issue.record("\(String(describing: refused))") }
      bench.disk.heal()
      #expect(try await bench.problems() == [])
    }
  }
}
