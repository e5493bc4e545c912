import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("Readers of the change log")
struct ChangeReaderTests {
  @Test(
    "Readers that begin far behind go over from the database to memory while writes go on, without loss or doubling",
    arguments: TestStoreKind.available)
  func handover(kind: TestStoreKind) async throws {
    // A tail so short that readers fall out of it again and again.
    try await withTestStore(kind, TestSettings(changeTailMax: 8)) { store in
      for number in 0..<300 { _ = try await store.addEntry("old-\(number)", dealer: "d\(number % 3)") }
      let total: Int64 = 700
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask {
            let start = Int64(number * 7 % 300)
            let dealer = number % 4 == 3 ? nil : "d\(number % 3)"
            let reader = store.changes.reader(after: start, filter: ChangeFilter(dealerID: dealer))
            let due = (start + 1...total).filter { dealer == nil || "d\(($0 - 1) % 3)" == dealer }
            var seen: [Int64] = []
            while seen.count < due.count {
              let page = try await reader.next()
              seen += page.changes.map(\.revision)
              #expect(page.through >= seen.last ?? 0)
              if number % 5 == 0 { await Task.yield() }
            }
            #expect(seen == due)
          }
        }
        group.addTask {
          for number in 300..<Int(total) { _ = try await store.addEntry("new-\(number)", dealer: "d\(number % 3)") }
        }
        try await group.waitForAll()
      }
      #expect(store.changes.readerCount == 0)
    }
  }

  @Test(
    "A reader that is not read holds up nobody, takes no memory that grows, and misses nothing in the end",
    arguments: TestStoreKind.available)
  func slowReader(kind: TestStoreKind) async throws {
    try await withTestStore(kind, TestSettings(changeTailMax: 64)) { store in
      let slow = store.changes.reader(after: 0)
      #expect(try await slow.next().through == 0)
      let quick = store.changes.reader(after: 0)
      let total = ChangeAudience.placesMax * 3
      var seen: [Int64] = []
      for number in 0..<total {
        _ = try await store.addEntry("entry-\(number)")
        seen += try await quick.next().changes.map(\.revision)
        #expect(store.changes.placesHeld <= ChangeAudience.placesMax)
      }
      #expect(seen == Array(1...Int64(total)))
      var late: [Int64] = []
      while late.count < total { late += try await slow.next().changes.map(\.revision) }
      #expect(late == seen)
    }
  }

  @Test("A reader that the log has gone on without is told so", arguments: TestStoreKind.available)
  func compactedUnderReader(kind: TestStoreKind) async throws {
    let clock = TestClock()
    try await withTestStore(kind, clock: clock, TestSettings(changeTailMax: 4)) { store in
      let reader = store.changes.reader(after: 0)
      _ = try await reader.next()
      for number in 0..<20 { _ = try await store.addEntry("old-\(number)") }
      clock.advance(days: 8)
      while try await store.compactChanges(limit: 10) > 0 {}
      await #expect(throws: StorageError.revisionCompacted(oldestRevision: 20)) { try await reader.next() }
    }
  }

  @Test("Each is told what concerns it, and nothing else wakes it", arguments: TestStoreKind.available)
  func whomItConcerns(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { (store) async throws in
      let filters: [String: ChangeFilter] = [
        "all": ChangeFilter(), "kind": ChangeFilter(kinds: [7]), "brand": ChangeFilter(owners: .brand),
        "dealers": ChangeFilter(owners: .everyDealer), "mine": ChangeFilter(dealerID: "mine"),
        "ours": ChangeFilter(owners: .dealers(["mine", "yours"])),
        "many": ChangeFilter(owners: .dealers(Set((0..<100).map { "d\($0)" } + ["mine"]))),
        "nobody": ChangeFilter(owners: .dealers([])), "key": ChangeFilter(key: "e3"),
        "refined": ChangeFilter(owners: .dealers(["mine"]), refinement: { $0.key != "e1" }),
      ]
      let told = Told()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (name, filter) in filters {
          group.addTask {
            let reader = store.changes.reader(after: 0, filter: filter)
            while true {
              let page = try await reader.next()
              await told.add(name, page.changes.map(\.event.key))
            }
          }
        }
        while store.changes.waitingCount < filters.count { await Task.yield() }
        let events: [(dealer: String?, kind: Int64, due: Set<String>)] = [
          ("mine", 1, ["all", "dealers", "mine", "ours", "many"]),
          ("yours", 7, ["all", "kind", "dealers", "ours"]),
          (nil, 1, ["all", "brand", "key"]),
          ("mine", 7, ["all", "kind", "dealers", "mine", "ours", "many", "refined"]),
        ]
        let before = await told.turns
        for (number, event) in events.enumerated() {
          let key = "e\(number + 1)"
          _ = try await store.addEntry(key, kind: event.kind, dealer: event.dealer)
          while store.changes.waitingCount < filters.count { await Task.yield() }
          let now = await told.whom(key)
          #expect(now == event.due, "\(key)")
        }
        let turns = await told.turns - before
        #expect(turns == events.reduce(0) { $0 + $1.due.count })
        group.cancelAll()
        while let result = await group.nextResult() {
          #expect(throws: CancellationError.self) { try result.get() }
        }
      }
    }
  }

  @Test("Who waits in silence is told how far the log has come", arguments: TestStoreKind.available)
  func nudged(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { (store) async throws in
      let reader = store.changes.reader(after: 0, filter: ChangeFilter(dealerID: "mine"))
      #expect(try await reader.next() == ChangePage(changes: [], through: 0, isAtEnd: true))
      let next = Task { try await reader.next() }
      while store.changes.waitingCount < 1 { await Task.yield() }
      for number in 0..<5 { _ = try await store.addEntry("entry-\(number)", dealer: "theirs") }
      store.changes.nudge(silentSince: .now - .seconds(3_600))
      #expect(store.changes.waitingCount == 1)
      store.changes.nudge(silentSince: .now)
      #expect(try await next.value == ChangePage(changes: [], through: 5, isAtEnd: true))
      _ = try await store.addEntry("mine", dealer: "mine")
      #expect(try await reader.next().changes.map(\.revision) == [6])
    }
  }

  @Test("A revision's changes are handed over together", arguments: TestStoreKind.available)
  func wholeRevisions(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let reader = store.changes.reader(after: 0)
      _ = try await reader.next()
      for number in 0..<6 {
        try await store.write(WriteRequest(principal: "tester")) { transaction in
          for part in 0..<30 {
            try transaction.append(
              ChangeEvent(kind: 1, key: "\(number)-\(part)", dealerID: nil, payload: [UInt8](repeating: 1, count: 100)))
          }
        }
      }
      var seen: [Int64] = []
      while seen.count < 180 {
        let page = try await reader.next()
        #expect(page.changes.count % 30 == 0)
        #expect(page.changes.last?.revision == page.through)
        seen += page.changes.map(\.revision)
      }
      #expect(seen == (1...6).flatMap { [Int64](repeating: $0, count: 30) })
    }
  }

  @Test("A watcher resumes where it was after the store has been opened anew", arguments: TestStoreKind.available)
  func afterRestart(kind: TestStoreKind) async throws {
    try await withTestPlace(kind) { place in
      let reached = try await withStore(in: place) { store in
        for number in 0..<10 { _ = try await store.addEntry("entry-\(number)") }
        return try await store.changes.reader(after: 4).next().through
      }
      #expect(reached == 10)
      try await withStore(in: place) { (store) async throws in
        let reader = store.changes.reader(after: 6)
        #expect(try await reader.next().changes.map(\.revision) == [7, 8, 9, 10])
        _ = try await store.addEntry("next")
        #expect(try await reader.next().changes.map(\.revision) == [11])
      }
    }
  }

  @Test("Readers that all fall behind at once take turns at the database", arguments: TestStoreKind.available)
  func takingTurns(kind: TestStoreKind) async throws {
    try await withTestStore(kind, TestSettings(readThreads: 1, readQueueMax: 2, changeTailMax: 1)) { store in
      for number in 0..<20 { _ = try await store.addEntry("entry-\(number)") }
      try await withThrowingTaskGroup(of: [Int64].self) { group in
        for _ in 0..<50 {
          group.addTask { try await store.changes.everything().map(\.revision) }
        }
        for try await seen in group { #expect(seen == Array(1...20)) }
      }
    }
  }

  @Test("What one reader makes of a change the others take")
  func sharedForm() {
    let change = Change(revision: 1, event: ChangeEvent(kind: 1, key: "k", dealerID: nil, payload: []))
    let copy = change
    #expect(change.shared.get { "made" } == "made")
    #expect(copy.shared.get { "made again" } == "made")
  }
}

/// Who was told of what.
private actor Told {
  private var keys: [String: [String]] = [:]
  /// How often anybody was told anything.
  private(set) var turns = 0

  func add(_ name: String, _ told: [String]) {
    turns += 1
    keys[name, default: []] += told
  }

  func whom(_ key: String) -> Set<String> {
    Set(keys.filter { $0.value.contains(key) }.keys)
  }
}

extension ChangeLog {
  /// Everything after a revision that there is now, as a new reader gets it.
  func everything(after revision: Int64 = 0, filter: ChangeFilter = ChangeFilter()) async throws -> [Change] {
    let reader = reader(after: revision, filter: filter)
    var all: [Change] = []
    while true {
      let page = try await reader.next()
      all += page.changes
      if page.isAtEnd { return all }
    }
  }

  /// The first change after a revision, waited for.
  func firstChange(after revision: Int64 = 0) async throws -> Change {
    let reader = reader(after: revision)
    while true {
      if let first = try await reader.next().changes.first { return first }
    }
  }
}
