import DMSDomain
import Testing

@Suite("A dealer's stream")
struct FeedTests {
  private func opened(_ stored: FeedPosition? = nil, epoch: Int64 = 1) throws -> (FeedStream, FeedPosition) {
    var stream = FeedStream()
    let (position, _) = try stream.open(epoch: epoch, stored: stored)
    return (stream, position)
  }

  @Test("A stream goes on after the last durable sequence")
  func resume() throws {
    var stream = FeedStream()
    let (position, last) = try stream.open(
      epoch: 2, stored: FeedPosition(epoch: 2, fence: 7, lastSequence: 40))
    #expect(last == 40)
    #expect(position == FeedPosition(epoch: 2, fence: 8, lastSequence: 40))
    let plan = try stream.receive(sequences: [41, 42], stored: position)
    #expect(plan.fresh == 0..<2)
    #expect(plan.position.lastSequence == 42)
  }

  @Test("What was sent before is acknowledged and not applied")
  func duplicates() throws {
    var (stream, position) = try opened()
    position.lastSequence = 5
    let overlap = try stream.receive(sequences: [4, 5, 6, 7], stored: position)
    #expect(overlap.duplicateCount == 2)
    #expect(overlap.fresh == 2..<4)
    #expect(overlap.position.lastSequence == 7)
    let old = try stream.receive(sequences: [1, 2], stored: position)
    #expect(old.duplicateCount == 2)
    #expect(old.fresh.isEmpty)
    #expect(old.position.lastSequence == 5)
  }

  @Test("Nothing after a gap is applied, and the stream goes on once it is closed")
  func gap() throws {
    var (stream, position) = try opened()
    let plan = try stream.receive(sequences: [2, 3], stored: position)
    #expect(plan.resyncFrom == 1)
    #expect(plan.fresh.isEmpty)
    #expect(plan.position == position)
    #expect(try stream.receive(sequences: [1, 2, 3], stored: position).fresh == 0..<3)
  }

  @Test("A second stream of the same source fences the first")
  func fencing() throws {
    var (first, position) = try opened()
    let (_, later) = try opened(position)
    #expect(throws: FeedError.fenced) { try first.receive(sequences: [1], stored: later) }
    #expect(!first.isOpen)
    #expect(throws: FeedError.notOpen) { try first.receive(sequences: [1], stored: position) }
  }

  @Test("An epoch may not go back, and a new one begins with a full snapshot")
  func epochs() throws {
    let stored = FeedPosition(epoch: 3, fence: 1, lastSequence: 9)
    var stale = FeedStream()
    #expect(throws: FeedError.staleEpoch(asked: 2, last: 3)) { try stale.open(epoch: 2, stored: stored) }
    var zero = FeedStream()
    #expect(throws: FeedError.badEpoch(0)) { try zero.open(epoch: 0, stored: nil) }
    var new = FeedStream()
    let (position, last) = try new.open(epoch: 4, stored: stored)
    #expect(last == 0)
    #expect(position == FeedPosition(epoch: 3, fence: 2, lastSequence: 9))
    #expect(throws: FeedError.snapshotRequired(epoch: 4)) { try new.receive(sequences: [1], stored: position) }
  }

  @Test("A stream is opened once, and before anything is sent")
  func openOnce() throws {
    var (stream, position) = try opened()
    #expect(throws: FeedError.alreadyOpen) { try stream.open(epoch: 1, stored: position) }
    var unopened = FeedStream()
    #expect(throws: FeedError.notOpen) { try unopened.receive(sequences: [1], stored: nil) }
  }

  @Test("A batch holds 1 to 1,000 events whose sequences count up by 1")
  func batches() throws {
    let (stream, position) = try opened()
    func receive(_ sequences: [Int64]) throws -> FeedPlan {
      var copy = stream
      return try copy.receive(sequences: sequences, stored: position)
    }
    #expect(throws: FeedError.badBatchSize(0)) { try receive([]) }
    #expect(try receive(Array(1...1_000)).fresh.count == 1_000)
    #expect(throws: FeedError.badBatchSize(1_001)) { try receive(Array(1...1_001)) }
    #expect(throws: FeedError.notConsecutive(index: 0, sequence: 0)) { try receive([0, 1]) }
    #expect(throws: FeedError.notConsecutive(index: 1, sequence: 1)) { try receive([1, 1]) }
    #expect(throws: FeedError.notConsecutive(index: 2, sequence: 4)) { try receive([1, 2, 4]) }
    #expect(throws: FeedError.notConsecutive(index: 1, sequence: .min)) { try receive([.max, .min]) }
  }

  @Test("Whatever breaks and repeats, every event is applied once and in order", arguments: seeds)
  func exactlyOnce(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var stored: FeedPosition?
    var applied: [Int64] = []
    var stream = FeedStream()
    stored = try stream.open(epoch: 1, stored: nil).position
    while applied.count < 400 {
      if random.oneIn(10) {
        stream = FeedStream()
        stored = try stream.open(epoch: 1, stored: stored).position
      }
      let last = stored?.lastSequence ?? 0
      let first = max(1, last + random.number(-20...3))
      let batch = Array(first..<(first + random.number(1...15)))
      let plan = try stream.receive(sequences: batch, stored: stored)
      if random.oneIn(5) { continue }  // The commit was lost: nothing is stored.
      applied += plan.fresh.map { batch[$0] }
      stored = plan.position
    }
    #expect(applied == Array(1...Int64(applied.count)))
  }

  @Test("A bad event is rejected by itself with its reason")
  func rejections() throws {
    func apply(_ change: FeedChange, on onHand: Quantity = 5) throws -> StockPosting {
      try FeedEvent(eventTime: Sample.now, sku: Sample.apples, change: change)
        .applied(to: StockBalance(onHand: onHand), of: Sample.dealerID)
    }
    #expect(try apply(.movement(kind: .sale, quantity: -7)).balance.onHand == -2)
    #expect(try apply(.set(quantity: 9, expected: 5)).change == 4)
    #expect(try apply(.set(quantity: 5, expected: nil)).change == 0)
    #expect(throws: FeedRejection.badQuantity(.sale, 2)) { try apply(.movement(kind: .sale, quantity: 2)) }
    #expect(throws: FeedRejection.badQuantity(.adjust, 0)) { try apply(.movement(kind: .adjust, quantity: 0)) }
    #expect(throws: FeedRejection.kindNotReportable(.transferIn)) {
      try apply(.movement(kind: .transferIn, quantity: 2))
    }
    #expect(throws: FeedRejection.balanceMismatch(expected: 4, actual: 5)) {
      try apply(.set(quantity: 9, expected: 4))
    }
    #expect(throws: FeedRejection.overflow) { try apply(.movement(kind: .receipt, quantity: Quantity(.max))) }
  }

  @Test("Every rejection has a code and a sentence")
  func sentences() {
    let all: [FeedRejection] = [
      .malformed(FieldViolation("sku", .required)), .unknownSKU("X"), .badQuantity(.receipt, -1),
      .badQuantity(.sale, 1), .badQuantity(.adjust, 0), .kindNotReportable(.hold),
      .balanceMismatch(expected: 1, actual: 2), .overflow,
    ]
    for rejection in all {
      #expect(!rejection.code.isEmpty)
      #expect(rejection.sentence.hasSuffix("."))
    }
  }
}
