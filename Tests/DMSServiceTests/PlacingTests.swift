import DMSAPI
import DMSService
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

@Suite("Placing orders")
struct PlacingTests {
  @Test("An order is priced, reserved and booked in one commit", arguments: TestStoreKind.available)
  func placed(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, stock: 100)
      let order = try await world.place(World.draft("D1", [("P1", 3), ("P2", 2)]))
      #expect(order.state == .approved)
      #expect(order.totalMicros == 50_000_000)
      #expect(order.lines.map(\.reservedQuantity) == [3, 2])
      #expect(order.lines.map(\.priceListVersion) == ["RETAIL@1", "RETAIL@1"])
      #expect(try await world.balance("P1") == (100, 3, 97))
      let account = try await clients.admin.getCreditAccount(.with { $0.creditAccountID = "D1" }).creditAccount
      #expect(account?.unshippedMicros == 50_000_000)
    }
  }

  @Test(
    "A repeated request id returns the first order, other content under it is refused",
    arguments: TestStoreKind.available)
  func repeated(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, stock: 100)
      let id = newID()
      let first = try await world.place(World.draft(), id: id)
      let second = try await world.place(World.draft(), id: id)
      #expect(first == second)
      #expect(try await world.balance("P1").reserved == 1)
      let other = await refusal { try await world.place(World.draft("D1", [("P1", 2)]), id: id) }
      #expect(other?.code == .alreadyExists)
      #expect(other?.reason == "REQUEST_ID_REUSED")
    }
  }

  @Test(
    "64 clients on one product with stock for half of them: exactly half succeed", arguments: TestStoreKind.available)
  func noOversell(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 1, stock: 32)
      let outcomes = await race(64) { try await world.place(World.draft("D1", [("P1", 1)])) }
      #expect(outcomes.filter { $0 == nil }.count == 32)
      #expect(outcomes.compactMap(\.self).allSatisfy { $0.violations == ["INSUFFICIENT_STOCK"] })
      #expect(try await world.balance("P1") == (32, 32, 0))
    }
  }

  @Test(
    "64 clients on one credit account with room for half of them and CREDIT_EXCEEDED set to BLOCK: exactly half succeed",
    arguments: TestStoreKind.available)
  func noOverdraft(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 1, stock: 1_000, limit: 320_000_000)
      _ = try await clients.orders.publishRuleSet(
        .with {
          $0.requestID = newID()
          $0.ruleSet = .with {
            $0.overrides = [
              .with {
                $0.reason = "CREDIT_EXCEEDED"
                $0.outcome = .block
              }
            ]
          }
        })
      let outcomes = await race(64) { try await world.place(World.draft("D1", [("P1", 1)])) }
      #expect(outcomes.filter { $0 == nil }.count == 32)
      #expect(outcomes.compactMap(\.self).allSatisfy { $0.violations == ["CREDIT_EXCEEDED"] })
      let account = try await clients.admin.getCreditAccount(.with { $0.creditAccountID = "D1" }).creditAccount
      #expect(account?.exposureMicros == 320_000_000)
    }
  }

  @Test("64 clients that repeat one request make one order", arguments: TestStoreKind.available)
  func oneOrder(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 1, stock: 100)
      let id = newID()
      let outcomes = await race(64) { try await world.place(World.draft(), id: id) }
      #expect(outcomes.allSatisfy { $0 == nil })
      #expect(try await clients.orders.listOrders(.with { $0.pageSize = 1_000 }).orders.count == 1)
      #expect(try await world.balance("P1").reserved == 1)
    }
  }

  @Test(
    "Without stock PARTIAL waits and is filled by a receipt, in the order of submission",
    arguments: TestStoreKind.available
  )
  func backOrders(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 1, stock: 5)
      let first = try await world.place(World.draft("D1", [("P1", 8)], policy: .partial))
      #expect(first.lines.map(\.reservedQuantity) == [5])
      #expect(first.lines.map(\.backOrderedQuantity) == [3])
      let second = try await world.place(World.draft("D2", [("P1", 4)], policy: .partial))
      #expect(second.lines.map(\.backOrderedQuantity) == [4])
      _ = try await clients.inventory.adjustStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = World.warehouse }
          $0.kind = .receipt
          $0.lines = [
            .with {
              $0.sku = "P1"
              $0.quantity = 4
            }
          ]
        })
      let lines = try await [first, second].asyncMap { order in
        try await clients.orders.getOrder(.with { $0.orderID = order.orderID }).order?.lines.first
      }
      #expect(lines[0]?.backOrderedQuantity == 0)
      #expect(lines[1]?.backOrderedQuantity == 3)
      #expect(lines[1]?.reservedQuantity == 1)
    }
  }

  @Test("A new order does not overtake the queue of back-orders", arguments: TestStoreKind.available)
  func noOvertaking(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 1, stock: 5)
      let waiting = try await world.place(World.draft("D1", [("P1", 8)], policy: .complete))
      #expect(waiting.state == .inReview)
      #expect(waiting.lines.map(\.backOrderedQuantity) == [8])
      let late = await refusal { try await world.place(World.draft("D2", [("P1", 1)])) }
      #expect(late?.violations == ["INSUFFICIENT_STOCK"])
    }
  }

  @Test(
    "A blocked submission keeps the draft and writes its decision to the timeline", arguments: TestStoreKind.available)
  func blockedSubmission(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      _ = try await World.make(server, clients, stock: 1)
      let draft = try await clients.orders.createOrder(
        .with {
          $0.requestID = newID()
          $0.order = World.draft("D1", [("P1", 5)])
        }
      ).order
      let id = draft?.orderID ?? ""
      let request = SubmitOrderRequest.with {
        $0.requestID = newID()
        $0.orderID = id
      }
      let refused = await refusal { try await clients.orders.submitOrder(request) }
      #expect(refused?.violations == ["INSUFFICIENT_STOCK"])
      let kept = try await clients.orders.getOrder(.with { $0.orderID = id }).order
      #expect(kept?.state == .draft)
      let timeline = try await clients.orders.getOrderTimeline(.with { $0.orderID = id }).entries
      #expect(timeline.map(\.kind) == [.created, .blocked])
      #expect(timeline.last?.decision?.verdicts.contains { $0.reason == "INSUFFICIENT_STOCK" } == true)

      // The same request is judged anew: nothing was stored under its id.
      _ = try await clients.inventory.setStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = World.warehouse }
          $0.lines = [
            .with {
              $0.sku = "P1"
              $0.quantity = 10
            }
          ]
        })
      #expect(try await clients.orders.submitOrder(request).order?.state == .approved)
    }
  }

  @Test("A batch answers every order, and a bad one fails no other", arguments: TestStoreKind.available)
  func batch(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      _ = try await World.make(server, clients, products: 1, stock: 1_000)
      let requests = (0..<100).map { number in
        BatchPlaceOrdersRequest.with {
          $0.requestID = newID()
          $0.order = World.draft(number % 10 == 0 ? "NOBODY" : "D1", [("P1", Int64(number % 7 + 1))])
        }
      }
      let results = try await clients.orders.batchPlaceOrders { writer, responses in
        async let sending: Void = {
          for request in requests { try await writer.write(request) }
          writer.finish()
        }()
        var results: [BatchPlaceOrdersResponse] = []
        for try await response in responses { results.append(response) }
        try await sending
        return results
      }
      #expect(Set(results.map(\.requestID)) == Set(requests.map(\.requestID)))
      let failed = results.filter { if case .error = $0.result { true } else { false } }
      #expect(failed.count == 10)
    }
  }
}

/// Runs `body` many times at once; nil for each that succeeded, else why it was refused.
func race(_ count: Int, _ body: @escaping @Sendable () async throws -> some Any & Sendable) async -> [Refusal?] {
  await withTaskGroup(of: Refusal?.self) { group in
    for _ in 0..<count { group.addTask { await refusal(body) } }
    var outcomes: [Refusal?] = []
    for await outcome in group { outcomes.append(outcome) }
    return outcomes
  }
}

extension Array {
  /// Maps one element after the other.
  func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
