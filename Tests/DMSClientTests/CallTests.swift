import DMSAPI
import DMSClient
import ProtobufC
import RPC
import Synchronization
import Testing

@Suite("Calls over a real connection", .timeLimit(.minutes(3)))
struct CallTests {
  /// What a stub answers: a failure, or the order.
  private enum Step: Sendable {
    case fail(RPCError)
    case place
  }

  private func placing(_ script: Script<PlaceOrderRequest, Step>) -> ServiceDefinition {
    .stub(
      unary(OrderServiceMethods.placeOrder) { (request: PlaceOrderRequest, _) -> PlaceOrderResponse in
        switch script.next(request) {
        case .fail(let error): throw error
        case .place: return .with { $0.order = .with { $0.orderID = "O-1" } }
        }
      })
  }

  @Test("A write is repeated under the request id of its first try until it is answered")
  func retried() async throws {
    let script = Script<PlaceOrderRequest, Step>(
      .fail(RPCError(.unavailable, "gone")),
      .fail(try serverError(.unavailable, reason: "OUTCOME_UNKNOWN")),
      .fail(try serverError(.resourceExhausted, reason: "OVERLOADED")), .place)
    let order = try await withStub(placing(script)) { client in
      try await client.orders.place(.with { $0.dealerID = "4711" })
    }
    #expect(order.orderID == "O-1")
    #expect(script.seen.count == 4)
    #expect(Set(script.seen.map(\.requestID)).count == 1)
    _ = try RequestID(validating: try #require(script.seen.first).requestID)
  }

  @Test("The caller's own request id is kept")
  func ownID() async throws {
    let script = Script<PlaceOrderRequest, Step>(.place)
    let id = RequestID(deriving: "invoice/4711")
    try await withStub(placing(script)) { client in
      _ = try await client.orders.place(OrderDraft(), requestID: id)
      _ = try await client.orders.placeOrder(.with { $0.requestID = id.text })
    }
    #expect(script.seen.map(\.requestID) == [id.text, id.text])
  }

  @Test("A blocked order is not tried again, and says by which rules")
  func blocked() async throws {
    let violation = PreconditionFailure.with {
      $0.violations = [
        .with {
          $0.type = "CREDIT_STOP"
          $0.subject = "account/4711"
          $0.description = "The account is stopped."
        }
      ]
    }
    let script = Script<PlaceOrderRequest, Step>(
      .fail(try serverError(.failedPrecondition, reason: "RULE_BLOCKED", message: "blocked", details: [violation])))
    let error = try await withStub(placing(script)) { client in
      await #expect(throws: DMSError.self) { try await client.orders.place(OrderDraft()) }
    }
    #expect(error?.reason == .ruleBlocked)
    #expect(error?.preconditionViolations.map(\.rule) == ["CREDIT_STOP"])
    #expect(error?.requestID == script.seen.first?.requestID)
    #expect(script.seen.count == 1)
  }

  @Test("When all tries fail the error carries the request id that settles it")
  func exhausted() async throws {
    let script = Script<PlaceOrderRequest, Step>(.fail(RPCError(.unavailable, "gone")))
    var retries = RetrySettings.impatient
    retries.attemptsMax = 3
    let error = try await withStub(placing(script), retries: retries) { client in
      await #expect(throws: DMSError.self) { try await client.orders.place(OrderDraft()) }
    }
    #expect(error?.code == .unavailable)
    #expect(error?.isOutcomeUnknown == true)
    #expect(error?.requestID == script.seen.first?.requestID)
    #expect(script.seen.count == 3)
  }

  @Test("Every call carries the key")
  func credential() async throws {
    let seen = Mutex<[String?]>([])
    let service = ServiceDefinition.stub(
      unary(AdminServiceMethods.whoAmI) { (_: WhoAmIRequest, context) -> WhoAmIResponse in
        seen.withLock { $0.append(context.metadata.first("authorization")) }
        return WhoAmIResponse()
      })
    try await withStub(service, apiKey: "dms_secret") { _ = try await $0.admin.whoAmI() }
    try await withStub(service, apiKey: nil) { _ = try await $0.admin.whoAmI() }
    #expect(seen.withLock { $0 } == ["Bearer dms_secret", nil])
  }

  @Test("A call ends at its deadline, its retries included")
  func deadline() async throws {
    let script = Script<PlaceOrderRequest, Step>(.fail(RPCError(.unavailable, "gone")))
    var retries = RetrySettings()
    retries.backoffFirst = .seconds(600)
    retries.backoffMax = .seconds(600)
    let error = try await withStub(placing(script), retries: retries) { client in
      await #expect(throws: DMSError.self) {
        try await client.orders.place(OrderDraft(), options: CallOptions(timeout: .seconds(5)))
      }
    }
    #expect(error?.code == .unavailable)
    #expect(script.seen.count == 1)
  }

  @Test("A server that nobody runs is UNAVAILABLE with a remedy")
  func unreachable() async throws {
    let server = try await StubServer.start([])
    await server.stop()
    var configuration = DMSClient.Configuration(server: server.url)
    configuration.retries = .none
    let error = try await DMSClient.withClient(configuration: configuration) { client in
      await #expect(throws: DMSError.self) { try await client.admin.whoAmI() }
    }
    #expect(error?.code == .unavailable)
    #expect(error?.remedy != nil)
  }

  @Test("A write rides out a restart of the server")
  func restart() async throws {
    let script = Script<PlaceOrderRequest, Step>(.place)
    let service = placing(script)
    let first = try await StubServer.start([service])
    let client = try DMSClient(configuration: .init(server: first.url))
    _ = try await client.orders.place(OrderDraft())
    await first.stop()
    async let order = client.orders.place(OrderDraft())
    let second = try await StubServer.start([service], port: first.port)
    #expect(try await order.orderID == "O-1")
    await client.close()
    await second.stop()
  }

  @Test("A list is read page by page, each page's call carrying the filter")
  func list() async throws {
    let script = Script<ListOrdersRequest, Void>(())
    let service = ServiceDefinition.stub(
      unary(OrderServiceMethods.listOrders) { (request: ListOrdersRequest, _) -> ListOrdersResponse in
        script.next(request)
        let page = Int(request.pageToken) ?? 0
        return .with {
          $0.orders = (0..<2).map { item in .with { $0.orderID = "O-\(page * 2 + item)" } }
          $0.nextPageToken = page < 2 ? "\(page + 1)" : ""
          $0.revision = 9
        }
      })
    let ids = try await withStub(service) { client in
      var ids: [String] = []
      for try await order in client.orders.list(filter: #"state = "IN_REVIEW""#, pageSize: 2) {
        ids.append(order.orderID)
      }
      return ids
    }
    #expect(ids == ["O-0", "O-1", "O-2", "O-3", "O-4", "O-5"])
    #expect(script.seen.map(\.pageToken) == ["", "1", "2"])
    #expect(script.seen.allSatisfy { $0.filter == #"state = "IN_REVIEW""# && $0.pageSize == 2 })
  }
}
