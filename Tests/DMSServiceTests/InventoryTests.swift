import DMSAPI
import DMSService
import DMSStorage
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

@Suite("A dealer's stock stream")
struct StreamInventoryTests {
  @Test(
    "Events are applied once: duplicates are acknowledged, a gap asks for what is missing",
    arguments: TestStoreKind.available)
  func sequences(store: TestStoreKind) async throws {
    try await withFeed(on: store) { caller, clients in
      try await caller.inventory.streamInventory { writer, responses in
        var answers = responses.makeAsyncIterator()
        #expect(try await open(&answers, writer).opened?.lastSequence == 0)

        try await writer.write(batch(set(1, "P1", 100), sale(2, "P1", -3), sale(3, "P2", -1)))
        let first = try #require(try await answers.next()?.ack)
        #expect(first.lastSequence == 3)
        #expect(first.appliedCount == 3)

        try await writer.write(batch(sale(2, "P1", -3), sale(3, "P2", -1), sale(4, "P1", -2)))
        let second = try #require(try await answers.next()?.ack)
        #expect(second.lastSequence == 4)
        #expect(second.duplicateCount == 2)
        #expect(second.appliedCount == 1)

        try await writer.write(batch(sale(7, "P1", -50)))
        #expect(try await answers.next()?.resync?.expectedSequence == 5)
        try await writer.write(batch(sale(5, "P1", -5)))
        #expect(try await answers.next()?.ack?.lastSequence == 5)
        writer.finish()
      }
      let levels = try await clients.inventory.listNetworkStock(.with { $0.owner = .dealer }).levels
      #expect(levels.map(\.onHandQuantity) == [90, -1])
      #expect(levels.map(\.negative) == [false, true])
      #expect(levels.allSatisfy { $0.authority == .feed && !$0.stale })
      let movements = try await clients.inventory.listMovements(.with { $0.dealerID = "D1" }).movements
      #expect(movements.map(\.causeID) == ["till/1/1", "till/1/2", "till/1/3", "till/1/4", "till/1/5"])
    }
  }

  @Test("A bad event is rejected by itself, listed, and does not stop the stream", arguments: TestStoreKind.available)
  func rejects(store: TestStoreKind) async throws {
    try await withFeed(on: store) { caller, clients in
      try await caller.inventory.streamInventory { writer, responses in
        var answers = responses.makeAsyncIterator()
        _ = try await open(&answers, writer)
        try await writer.write(
          batch(sale(1, "NOTHING", -1), sale(2, "P1", 4), set(3, "P1", 9, expected: 5), sale(4, "P1", -1)))
        let ack = try #require(try await answers.next()?.ack)
        #expect(ack.lastSequence == 4)
        #expect(ack.appliedCount == 1)
        #expect(ack.rejected.map(\.reason) == ["UNKNOWN_SKU", "INVALID_QUANTITY", "BALANCE_MISMATCH"])
        writer.finish()
      }
      let listed = try await caller.inventory.listRejectedEvents(ListRejectedEventsRequest()).events
      #expect(listed.map(\.sequence) == [3, 2, 1])
    }
  }

  @Test(
    "A second stream of a source fences the first; the source goes on where it was", arguments: TestStoreKind.available)
  func fencing(store: TestStoreKind) async throws {
    try await withFeed(on: store) { caller, _ in
      let outcome = await refusal {
        try await caller.inventory.streamInventory { writer, responses in
          var answers = responses.makeAsyncIterator()
          _ = try await open(&answers, writer)
          try await writer.write(batch(set(1, "P1", 10)))
          _ = try await answers.next()
          try await caller.inventory.streamInventory { second, secondResponses in
            var secondAnswers = secondResponses.makeAsyncIterator()
            let answer = try await open(&secondAnswers, second)
            #expect(answer.opened?.lastSequence == 1)
            second.finish()
          }
          try await writer.write(batch(sale(2, "P1", -1)))
          _ = try await answers.next()
        }
      }
      #expect(outcome?.code == .aborted)
      #expect(outcome?.reason == "FENCED")
    }
  }

