import DMSAPI
import DMSClient
import ProtobufC
import RPC
import Synchronization
import Testing

@Suite("Batches of orders over a real connection", .timeLimit(.minutes(3)))
struct PlaceAllTests {
  private func requests(_ count: Int, dealer: String = "4711") -> [BatchPlaceOrdersRequest] {
    (0..<count).map { number in
      .with {
        $0.requestID = RequestID(deriving: "\(dealer)/\(number)").text
        $0.order = .with { $0.dealerID = dealer }
      }
    }
  }

  @Test("Every order is placed once and has one result, over any number of breaks", arguments: [0, 1, 7, 50])
  func resumed(_ breakEvery: Int) async throws {
    let count = 200
    let book = StubBook(breakEvery: breakEvery)
    let results = Mutex<[String]>([])
    let summary = try await withStub(book.service) { client in
      var options = BatchOptions()
      options.windowMax = 16
      return try await client.orders.placeAll(requests(count), options: options) { placement in
        guard case .success(let order) = placement.result else { return }
        #expect(book.placed[placement.request.requestID]?.orderID == order.orderID)
        results.withLock { $0.append(placement.request.requestID) }
      }
    }
    #expect(summary.placedCount == count)
    #expect(book.placed.count == count)
    #expect(results.withLock { $0.count } == count)
    #expect(Set(results.withLock { $0 }).count == count)
    #expect(summary.resumptions == book.streams - 1)
  }

  @Test("One bad order never fails another")
  func blocked() async throws {
    let book = StubBook(blocked: ["bad"])
    let reasons = Mutex<[String]>([])
    let summary = try await withStub(book.service) { client in
      try await client.orders.placeAll(requests(5) + requests(2, dealer: "bad") + requests(3, dealer: "4712")) {
        placement in
        if case .failure(let error) = placement.result { reasons.withLock { $0.append(error.reasonName) } }
      }
    }
    #expect(summary.placedCount == 8)
    #expect(summary.failedCount == 2)
    #expect(reasons.withLock { $0 } == ["RULE_BLOCKED", "RULE_BLOCKED"])
  }

  @Test("What the server was too busy for is sent again under its request id")
  func busy() async throws {
    let book = StubBook(busy: ["4711"])
    let summary = try await withStub(book.service) { client in
      try await client.orders.placeAll(requests(20)) { _ in }
    }
    #expect(summary.placedCount == 20)
    #expect(summary.failedCount == 0)
    #expect(summary.resumptions == 0)
  }

  @Test("Orders without a request id are given one; a batch of nothing makes no call")
  func identified() async throws {
    let book = StubBook()
    try await withStub(book.service) { client in
      _ = try await client.orders.placeAll([BatchPlaceOrdersRequest(), BatchPlaceOrdersRequest()]) { placement in
        _ = try RequestID(validating: placement.request.requestID)
      }
      #expect(book.placed.count == 2)
      #expect(book.streams == 1)
      _ = try await client.orders.placeAll([BatchPlaceOrdersRequest]()) { _ in }
      #expect(book.streams == 1)
    }
  }

  @Test("What the caller throws at a result ends the batch as it is")
  func callerFails() async throws {
    struct Enough: Error {}
    let book = StubBook()
    try await withStub(book.service) { client in
      _ = await #expect(throws: Enough.self) {
        try await client.orders.placeAll(requests(50)) { _ in throw Enough() }
      }
    }
  }
}
