import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("The change log")
struct ChangeLogTests {
  @Test(
    "Every commit's changes are read in order, whole revisions at a time, from memory and from disk alike",
    arguments: TestStoreKind.available)
  func readInOrder(kind: TestStoreKind) async throws {
    try await withTestPlace(kind) { place in
      let live = try await withStore(in: place) { store in
        for number in 0..<40 {
          try await store.write(WriteRequest(principal: "tester")) { transaction in
            for part in 0...(number % 5) {
              let dealer = part == 0 ? nil : "d\(part)"
              try transaction.append(
                ChangeEvent(kind: Int64(part), key: "\(number)", dealerID: dealer, payload: [UInt8(part)]))
            }
          }
        }
        let page = try await store.read { transaction in
          try ChangeLogTable.read(after: 3, limit: 2, filter: ChangeFilter(), transaction)
        }
        #expect(Set(page.changes.map(\.revision)) == [4])
        #expect(page.through == 4)
        return try await store.changes.everything()
      }
      #expect(live.count == 120)
      #expect(live.map(\.revision) == live.map(\.revision).sorted())
      try await withStore(in: place) { (store) async throws in
        #expect(try await store.changes.everything() == live)
        for start: Int64 in [1, 17, 39] {
          let due = live.filter { $0.revision > start }
          #expect(try await store.changes.everything(after: start) == due)
        }
        let filter = ChangeFilter(kinds: [1, 2], dealerID: "d2")
        let matching = live.filter { filter.matches($0.event) }
        #expect(try await store.changes.everything(filter: filter) == matching)
        let end = try await store.changes.reader(after: 40).next()
        #expect(end == ChangePage(changes: [], through: 40, isAtEnd: true))
      }
    }
  }

