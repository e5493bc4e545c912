import DMSAPI
import DMSClient
import ProtobufC
import RPC
import Synchronization
import Testing

@Suite("Watches over a real connection", .timeLimit(.minutes(3)))
struct WatchTests {
  /// What one stream brings, and how it ends.
  private struct Stream: Sendable {
    var messages: [WatchOrdersResponse]
    var end: RPCError?
  }

  private func order(_ id: String, at revision: Int64) -> WatchOrdersResponse {
    .with {
      $0.revision = revision
      $0.event = .order(.with { $0.orderID = id })
    }
  }

  private func progress(at revision: Int64) -> WatchOrdersResponse {
    .with {
      $0.revision = revision
      $0.event = .progress(.with { $0.revision = revision })
    }
  }

  private func watching(_ script: Script<WatchOrdersRequest, Stream>) -> ServiceDefinition {
    .stub(
      serverStreaming(OrderServiceMethods.watchOrders) { (request: WatchOrdersRequest, responses) in
        let stream = script.next(request)
        for message in stream.messages { try await responses.write(message) }
        if let end = stream.end { throw end }
      })
  }

  private var compacted: RPCError {
    get throws { try serverError(.outOfRange, reason: "REVISION_COMPACTED", message: "the log starts at 100") }
  }

  @Test("It goes on from the last handled revision after every kind of break, and ends with a typed error")
  func resumed() async throws {
    let script = Script<WatchOrdersRequest, Stream>(
      Stream(
        messages: [order("a", at: 6), progress(at: 8)],
        end: try serverError(.unavailable, reason: "WATCHER_TOO_SLOW")),
      Stream(messages: [order("b", at: 9)], end: RPCError(.unavailable, "the connection is lost")),
      Stream(messages: [], end: nil),
      Stream(messages: [order("c", at: 12)], end: try compacted))
    try await withStub(watching(script)) { client in
      var watch = client.orders.watch(after: .after(revision: 5), dealerID: "4711").makeAsyncIterator()
      var seen: [String] = []
      let error = await #expect(throws: DMSError.self) {
        while let message = try await watch.next() {
          seen.append("\(message.revision) \(message.resource?.orderID ?? "-")")
        }
      }
      #expect(seen == ["6 a", "8 -", "9 b", "12 c"])
      #expect(error?.reason == .revisionCompacted)
      #expect(error?.remedy?.contains("List everything again") == true)
      #expect(watch.revision == 12)
      let afterTheEnd = try await watch.next()
      #expect(afterTheEnd == nil)
    }
    #expect(script.seen.map(\.afterRevision) == [5, 8, 9, 9])
    #expect(script.seen.allSatisfy { $0.dealerID == "4711" })
  }

  @Test("A watch from now on begins at the revision of its beginning, whatever breaks before the first message")
  func fromNow() async throws {
    let script = Script<WatchOrdersRequest, Stream>(
      Stream(messages: [], end: RPCError(.unavailable, "the connection is lost")),
      Stream(messages: [order("a", at: 42)], end: nil))
    let admin = ServiceDefinition.stub(
      unary(AdminServiceMethods.whoAmI) { (_: WhoAmIRequest, _) -> WhoAmIResponse in .with { $0.revision = 41 } })
    try await withStub(watching(script), admin) { client in
      var watch = client.orders.watch().makeAsyncIterator()
      let first = try await watch.next()
      #expect(first?.resource?.orderID == "a")
    }
    #expect(script.seen.map(\.afterRevision).prefix(2) == [41, 41])
  }

  @Test("A watch of balances resumes alike")
  func inventory() async throws {
    let script = Script<WatchInventoryRequest, Int64>(7, 8)
    let service = ServiceDefinition.stub(
      serverStreaming(InventoryServiceMethods.watchInventory) { (request: WatchInventoryRequest, responses) in
        let revision = script.next(request)
        try await responses.write(
          WatchInventoryResponse.with {
            $0.revision = revision
            $0.event = .level(.with { $0.sku = "S-\(revision)" })
          })
        throw RPCError(.unavailable, "the connection is lost")
      })
    try await withStub(service) { client in
      var watch = client.inventory.watch(after: .oldest, .with { $0.skus = ["S-7", "S-8"] }).makeAsyncIterator()
      let first = try await watch.next()
      let second = try await watch.next()
      #expect([first, second].map { $0?.resource?.sku } == ["S-7", "S-8"])
    }
    #expect(script.seen.map(\.afterRevision).prefix(2) == [0, 7])
  }

  @Test("A cancelled watch ends, and the server learns of it")
  func cancelled() async throws {
    let ended = AsyncStream.makeStream(of: Void.self)
    let service = ServiceDefinition.stub(
      serverStreaming(OrderServiceMethods.watchOrders) { (_: WatchOrdersRequest, responses) in
        defer { ended.continuation.finish() }
        try await responses.write(WatchOrdersResponse.with { $0.revision = 1 })
        try await Task.sleep(for: .seconds(600))
      })
    try await withStub(service) { client in
      let begun = AsyncStream.makeStream(of: Void.self)
      let watcher = Task {
        for try await _ in client.orders.watch(after: .oldest) { begun.continuation.finish() }
      }
      for await _ in begun.stream {}
      watcher.cancel()
      let error = await #expect(throws: DMSError.self) { try await watcher.value }
      #expect(error?.code == .cancelled)
      for await _ in ended.stream {}
    }
  }

  @Test("A watch rides out a restart of the server")
  func restart() async throws {
    let script = Script<WatchOrdersRequest, Stream>(
      Stream(messages: [order("a", at: 1)], end: nil), Stream(messages: [order("b", at: 2)], end: try compacted))
    let service = ServiceDefinition.stub(
      serverStreaming(OrderServiceMethods.watchOrders) { (request: WatchOrdersRequest, responses) in
        let stream = script.next(request)
        for message in stream.messages { try await responses.write(message) }
        if let end = stream.end { throw end }
        try await Task.sleep(for: .seconds(600))
      })
    let first = try await StubServer.start([service])
    let client = try DMSClient(configuration: .init(server: first.url))
    var watch = client.orders.watch(after: .oldest).makeAsyncIterator()
    #expect(try await watch.next()?.resource?.orderID == "a")
    await first.stop()
    let second = try await StubServer.start([service], port: first.port)
    #expect(try await watch.next()?.resource?.orderID == "b")
    #expect(script.seen.map(\.afterRevision) == [0, 1])
    await client.close()
    await second.stop()
  }
}
