import Dispatch
import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("Reading")
struct ReadTests {
  @Test("A read sees one snapshot while writes go on", arguments: TestStoreKind.available)
  func readSeesOneSnapshot(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      _ = try await store.addEntry("before")
      let written = DispatchSemaphore(value: 0)
      let (looked, continuation) = AsyncStream.makeStream(of: Void.self)
      let read = Task {
        try await store.read { transaction in
          let first = try transaction.entryNames()
          continuation.finish()
          written.wait()
          return (first, try transaction.entryNames(), try transaction.storeRevision())
        }
      }
      for await _ in looked {}
      _ = try await store.addEntry("after")
      written.signal()
      let (first, second, revision) = try await read.value
      #expect(first == ["before"])
      #expect(second == ["before"])
      #expect(revision == 1)
      #expect(try await store.read { try $0.entryNames() } == ["before", "after"])
    }
  }

  @Test(
    "A read that outlives the greatest age of a snapshot is ended, and the next one works",
    arguments: TestStoreKind.available)
  func oldSnapshotEnds(kind: TestStoreKind) async throws {
    try await withTestStore(kind, TestSettings(snapshotAgeMax: .milliseconds(20))) { (store) async throws in
      await #expect(throws: StorageError.snapshotTooOld) {
        try await store.read { transaction in
          try transaction.queryOne(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
          ) { row in try row.int64(0) }
        }
      }
      #expect(try await store.read { try $0.entryNames() } == [])
    }
  }

  @Test("A full queue of reads refuses; what waits is served", arguments: TestStoreKind.available)
  func fullQueueRefuses(kind: TestStoreKind) async throws {
    try await withTestStore(kind, TestSettings(readThreads: 1, readQueueMax: 2)) { store in
      let release = DispatchSemaphore(value: 0)
      let (began, continuation) = AsyncStream.makeStream(of: Void.self)
      let held = Task {
        try await store.read { _ in
          continuation.finish()
          release.wait()
        }
      }
      for await _ in began {}
      // Two wait, and one of three is refused.
      let refused = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<3 {
          group.addTask {
            do {
              _ = try await store.read { try $0.entryNames() }
              return false
            } catch StorageError.overloaded {
              release.signal()
              return true
            } catch {
              return false
            }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      switch kind {
      case .sqlite: #expect(refused == 1)
      // A shared store reads by itself what others may have committed, and may hold one of the places.
      case .postgres: #expect((1...2).contains(refused))
      }
      try await held.value
    }
  }

  @Test("A read cannot write", arguments: TestStoreKind.available)
  func readCannotWrite(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { (store) async throws in
      await #expect(throws: (any Error).self) {
        try await store.read { transaction in
          try transaction.exists("INSERT INTO entry (name, revision) VALUES ('x', 1) RETURNING 1")
        }
      }
      #expect(try await store.read { try $0.entryNames() } == [])
    }
  }

  @Test("A read cancelled while it waits never runs", arguments: TestStoreKind.available)
  func cancelledRead(kind: TestStoreKind) async throws {
    try await withTestStore(kind, TestSettings(readThreads: 1)) { store in
      let release = DispatchSemaphore(value: 0)
      let (began, continuation) = AsyncStream.makeStream(of: Void.self)
      let held = Task {
        try await store.read { _ in
          continuation.finish()
          release.wait()
        }
      }
      for await _ in began {}
      let waiting = Task { try await store.read { _ in Issue.record("ran") } }
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
      release.signal()
      try await held.value
    }
  }

  @Test("Rows of many lists of parameters come back list by list", arguments: TestStoreKind.available)
  func queryMany(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      for name in ["a", "b", "c"] { _ = try await store.addEntry(name) }
      let found = try await store.read { transaction in
        try transaction.queryMany(
          "SELECT name FROM entry WHERE name >= ?1 ORDER BY name", [["b"], ["z"], ["a"]]
        ) { row in try row.text(0) }
      }
      #expect(found == [["b", "c"], [], ["a", "b", "c"]])
    }
  }
}
