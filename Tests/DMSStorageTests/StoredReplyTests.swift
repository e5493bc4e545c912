import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("Replies kept by request id")
struct StoredReplyTests {
  private func request(
    _ id: String = "11111111-1111-4111-8111-111111111111", principal: String = "tester", method: String = "Add",
    hash: [UInt8] = [1]
  ) -> WriteRequest {
    WriteRequest(
      principal: principal,
      requestKey: RequestKey(principal: principal, method: method, requestID: id, contentHash: hash))
  }

  private func add(_ name: String, _ request: WriteRequest, to store: Store) async throws -> [UInt8] {
    try await store.writeOnce(request) { transaction in
      try transaction.addEntry(name)
      return Array(name.utf8)
    }
  }

  @Test(
    "A repeated request ID returns the first reply and changes nothing, also after the store is opened again",
    arguments: TestStoreKind.available)
  func repeatReturnsFirst(kind: TestStoreKind) async throws {
    try await withTestPlace(kind) { place in
      try await withStore(in: place) { (store) async throws in
        #expect(try await add("first", request(), to: store) == Array("first".utf8))
        #expect(try await add("second", request(), to: store) == Array("first".utf8))
      }
      try await withStore(in: place) { (store) async throws in
        #expect(try await add("third", request(), to: store) == Array("first".utf8))
        #expect(try await store.read { try $0.entryNames() } == ["first"])
        #expect(store.changes.currentRevision == 1)
      }
    }
  }

  @Test("The same id with other content is refused", arguments: TestStoreKind.available)
  func otherContentIsRefused(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      _ = try await add("first", request(), to: store)
      await #expect(throws: StorageError.requestIDReused) { try await add("second", request(hash: [2]), to: store) }
      #expect(try await store.read { try $0.entryNames() } == ["first"])
    }
  }

  @Test("The same id of another principal or for another method is another request", arguments: TestStoreKind.available)
  func scopeIsPrincipalAndMethod(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      _ = try await add("first", request(), to: store)
      _ = try await add("second", request(principal: "other"), to: store)
      _ = try await add("third", request(method: "Remove"), to: store)
      #expect(try await store.read { try $0.entryNames() } == ["first", "second", "third"])
    }
  }

  @Test("A write that throws stores nothing and may be tried again", arguments: TestStoreKind.available)
  func failureStoresNothing(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { (store) async throws in
      await #expect(throws: Refused(name: "not yet")) {
        try await store.writeOnce(request()) { transaction in
          try transaction.addEntry("first")
          throw Refused(name: "not yet")
        }
      }
      #expect(try await add("second", request(), to: store) == Array("second".utf8))
      #expect(try await store.read { try $0.entryNames() } == ["second"])
    }
  }

  @Test("Of 64 callers with one id, one changes something and all get its reply", arguments: TestStoreKind.available)
  func concurrentRepeats(kind: TestStoreKind) async throws {
    let faults = FaultPlan()
    try await withTestStore(kind, faults: faults) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      let replies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for number in 0..<64 { group.addTask { try await add("entry-\(number)", request(), to: store) } }
        await store.untilWaiting(64)
        gate.release()
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      try await held.value
      #expect(replies.count == 1)
      #expect(try await store.read { try $0.entryNames() }.count == 1)
    }
  }

  @Test("A reply answers for seven days, and no longer", arguments: TestStoreKind.available)
  func repliesExpire(kind: TestStoreKind) async throws {
    let clock = TestClock()
    try await withTestStore(kind, clock: clock) { store in
      _ = try await add("first", request(), to: store)
      clock.advance(days: 6)
      _ = try await add("second", request(), to: store)
      clock.advance(days: 1)
      #expect(try await add("third", request(), to: store) == Array("third".utf8))
      #expect(try await store.read { try $0.entryNames() } == ["first", "third"])
    }
  }

  @Test("Expired replies are swept in bounded steps, and live ones stay", arguments: TestStoreKind.available)
  func sweepIsBounded(kind: TestStoreKind) async throws {
    let clock = TestClock()
    try await withTestStore(kind, clock: clock) { store in
      for number in 0..<25 { _ = try await add("old-\(number)", request("old-\(number)"), to: store) }
      clock.advance(days: 8)
      _ = try await add("new", request("new"), to: store)
      var steps: [Int] = []
      repeat { steps.append(try await store.sweepReplies(limit: 10)) } while steps.last != 0
      #expect(steps == [10, 10, 5, 0])
      #expect(try await add("again", request("new"), to: store) == Array("new".utf8))
    }
  }

  @Test("Without a request id nothing is stored", arguments: TestStoreKind.available)
  func withoutKey(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      _ = try await add("first", WriteRequest(principal: "tester"), to: store)
      let count = try await store.read { transaction in
        try transaction.queryOne("SELECT count(*) FROM stored_reply") { row in try row.int64(0) }
      }
      #expect(count == 0)
    }
  }
}
