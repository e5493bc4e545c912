import Synchronization
import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("When the database fails")
struct WriterFailureTests {
  @Test(
    "A batch that is undone as a whole is run again write by write, and only the culprit fails",
    arguments: TestStoreKind.available)
  func batchIsRepeated(kind: TestStoreKind) async throws {
    let faults = FaultPlan()
    let runs = Tally()
    try await withTestStore(kind, faults: faults, TestSettings(batchDuration: .seconds(60))) { store in
      faults.failStatements { _, values in
        values.first == "entry-5" ? DatabaseError(.full, message: "no space, by the plan") : nil
      }
      let gate = WriterGate()
      let held = await gate.hold(store)
      let failed = await withTaskGroup(of: String?.self) { group in
        for number in 0..<10 {
          group.addTask {
            do {
              try await store.write(WriteRequest(principal: "tester")) { transaction in
                runs.add("entry-\(number)")
                try transaction.addEntry("entry-\(number)")
              }
              return nil
            } catch StorageError.unavailable(let error) {
              return error.kind == .full ? "entry-\(number)" : "other"
            } catch {
              return "other"
            }
          }
        }
        await store.untilWaiting(10)
        gate.release()
        // Held again: the repeat runs the closure of the gate as well.
        gate.release()
        return await group.reduce(into: [String]()) { failures, failure in
          if let failure { failures.append(failure) }
        }
      }
      try await held.value
      #expect(failed == ["entry-5"])
      faults.failStatements(nil)
      #expect(try await store.read { try $0.entryNames() }.count == 9)
      #expect(store.changes.currentRevision == 9)
      // Those that came before the culprit ran twice, and the culprit.
      #expect(runs.counts["entry-5"] == 2)
      #expect(runs.counts.values.allSatisfy { (1...2).contains($0) })
      let changes = try await store.changes.everything()
      #expect(changes.map(\.revision) == Array(1...9))
    }
  }

  @Test(
    "A failed commit answers every caller that its outcome is unknown, and the store goes on",
    arguments: TestStoreKind.available, [FaultPlan.CommitFault.before, .after])
  func failedCommitIsUnknown(kind: TestStoreKind, fault: FaultPlan.CommitFault) async throws {
    let faults = FaultPlan()
    try await withTestStore(kind, faults: faults, TestSettings(batchDuration: .seconds(60))) { store in
      _ = try await store.addEntry("earlier")
      let gate = WriterGate()
      let held = await gate.hold(store)
      // Where the store is shared, the batch of the held write is closed, and those that wait are the next one.
      faults.failNextCommit(fault, sparing: kind == .sqlite ? 0 : 1)
      let answers = await withTaskGroup(of: StorageError?.self) { group in
        for number in 0..<6 {
          group.addTask {
            do {
              try await store.write(WriteRequest(principal: "tester")) { transaction in
                try transaction.addEntry("entry-\(number)")
                if number == 3 { throw Refused(name: "judged by what may not have happened") }
              }
              return nil
            } catch {
              return error as? StorageError
            }
          }
        }
        await store.untilWaiting(6)
        gate.release()
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(answers == Array(repeating: StorageError.outcomeUnknown, count: 6))
      switch kind {
      case .sqlite: await #expect(throws: StorageError.outcomeUnknown) { try await held.value }
      case .postgres: try await held.value
      }
      // What the database holds decides, whichever it is.
      let kept: Int64 = fault == .after ? 5 : 0
      #expect(try await store.addEntry("later") == 1 + kept + 1)
      #expect(try await store.read { try $0.entryNames() }.count == Int(1 + kept + 1))
      let changes = try await store.changes.everything()
      #expect(changes.map(\.revision) == Array(1...(kept + 2)))
      #expect(faults.writersOpened == 2)
    }
  }

  @Test("A watcher misses nothing that a failed commit did bring about", arguments: TestStoreKind.available)
  func watcherMissesNothing(kind: TestStoreKind) async throws {
    let faults = FaultPlan()
    try await withTestStore(kind, faults: faults) { store in
      let watcher = Task {
        try await store.changes.firstChange().event.key
      }
      while store.changes.waitingCount < 1 { await Task.yield() }
      faults.failNextCommit(.after)
      await #expect(throws: StorageError.outcomeUnknown) { try await store.addEntry("unknown") }
      let seen = try await watcher.value
      #expect(seen == "unknown")
    }
  }

  @Test("A request whose commit failed is settled by its request id", arguments: TestStoreKind.available)
  func requestIDSettles(kind: TestStoreKind) async throws {
    for fault in [FaultPlan.CommitFault.before, .after] {
      let faults = FaultPlan()
      try await withTestStore(kind, faults: faults) { store in
        let request = WriteRequest(
          principal: "tester",
          requestKey: RequestKey(principal: "tester", method: "Add", requestID: "a", contentHash: [1]))
        faults.failNextCommit(fault)
        await #expect(throws: StorageError.outcomeUnknown) {
          try await store.writeOnce(request) { transaction in
            [UInt8(try transaction.addEntry("once"))]
          }
        }
        let reply = try await store.writeOnce(request) { transaction in [UInt8(try transaction.addEntry("once"))] }
        #expect(reply == [1])
        #expect(try await store.read { try $0.entryNames() } == ["once"])
      }
    }
  }

