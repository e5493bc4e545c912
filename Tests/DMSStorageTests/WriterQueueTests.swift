import Synchronization
import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("Waiting for the writer")
struct WriterQueueTests {
  private func drain(_ queue: inout FairQueue<String>) -> [String] {
    var order: [String] = []
    while let element = queue.popFirst() { order.append(element) }
    return order
  }

  @Test("The urgent come first")
  func urgentFirst() {
    var queue = FairQueue<String>(capacity: 10)
    _ = queue.append("bulk", of: .bulk, from: "a")
    _ = queue.append("stream", of: .stream, from: "a")
    _ = queue.append("interactive", of: .interactive, from: "a")
    #expect(drain(&queue) == ["interactive", "stream", "bulk"])
  }

  @Test("Principals take turns, each in the order it came")
  func principalsTakeTurns() {
    var queue = FairQueue<String>(capacity: 100)
    for number in 0..<4 { _ = queue.append("a\(number)", of: .stream, from: "a") }
    for number in 0..<2 { _ = queue.append("b\(number)", of: .stream, from: "b") }
    _ = queue.append("c0", of: .stream, from: "c")
    #expect(drain(&queue) == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"])
  }

  @Test("A principal that comes back takes its turn behind those who wait")
  func returningPrincipalWaits() {
    var queue = FairQueue<String>(capacity: 100)
    for number in 0..<3 { _ = queue.append("a\(number)", of: .interactive, from: "a") }
    #expect(queue.popFirst() == "a0")
    _ = queue.append("b0", of: .interactive, from: "b")
    #expect(drain(&queue) == ["a1", "b0", "a2"])
  }

  @Test("Neither streams nor bulk work starve behind interactive writes that never end")
  func nobodyStarves() {
    var queue = FairQueue<String>(capacity: 10_000)
    for _ in 0..<100 {
      _ = queue.append("stream", of: .stream, from: "s")
      _ = queue.append("bulk", of: .bulk, from: "b")
    }
    var served: [String: Int] = [:]
    for _ in 0..<340 {
      _ = queue.append("interactive", of: .interactive, from: "i")
      if let element = queue.popFirst() { served[element, default: 0] += 1 }
    }
    #expect(served["bulk"] == 340 / 17)
    #expect(served["stream", default: 0] >= 340 / 6)
    #expect(served["interactive", default: 0] >= 340 * 3 / 4)
  }

  @Test("Everything that waits is served once, whatever the order", arguments: [1, 2, 3, 4])
  func everythingIsServedOnce(seed: UInt64) {
    var random = TestRandom(seed: seed)
    var queue = FairQueue<String>(capacity: 50)
    var waiting: Set<String> = []
    for number in 0..<2_000 {
      if Bool.random(using: &random) {
        let writeClass = WriteClass.allCases[Int.random(in: 0..<3, using: &random)]
        let taken = queue.append("\(number)", of: writeClass, from: "p\(Int.random(in: 0..<5, using: &random))")
        #expect(taken || waiting.count >= 25)
        if taken { waiting.insert("\(number)") }
      } else if let element = queue.popFirst() {
        #expect(waiting.remove(element) != nil)
      } else {
        #expect(waiting.isEmpty)
      }
      #expect(queue.count == waiting.count)
    }
  }

  @Test("One class leaves the others their places, and one principal leaves half to the others")
  func placesAreShared() {
    var queue = FairQueue<String>(capacity: 8)
    let flood = (0..<20).filter { queue.append("a\($0)", of: .bulk, from: "a") }
    #expect(flood.count == 4)
    let others = (0..<20).filter { queue.append("b\($0)", of: .bulk, from: "b\($0)") }
    #expect(others.count == 4)
    let order = queue.append("order", of: .interactive, from: "a")
    #expect(order)
    #expect(queue.count == 9)
  }

  @Test(
    "A full queue refuses, says when to come again, and loses nothing that waits", arguments: TestStoreKind.available)
  func fullQueueRefuses(kind: TestStoreKind) async throws {
    try await withTestStore(kind, TestSettings(writeQueueMax: 8)) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<8 {
          group.addTask { _ = try await store.addEntry("entry-\(number)", principal: "p\(number % 2)") }
        }
        await store.untilWaiting(8)
        let refusal = await #expect(throws: StorageError.self) { try await store.addEntry("too many") }
        guard case .overloaded(let retryAfter) = refusal else {
          Issue.record("\(String(describing: refusal))")
          return
        }
        #expect(retryAfter >= .milliseconds(10))
        gate.release()
        try await group.waitForAll()
      }
      try await held.value
      #expect(try await store.read { try $0.entryNames() }.count == 8)
    }
  }

  @Test("A dealer's upload of many rows delays nobody's order", arguments: TestStoreKind.available)
  func uploadDelaysNobody(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          group.addTask { _ = try await store.addEntry("row-\(number)", .bulk, principal: "dealer") }
        }
        await store.untilWaiting(200)
        group.addTask { _ = try await store.addEntry("order", .interactive, principal: "clerk") }
        await store.untilWaiting(201)
        gate.release()
        try await group.waitForAll()
      }
      try await held.value
      #expect(try await store.read { try $0.entryNames() }.first == "order")
    }
  }

  @Test("A write cancelled while it waits never runs", arguments: TestStoreKind.available)
  func cancelledWriteNeverRuns(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      let waiting = Task { try await store.addEntry("cancelled") }
      await store.untilWaiting(1)
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
      gate.release()
      try await held.value
      #expect(try await store.addEntry("next") == 1)
      #expect(try await store.read { try $0.entryNames() } == ["next"])
    }
  }

  @Test("A write cancelled before it is handed over never runs", arguments: TestStoreKind.available)
  func cancelledBeforeSubmission(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        return try await store.addEntry("cancelled")
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(store.changes.currentRevision == 0)
    }
  }

  @Test("A write that has begun is carried through, cancelled or not", arguments: TestStoreKind.available)
  func begunWriteIsCarriedThrough(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      held.cancel()
      gate.release()
      try await held.value
    }
  }

  @Test("Closing serves what waits and refuses what comes later", arguments: TestStoreKind.available)
  func closingServesWhatWaits(kind: TestStoreKind) async throws {
    try await withTestStore(kind) { store in
      let gate = WriterGate()
      let held = await gate.hold(store)
      let waiting = Task { try await store.addEntry("waiting") }
      await store.untilWaiting(1)
      async let closed: Void = store.close()
      gate.release()
      try await held.value
      #expect(try await waiting.value == 1)
      await closed
      await #expect(throws: StorageError.closed) { try await store.addEntry("late") }
      await #expect(throws: StorageError.closed) { try await store.read { try $0.entryNames() } }
    }
  }
}
