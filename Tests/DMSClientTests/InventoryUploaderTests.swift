import DMSAPI
import DMSClient
import ProtobufC
import RPC
import Synchronization
import Testing

@Suite("Uploads over a real connection", .timeLimit(.minutes(3)))
struct InventoryUploaderTests {
  private func events(_ count: Int) -> [InventoryEvent] {
    (0..<count).map { number in
      .with {
        $0.sku = "S-\(number)"
        $0.change = .movement(
          .with {
            $0.kind = .sale
            $0.quantity = -1
          })
      }
    }
  }

  private func uploader(_ client: DMSClient, batch: Int = 10, window: Int = 30) -> InventoryUploader {
    var options = UploadOptions()
    options.batchMax = batch
    options.windowMax = window
    return InventoryUploader(client.inventory, dealerID: "4711", source: "pos", epoch: 2, options: options)
  }

  private func isWhole(_ feed: StubFeed, _ count: Int) -> Bool {
    feed.applied.map(\.sequence) == (1...Int64(count)).map { $0 } && feed.applied.map(\.sku) == events(count).map(\.sku)
  }

  @Test("Every event arrives once and in order, and the summary says so")
  func whole() async throws {
    let feed = StubFeed()
    let summary = try await withStub(feed.service) { client in
      try await uploader(client).run(ListedEvents(events(105)))
    }
    #expect(isWhole(feed, 105))
    #expect(summary.lastSequence == 105)
    #expect(summary.appliedCount == 105)
    #expect(summary.resumptions == 0)
    #expect(feed.opened.first.map { "\($0.dealerID) \($0.source) \($0.epoch)" } == "4711 pos 2")
  }

  @Test(
    "Whatever breaks, every event is applied once",
    arguments: [
      [1: StubFeed.Fault.breakBefore], [1: .breakAfter], [3: .breakBefore, 4: .breakAfter, 7: .endEarly],
      [2: .acknowledgeTwice, 5: .acknowledgeTwice], [2: .resync, 6: .resync],
      [1: .breakAfter, 2: .breakAfter, 3: .breakAfter, 4: .breakBefore, 6: .resync, 9: .acknowledgeTwice],
    ])
  func broken(_ faults: [Int: StubFeed.Fault]) async throws {
    let feed = StubFeed(faults: faults)
    let summary = try await withStub(feed.service) { client in
      try await uploader(client).run(ListedEvents(events(100)))
    }
    #expect(isWhole(feed, 100))
    #expect(summary.lastSequence == 100)
    #expect(summary.resumptions == feed.streams - 1)
  }

  @Test("An upload that is started again sends nothing twice")
  func again() async throws {
    let feed = StubFeed()
    try await withStub(feed.service) { client in
      _ = try await uploader(client).run(ListedEvents(events(20)))
      let summary = try await uploader(client).run(ListedEvents(events(30)))
      #expect(summary.appliedCount == 10)
      #expect(summary.duplicateCount == 0)
    }
    #expect(isWhole(feed, 30))
  }

  @Test("A newer upload of the same source ends this one, which does not come back")
  func fenced() async throws {
    let feed = StubFeed(faults: [2: .fence])
    try await withStub(feed.service) { client in
      let error = await #expect(throws: InventoryUploadError.self) {
        try await uploader(client).run(ListedEvents(events(100)))
      }
      guard case .fenced(let cause)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.reason == .fenced)
    }
    #expect(feed.streams == 1)
  }

  @Test("Rejected events are told once, and stop nothing")
  func rejected() async throws {
    let feed = StubFeed(faults: [1: .acknowledgeTwice], rejects: [3, 15])
    let told = Mutex<[Int64]>([])
    let summary = try await withStub(feed.service) { client in
      try await uploader(client).run(ListedEvents(events(20))) { update in
        if case .rejected(let events) = update { told.withLock { $0 += events.map(\.sequence) } }
      }
    }
    #expect(told.withLock { $0 } == [3, 15])
    #expect(summary.rejectedCount == 2)
    #expect(summary.appliedCount == 18)
    #expect(summary.lastSequence == 20)
  }

  @Test("Events that are handed over while it runs go on from the server's last one, over breaks")
  func buffered() async throws {
    let feed = StubFeed(faults: [2: .breakAfter, 4: .breakBefore])
    let buffer = BufferedEvents(capacity: 15)
    try await withStub(feed.service) { client in
      async let summary = uploader(client).run(buffer)
      for event in events(100) { try await buffer.append(event) }
      buffer.finish()
      let last = try await summary.lastSequence
      #expect(last == 100)
    }
    #expect(isWhole(feed, 100))
    #expect(buffer.count == 0)
  }

  @Test("What the source throws ends the upload, and is told as the source's")
  func brokenSource() async throws {
    struct Broken: InventoryEventSource {
      struct Failure: Error {}
      func events(after sequence: Int64, limit: Int) async throws -> [InventoryEvent] {
        guard sequence == 0 else { throw Failure() }
        return [.with { $0.sequence = 1 }]
      }
    }
    let feed = StubFeed()
    try await withStub(feed.service) { client in
      let error = await #expect(throws: InventoryUploadError.self) { try await uploader(client).run(Broken()) }
      guard case .source(let cause)? = error, cause is Broken.Failure else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test("An upload rides out a restart of the server")
  func restart() async throws {
    let feed = StubFeed()
    let buffer = BufferedEvents()
    let first = try await StubServer.start([feed.service])
    let client = try DMSClient(configuration: .init(server: first.url))
    let half = AsyncStream.makeStream(of: Void.self)
    async let summary = uploader(client).run(buffer) { update in
      if case .acknowledged(lastSequence: 50) = update { half.continuation.finish() }
    }
    for event in events(50) { try await buffer.append(event) }
    for await _ in half.stream {}
    await first.stop()
    for event in events(100).dropFirst(50) { try await buffer.append(event) }
    buffer.finish()
    let second = try await StubServer.start([feed.service], port: first.port)
    #expect(try await summary.lastSequence == 100)
    #expect(isWhole(feed, 100))
    #expect(feed.streams >= 2)
    await client.close()
    await second.stop()
  }

  @Test("A cancelled upload ends at once")
  func cancelled() async throws {
    let feed = StubFeed()
    try await withStub(feed.service) { client in
      let opened = AsyncStream.makeStream(of: Void.self)
      let upload = Task {
        try await uploader(client).run(BufferedEvents()) { update in
          if case .opened = update { opened.continuation.finish() }
        }
      }
      for await _ in opened.stream {}
      upload.cancel()
      let error = await #expect(throws: InventoryUploadError.self) { try await upload.value }
      guard case .failed(let cause)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.code == .cancelled)
    }
  }
}
