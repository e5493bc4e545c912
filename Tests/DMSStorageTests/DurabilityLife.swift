import CrashVFS

@testable import DMSStorage

/// The life of one disk, decided by a seed: a store is opened on it, works, loses power, is opened again and checked,
/// and so on.
///
/// Writes are put before the writer in one order and its threads never run at the same time, so that the calls of the
/// disk, and with them all that the seed decides, are the same in every run. With ``isFree`` writers and readers run as
/// they please instead, which a seed does not repeat exactly.
struct DiskLife {
  let seed: UInt64
  var durability = SQLiteDurability.full
  var isFree = false
  var crashesWanted = 4

  /// What a life came to.
  struct Outcome: Sendable {
    var problems: [String] = []
    var crashes = 0
    var acknowledged = 0
    var lostOperations: UInt64 = 0
  }

  /// Lives it. The problems found are in the outcome; the first end it.
  func live() async throws -> Outcome {
    var random = SeededRandom(seed: seed)
    let disk = try CrashDisk(powersafeOverwrite: random.oneIn(2))
    // It stays until every store on it is closed.
    defer { withExtendedLifetime(disk) {} }
    return try await withTemporaryFolder { (folder) async throws in
      var outcome = Outcome()
      var ledger = DurabilityLedger()
      while outcome.problems.isEmpty, outcome.crashes < crashesWanted {
        if random.oneIn(3) {
          // Power goes while the store is opened: while it is made, or while its log is recovered.
          disk.cutPower(at: Int.random(in: 1...40, using: &random), seed: random.next())
          if let store = try? await open(on: disk, in: folder, &random) { await store.close() }
          if !disk.hasPower { outcome.crashes += 1 }
          disk.cutPower(at: 0, seed: 0)
          disk.restorePower()
        }
        outcome.problems += await serve(disk, folder, &ledger, &random, isLast: false)
        outcome.crashes += 1
      }
      if outcome.problems.isEmpty { outcome.problems += await serve(disk, folder, &ledger, &random, isLast: true) }
      outcome.acknowledged = ledger.acknowledged.count
      outcome.lostOperations = disk.statistics.lost_operations
      return outcome
    }
  }

  /// Opens the store, checks it, repeats what was unknown, and lets it work until the power goes.
  /// - Returns: what is wrong.
  private func serve(
    _ disk: CrashDisk, _ folder: String, _ ledger: inout DurabilityLedger, _ random: inout SeededRandom, isLast: Bool
  ) async -> [String] {
    let store: Store
    do {
      store = try await open(on: disk, in: folder, &random)
    } catch {
      return ["the store cannot be opened: \(error)"]
    }
    var problems = await check(store, &ledger)
    if problems.isEmpty, !isLast {
      let moment = Int.random(in: 1...random.pick([10, 100, 600]), using: &random)
      // Sometimes only the process ends. Then the memory of the system outlives it, and the next loss of power shows
      // whether the store took for durable what it found there.
      if random.oneIn(4) { disk.kill(at: moment) } else { disk.cutPower(at: moment, seed: random.next()) }
      let load = DurabilityLoad(store: store, disk: disk)
      if isFree { await load.runFreely(&ledger, &random) } else { await load.runInStep(&ledger, &random) }
      problems += ledger.unexpected
      // Or while it is closed, when all of the log goes into the database.
      if disk.hasPower, random.oneIn(2) { disk.cutPower(seed: random.next()) }
    }
    await store.close()
    if disk.hasPower { disk.cutPower(seed: random.next()) }
    disk.restorePower()
    return problems
  }

  /// Compares the store with what callers were told, and repeats requests.
  private func check(_ store: Store, _ ledger: inout DurabilityLedger) async -> [String] {
    do {
      let found = try await store.read { transaction in try FoundState(transaction) }
      var problems = ledger.problems(in: found)
      if store.changes.currentRevision != Int64(found.entries.count) {
        problems.append("the change log stands at \(store.changes.currentRevision)")
      }
      guard problems.isEmpty else { return problems }
      ledger.decide(by: found)
      for write in ledger.repeats() {
        let outcome = await store.perform(write)
        ledger.note(write, outcome)
        guard ledger.acknowledged[write.number] != nil || write.isRefused else {
          return ["\(write.name) was repeated and answered \(outcome)"]
        }
        if let entry = found.entries.first(where: { $0.number == write.number }),
          ledger.acknowledged[write.number] != entry.revision
        {
          problems.append("\(write.name) was done at \(entry.revision) and is repeated")
        }
      }
      return problems + ledger.unexpected
    } catch {
      return ["the store cannot be read: \(error)"]
    }
  }

  private func open(on disk: CrashDisk, in folder: String, _ random: inout SeededRandom) async throws -> Store {
    var sqlite = SQLiteOptions()
    sqlite.vfs = disk.vfs
    sqlite.durability = durability
    sqlite.checkpointPages = random.pick([4, 20, 100, 2_000])
    sqlite.walBytesKept = random.pick([0, 64 * 1024, 64 * 1024 * 1024])
    // A small cache lets pages of an open transaction go to the log before its commit.
    sqlite.writerCacheKiB = random.pick([40, 32 * 1024])
    return try await openDurabilityStore(in: folder, sqlite, isInStep: !isFree)
  }
}

/// Opens a store with the tables of the durability tests.
func openDurabilityStore(in folder: String, _ sqlite: SQLiteOptions, isInStep: Bool = true) async throws -> Store {
  let clock = TestClock()
  var options = StoreOptions(nowMicros: { clock.nowMicros })
  options.sqlite = sqlite
  if isInStep {
    options.readers.threads = 1
    options.batch.duration = .seconds(3_600)
  }
  return try await Store.open(
    try SQLiteDriver(path: "\(folder)/store.db", options: sqlite), migrations: durabilityMigrations, options: options,
    logger: silent)
}