  @Test(
    "A lower epoch is over, a higher one needs a snapshot",
    arguments: [(epoch: Int64(1), reason: "STALE_EPOCH"), (3, "SNAPSHOT_REQUIRED")],
    TestStoreKind.available)
  func epochs(wrong: (epoch: Int64, reason: String), store: TestStoreKind) async throws {
    try await withFeed(on: store) { caller, _ in
      for (epoch, reason) in [(2, nil), (wrong.epoch, wrong.reason)] as [(Int64, String?)] {
        let outcome = await refusal {
          try await caller.inventory.streamInventory { writer, responses in
            var answers = responses.makeAsyncIterator()
            _ = try await open(&answers, writer, epoch: epoch)
            writer.finish()
          }
        }
        #expect(outcome?.reason == reason)
      }
    }
  }

  @Test("A dealer streams its own stock alone, and DMS's books are not streamed", arguments: TestStoreKind.available)
  func authority(store: TestStoreKind) async throws {
    try await withFeed(on: store) { caller, clients in
      for (dealer, code) in [("D2", StatusCode.notFound), ("NOBODY", .notFound)] {
        let outcome = await refusal {
          try await caller.inventory.streamInventory { writer, responses in
            try await writer.write(
              .with {
                $0.message = .open(
                  .with {
                    $0.dealerID = dealer
                    $0.source = "x"
                    $0.epoch = 1
                  })
              })
            for try await _ in responses {}
          }
        }
        #expect(outcome?.code == code)
      }
      let byHand = await refusal {
        try await clients.inventory.setStock(
          .with {
            $0.requestID = newID()
            $0.location = .with { $0.dealerID = "D1" }
            $0.lines = [
              .with {
                $0.sku = "P1"
                $0.quantity = 5
              }
            ]
          })
      }
      #expect(byHand?.reason == "FEED_IS_AUTHORITY")
    }
  }

  // MARK: Helpers

  /// A world whose dealer D1 keeps its own stock, and a client of that dealer's till.
  private func withFeed(
    on store: TestStoreKind, _ body: @escaping @Sendable (Clients, Clients) async throws -> Void
  ) async throws {
    try await withServer(on: store) { server, clients in
      _ = try await World.make(server, clients)
      _ = try await clients.admin.upsertDealers(
        .with {
          $0.requestID = newID()
          $0.dealers = [
            .with {
              $0.dealerID = "D1"
              $0.name = "Dealer 1"
              $0.currencyCode = "USD"
              $0.stockAuthority = .feed
            }
          ]
        })
      let key = try await World.key(clients, principal: "till") {
        $0.grants = [.with { $0.role = .dealerOwner }]
        $0.dealerID = "D1"
      }
      try await server.calling(with: key) { try await body($0, clients) }
    }
  }

  private func open(
    _ answers: inout ResponseStream<StreamInventoryResponse>.AsyncIterator,
    _ writer: RequestWriter<StreamInventoryRequest>, epoch: Int64 = 1
  ) async throws -> StreamInventoryResponse {
    try await writer.write(
      .with {
        $0.message = .open(
          .with {
            $0.dealerID = "D1"
            $0.source = "till"
            $0.epoch = epoch
          })
      })
    return try #require(try await answers.next())
  }

  private func batch(_ events: InventoryEvent...) -> StreamInventoryRequest {
    .with { $0.message = .batch(.with { $0.events = events }) }
  }

  private func sale(_ sequence: Int64, _ sku: String, _ quantity: Int64) -> InventoryEvent {
    event(
      sequence, sku,
      .movement(
        .with {
          $0.kind = .sale
          $0.quantity = quantity
        }))
  }

  private func set(_ sequence: Int64, _ sku: String, _ quantity: Int64, expected: Int64? = nil) -> InventoryEvent {
    event(
      sequence, sku,
      .set(
        .with {
          $0.quantity = quantity
          $0.expectedQuantity = expected
        }))
  }

