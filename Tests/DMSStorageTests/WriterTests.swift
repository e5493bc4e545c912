import Synchronization
import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("The group-commit writer")
struct WriterTests {
  @Test(
    "A write is there when it has returned, and after the store is opened again", arguments: TestStoreKind.available)
  func writeIsDurable(kind: TestStoreKind) async throws {
    try await withTestPlace(kind) { place in
      try await withStore(in: place) { (store) async throws in
        #expect(try await store.addEntry("first") == 1)
        #expect(try await store.read { try $0.entryNames() } == ["first"])
      }
      try await withStore(in: place) { (store) async throws in
        #expect(store.changes.currentRevision == 1)
        #expect(try await store.addEntry("second") == 2)
        #expect(try await store.read { try $0.entryNames() } == ["first", "second"])
      }
    }
  }

  @Test("Writes that wait together share a commit of at most 64", arguments: TestStoreKind.available)
  func writesShareCommits(kind: TestStoreKind) async throws {
    let faults = FaultPlan()
    try await withTestStore(kind, faults: faults, TestSettings(batchDuration: .seconds(60))) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      let before = faults.commits
      try await withThrowingTaskGroup(of: Int64.self) { group in
        for number in 0..<100 { group.addTask { try await store.addEntry("entry-\(number)") } }
        await store.untilWaiting(100)
        gate.release()
        let revisions = try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        #expect(revisions == Set(1...100))
      }
      try await held.value
      switch kind {
      // The held write and 63 of the others; the remaining 37.
      case .sqlite: #expect(faults.commits - before == 2)
      // The held write, whose locks were taken before the others came; 64 of them; the remaining 36.
      case .postgres: #expect(faults.commits - before == 3)
      }
    }
  }

  @Test("No write joins a batch whose time is over", arguments: TestStoreKind.available)
  func batchEndsByTime(kind: TestStoreKind) async throws {
    let faults = FaultPlan()
    try await withTestStore(kind, faults: faults, TestSettings(batchDuration: .zero)) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      let before = faults.commits
      try await withThrowingTaskGroup(of: Int64.self) { group in
        for number in 0..<10 { group.addTask { try await store.addEntry("entry-\(number)") } }
        await store.untilWaiting(10)
        gate.release()
        try await group.waitForAll()
      }
      try await held.value
      switch kind {
      case .sqlite: #expect(faults.commits - before == 11)
      // A batch is gathered before it begins, and none joins later in any case.
      case .postgres: #expect(faults.commits - before == 2)
      }
    }
  }

  @Test(
    "A write that throws undoes itself alone, and its error reaches its caller alone",
    arguments: TestStoreKind.available)
  func throwingWriteIsAlone(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      let results = await withTaskGroup(of: (Int, Result<Int64, any Error>).self) { group in
        for number in 0..<20 {
          group.addTask {
            do {
              let revision = try await store.write(WriteRequest(principal: "tester")) { transaction in
                let revision = try transaction.addEntry("entry-\(number)")
                if number % 3 == 0 { throw Refused(name: "entry-\(number)") }
                return revision
              }
              return (number, .success(revision))
            } catch {
              return (number, .failure(error))
            }
          }
        }
        await store.untilWaiting(20)
        gate.release()
        return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      try await held.value
      var kept: Set<String> = []
      for (number, result) in results {
        switch result {
        case .success:
          #expect(number % 3 != 0)
          kept.insert("entry-\(number)")
        case .failure(let error):
          #expect(error as? Refused == Refused(name: "entry-\(number)"))
        }
      }
      #expect(Set(try await store.read { try $0.entryNames() }) == kept)
      #expect(store.changes.currentRevision == Int64(kept.count))
    }
  }

  @Test("A statement's failure undoes the write even if its closure swallows it", arguments: TestStoreKind.available)
  func swallowedFailureCounts(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      _ = try await store.addEntry("taken")
      let error = await #expect(throws: DatabaseError.self) {
        try await store.write(WriteRequest(principal: "tester")) { transaction in
          try transaction.addEntry("before")
          try? transaction.execute("INSERT INTO entry (name, revision) VALUES (?1, ?2)", ["taken", 9])
        }
      }
      #expect(error?.kind == .constraint(.unique))
      #expect(try await store.read { try $0.entryNames() } == ["taken"])
      #expect(store.changes.currentRevision == 1)
    }
  }

  @Test("A closure may turn a statement's failure into an error of its own", arguments: TestStoreKind.available)
  func failureIsTranslated(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      _ = try await store.addEntry("taken")
      await #expect(throws: Refused(name: "taken")) {
        try await store.write(WriteRequest(principal: "tester")) { transaction in
          do {
            // One that returns something is not sent ahead: its own failure is thrown here on both stores.
            _ = try transaction.executeCounting("INSERT INTO entry (name, revision) VALUES ('taken', 2)")
          } catch let error as DatabaseError where error.kind == .constraint(.unique) {
            throw Refused(name: "taken")
          }
        }
      }
    }
  }

  @Test("Writes see what those before them in the batch did", arguments: TestStoreKind.available)
  func batchIsOneHistory(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<30 {
          group.addTask {
            try await store.write(WriteRequest(principal: "tester")) { transaction in
              let count = try transaction.queryOne("SELECT count(*) FROM entry") { row in try row.int64(0) }
              try transaction.addEntry("entry-\(number)")
              return Int(count ?? -1)
            }
          }
        }
        await store.untilWaiting(30)
        gate.release()
        let counts = try await group.reduce(into: [Int]()) { $0.append($1) }
        #expect(counts.sorted() == Array(0..<30))
      }
      try await held.value
    }
  }

  @Test(
    "Revisions are gapless and in commit order under 64 writers of which some fail", arguments: TestStoreKind.available,
    [1, 2, 3])
  func revisionsAreGapless(kind: TestStoreKind, seed: UInt64) async throws {
    try await withTestStore(kind, TestSettings(writers: 3)) { store in
      let given = try await withThrowingTaskGroup(of: [Int64].self) { group in
        for writer in 0..<64 {
          group.addTask {
            var random = TestRandom(seed: seed &* 1_000 &+ UInt64(writer))
            var mine: [Int64] = []
            for number in 0..<25 {
              let fate = Int.random(in: 0..<4, using: &random)
              do {
                mine.append(
                  try await store.write(WriteRequest(principal: "writer-\(writer)")) { transaction in
                    if fate == 0 { throw Refused(name: "early") }
                    let revision = try transaction.addEntry("\(writer)/\(number)")
                    if fate == 1 { throw Refused(name: "late") }
                    return revision
                  })
              } catch is Refused {}
            }
            #expect(mine == mine.sorted())
            return mine
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(given.sorted() == Array(1...Int64(given.count)))
      let inOrder = try await store.read { transaction in
        try transaction.query("SELECT revision FROM entry ORDER BY revision") { row in try row.int64(0) }
      }
      #expect(inOrder == given.sorted())
      // Batches under way at once are answered in any order; the log has caught up when it says so.
      let last = Int64(given.count)
      #expect(try await store.changes.firstChange(after: last - 1).revision == last)
      #expect(try await store.read { try $0.storeRevision() } == Int64(given.count))
    }
  }

  @Test("A write that changes nothing takes no revision", arguments: TestStoreKind.available)
  func idleWriteTakesNoRevision(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      try await store.write(WriteRequest(principal: "tester")) { _ in }
      #expect(try await store.addEntry("first") == 1)
    }
  }

  @Test("A transaction is of no use after its closure has returned", arguments: TestStoreKind.available)
  func transactionEnds(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      final class Thief: @unchecked Sendable { var transaction: WriteTransaction? }  // Touched by one thread at a time.
      let thief = Thief()
      try await store.write(WriteRequest(principal: "tester")) { transaction in thief.transaction = transaction }
      #expect(throws: StorageError.transactionEnded) { try thief.transaction?.addEntry("stolen") }
    }
  }

  @Test("A write with more change events than a revision may hold is refused whole", arguments: TestStoreKind.available)
  func eventsAreBounded(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { (store) async throws in
      await #expect(throws: StorageError.writeTooLarge) {
        try await store.write(WriteRequest(principal: "tester")) { transaction in
          try transaction.addEntry("first")
          for _ in 0..<10_000 {
            try transaction.append(ChangeEvent(kind: 1, key: "k", dealerID: nil, payload: []))
          }
        }
      }
      #expect(try await store.read { try $0.entryNames() }.isEmpty)
    }
  }
}

/// A generator whose numbers follow from its seed (SplitMix64).
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