  @Test("A filtered reader gets on even when nothing matches", arguments: TestStoreKind.available)
  func filterGetsOn(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      for number in 0..<10 { _ = try await store.addEntry("entry-\(number)", kind: 1) }
      let page = try await store.changes.reader(after: 0, filter: ChangeFilter(kinds: [2])).next()
      #expect(page == ChangePage(changes: [], through: 10, isAtEnd: true))
    }
  }

  @Test(
    "Old changes are compacted in bounded steps, and a reader that needs them is told so",
    arguments: TestStoreKind.available)
  func compaction(kind: TestStoreKind) async throws {
    let clock = TestClock()
    try await withTestPlace(kind) { place in
      try await withStore(in: place, clock: clock) { store in
        for number in 0..<25 { _ = try await store.addEntry("old-\(number)") }
        clock.advance(days: 8)
        for number in 0..<5 { _ = try await store.addEntry("new-\(number)") }
        var steps: [Int] = []
        repeat { steps.append(try await store.compactChanges(limit: 10)) } while steps.last != 0
        #expect(steps == [10, 10, 5, 0])
        #expect(try await store.changes.oldestRevision() == 25)
      }
      try await withStore(in: place, clock: clock) { (store) async throws in
        await #expect(throws: StorageError.revisionCompacted(oldestRevision: 25)) {
          try await store.changes.reader(after: 24).next()
        }
        #expect(try await store.changes.everything(after: 25).map(\.revision) == Array(26...30))
        #expect(try await store.addEntry("next") == 31)
      }
    }
  }

  @Test("The log is kept below its greatest size, the oldest changes going first", arguments: TestStoreKind.available)
  func greatestSize(kind: TestStoreKind) async throws {
    try await withTestStore(kind, TestSettings(changeLogBytesMax: 10_000)) { store in
      for number in 0..<30 {
        _ = try await store.write(WriteRequest(principal: "tester")) { transaction in
          try transaction.addEntry("entry-\(number)", payload: [UInt8](repeating: 7, count: 1_000))
        }
      }
      while try await store.compactChanges(limit: 7) > 0 {}
      let oldest = try await store.changes.oldestRevision()
      // Each takes its payload, its key, and a little for the row.
      #expect((20...22).contains(oldest))
      let (noted, held) = try await store.read { transaction in
        (
          try transaction.queryOne("SELECT value FROM store_state WHERE name = 'log_bytes'") { try $0.int64(0) },
          try transaction.queryOne(
            "SELECT CAST(sum(length(payload) + length(change_key) + 64) AS BIGINT) FROM change_log"
          ) { try $0.int64(0) }
        )
      }
      #expect(noted == held)
      #expect(held.map { $0 <= 10_000 } == true)
      #expect(try await store.changes.everything(after: oldest).map(\.revision) == Array((oldest + 1)...30))
    }
  }

  @Test("A cancelled watcher is let go, whenever it is cancelled", arguments: TestStoreKind.available)
  func cancelledWatcher(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      for _ in 0..<200 {
        let watcher = Task { try await store.changes.firstChange() }
        watcher.cancel()
        await #expect(throws: CancellationError.self) { try await watcher.value }
      }
      let watcher = Task { try await store.changes.firstChange() }
      while store.changes.waitingCount < 1 { await Task.yield() }
      watcher.cancel()
      await #expect(throws: CancellationError.self) { try await watcher.value }
      #expect(store.changes.waitingCount == 0)
    }
  }

  @Test("Closing ends every watch", arguments: TestStoreKind.available)
  func closingEndsWatches(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let watcher = Task { try await store.changes.firstChange() }
      while store.changes.waitingCount < 1 { await Task.yield() }
      await store.close()
      await #expect(throws: StorageError.closed) { try await watcher.value }
    }
  }

  @Test(
    "A thousand watchers each see every change that is theirs, once and in order", arguments: TestStoreKind.available)
  func manyWatchers(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let watchers = 1_000
      let changes: Int64 = 120
      try await withThrowingTaskGroup(of: Void.self) { group in
        for watcher in 0..<watchers {
          group.addTask {
            let filter = ChangeFilter(dealerID: "dealer-\(watcher % 10)")
            let reader = store.changes.reader(after: 0, filter: filter)
            var seen: [Int64] = []
            while seen.count < Int(changes) / 10 { seen += try await reader.next().changes.map(\.revision) }
            let due = (1...changes).filter { $0 % 10 == Int64(watcher % 10) }
            #expect(seen == due)
          }
        }
        for number in 1...changes {
          let revision = try await store.addEntry("entry-\(number)", dealer: "dealer-\(number % 10)")
          #expect(revision == number)
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("The tail in memory is bounded and gives whole revisions or nothing")
  func tailIsBounded() {
    var tail = ChangeTail(current: 100)
    for revision in Int64(101)...5_100 {
      let event = ChangeEvent(kind: 1, key: "k", dealerID: nil, payload: [])
      let changes = [Change](repeating: Change(revision: revision, event: event), count: 4)
      tail.append(changes, after: revision - 1, through: revision)
    }
    #expect(tail.startsAfter == 5_100 - 2_048)
    #expect(tail.read(after: tail.startsAfter - 1, limit: 10, filter: ChangeFilter()) == nil)
    let page = tail.read(after: tail.startsAfter, limit: 10, filter: ChangeFilter())
    #expect(page?.changes.count == 12)
    #expect(page?.through == tail.startsAfter + 3)
    #expect(tail.read(after: 5_100, limit: 10, filter: ChangeFilter())?.isAtEnd == true)
  }

  @Test("A tail that has missed revisions does not pretend to have them")
  func tailSkips() {
    var tail = ChangeTail(current: 10)
    let event = ChangeEvent(kind: 1, key: "k", dealerID: nil, payload: [])
    tail.append([Change(revision: 11, event: event)], after: 10, through: 11)
    tail.append([Change(revision: 15, event: event)], after: 14, through: 15)
    #expect(tail.read(after: 11, limit: 10, filter: ChangeFilter()) == nil)
    #expect(tail.read(after: 14, limit: 10, filter: ChangeFilter())?.changes.map(\.revision) == [15])
  }
}