  private func event(_ sequence: Int64, _ sku: String, _ change: InventoryEvent.Change) -> InventoryEvent {
    .with {
      $0.sequence = sequence
      $0.eventTime = .with { $0.seconds = 1_700_000_000 + sequence }
      $0.sku = sku
      $0.change = change
    }
  }
}

extension StreamInventoryResponse {
  fileprivate var opened: StreamOpened? { if case .opened(let opened) = message { opened } else { nil } }
  fileprivate var ack: EventAck? { if case .ack(let ack) = message { ack } else { nil } }
  fileprivate var resync: ResyncRequired? { if case .resyncRequired(let resync) = message { resync } else { nil } }
}

@Suite("Stock kept by hand")
struct StockTests {
  @Test(
    "A loss below what is reserved withdraws the latest reservation and lets it wait",
    arguments: TestStoreKind.available)
  func withdrawal(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 1, stock: 10)
      let first = try await world.place(World.draft("D1", [("P1", 6)]))
      let second = try await world.place(World.draft("D2", [("P1", 4)]))
      let reply = try await clients.inventory.adjustStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = World.warehouse }
          $0.kind = .damage
          $0.lines = [
            .with {
              $0.sku = "P1"
              $0.quantity = -3
            }
          ]
        })
      #expect(reply.withdrawnOrderIDs == [second.orderID])
      let kept = try await clients.orders.getOrder(.with { $0.orderID = first.orderID }).order?.lines.first
      let lost = try await clients.orders.getOrder(.with { $0.orderID = second.orderID }).order?.lines.first
      #expect(kept?.reservedQuantity == 6)
      #expect(lost?.reservedQuantity == 1)
      #expect(lost?.backOrderedQuantity == 3)
      #expect(try await world.balance("P1") == (7, 7, 0))
    }
  }

  @Test(
    "A watch from a list's revision sees every change after it, and a sign of life when there is none",
    arguments: TestStoreKind.available)
  func watching(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 1, stock: 10)
      let listed = try await clients.inventory.listNetworkStock(ListNetworkStockRequest())
      let watch = clients.inventory.watchInventory(.with { $0.afterRevision = listed.revision })
      var events = watch.makeAsyncIterator()
      let alive = try #require(try await events.next())
      #expect(alive.revision == listed.revision)
      let order = try await world.place(World.draft("D1", [("P1", 4)]))
      while let event = try await events.next() {
        guard case .level(let level) = event.event else { continue }
        #expect(level.reservedQuantity == 4)
        #expect(level.revision == order.revision)
        break
      }
    }
  }

  @Test(
    "A watch of orders sees them in commit order, resumes without loss, and shows a dealer only its own",
    arguments: TestStoreKind.available)
  func watchingOrders(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 1, stock: 1_000)
      let start = server.environment.store.changes.currentRevision
      let placed = try await (0..<20).map { $0 }.asyncMap { number in
        try await world.place(World.draft(number % 2 == 0 ? "D1" : "D2"))
      }
      func watched(_ caller: Clients, after revision: Int64, count: Int) async throws -> [Int64] {
        var seen: [Int64] = []
        for try await event in caller.orders.watchOrders(.with { $0.afterRevision = revision }) {
          if case .order(let order) = event.event { seen.append(order.revision) }
          if seen.count == count { break }
        }
        return seen
      }
      let all = placed.map(\.revision)
      #expect(try await watched(clients, after: start, count: 20) == all)
      #expect(try await watched(clients, after: all[9], count: 10) == Array(all[10...]))
      let key = try await World.key(clients, principal: "clerk") {
        $0.grants = [.with { $0.role = .dealerClerk }]
        $0.dealerID = "D2"
      }
      try await server.calling(with: key) { caller in
        let own = placed.filter { $0.dealerID == "D2" }.map(\.revision)
        let seen = try await watched(caller, after: start, count: 10)
        #expect(seen == own)
      }
    }
  }
}