  @Test(
    "Writes are refused while the database cannot be opened, and served when it can", arguments: TestStoreKind.available
  )
  func reopeningFails(kind: TestStoreKind) async throws {
    let faults = FaultPlan()
    try await withTestStore(kind, faults: faults) { (store) async throws in
      faults.failNextCommit(.before)
      // At once after the failure, then twice for the write that comes.
      faults.refuseWriters(3)
      await #expect(throws: StorageError.outcomeUnknown) { try await store.addEntry("unknown") }
      let refused = await #expect(throws: StorageError.self) { try await store.addEntry("refused") }
      guard case .unavailable = refused else {
        Issue.record("\(String(describing: refused))")
        return
      }
      // A database on another machine is left alone for a moment before it is tried again.
      var served: Int64?
      while served == nil {
        do { served = try await store.addEntry("served") } catch StorageError.unavailable { await Task.yield() }
      }
      #expect(served == 1)
    }
  }

  @Test("An input/output error of a statement is met with a new connection", arguments: TestStoreKind.available)
  func inputOutputErrorReopens(kind: TestStoreKind) async throws {
    let faults = FaultPlan()
    let failures = Tally()
    try await withTestStore(kind, faults: faults) { (store) async throws in
      faults.failStatements { text, _ in
        guard text.hasPrefix("INSERT INTO entry") else { return nil }
        return failures.add("statement") == 1 ? DatabaseError(.inputOutput, message: "by the plan") : nil
      }
      #expect(try await store.addEntry("first") == 1)
      #expect(faults.writersOpened == 2)
    }
  }

  @Test("A failing change log undoes the writes it belongs to", arguments: TestStoreKind.available)
  func failingLogUndoes(kind: TestStoreKind) async throws {
    let faults = FaultPlan()
    try await withTestStore(kind, faults: faults) { (store) async throws in
      faults.failStatements { text, _ in
        text.hasPrefix("INSERT INTO change_log") ? DatabaseError(.full, message: "by the plan") : nil
      }
      await #expect(throws: StorageError.self) { try await store.addEntry("first") }
      faults.failStatements(nil)
      #expect(try await store.read { try $0.entryNames() }.isEmpty)
      #expect(try await store.addEntry("second") == 1)
    }
  }
}

/// Counts by name, from any thread.
private final class Tally: Sendable {
  private let state = Mutex<[String: Int]>([:])

  var counts: [String: Int] { state.withLock { $0 } }

  /// Counts one more, and returns how many there are.
  @discardableResult
  func add(_ name: String) -> Int {
    state.withLock { counts in
      counts[name, default: 0] += 1
      return counts[name, default: 0]
    }
  }
}
