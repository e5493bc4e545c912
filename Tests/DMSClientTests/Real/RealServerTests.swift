import DMSAPI
import DMSClient
import ProtobufC
import RPC
import Synchronization
import Testing

@Suite("The client against the real services, over a line that is cut", .timeLimit(.minutes(2)))
struct RealServerTests {
  /// One warehouse with one product, a dealer that orders, and a dealer whose own system reports its stock.
  private func stockUp(_ client: DMSClient, stock: Int64 = 1_000_000) async throws {
    _ = try await client.admin.upsertWarehouses(
      .with {
        $0.warehouses = [
          .with {
            $0.warehouseID = "MAIN"
            $0.name = "Main"
          }
        ]
      })
    _ = try await client.admin.upsertProducts(
      .with {
        $0.products = [
          .with {
            $0.sku = "P1"
            $0.names = ["en": "Product"]
          }
        ]
      })
    _ = try await client.admin.upsertDealers(
      .with {
        $0.dealers = [dealer("BUYER", authority: .dms), dealer("FEEDER", authority: .feed)]
      })
    _ = try await client.admin.upsertCreditAccounts(
      .with {
        $0.creditAccounts = [
          .with {
            $0.creditAccountID = "BUYER"
            $0.currencyCode = "USD"
            $0.mode = .unlimited
          }
        ]
      })
    _ = try await client.admin.savePriceListDraft(
      .with {
        $0.priceList = .with {
          $0.priceListID = "LIST"
          $0.name = "List"
          $0.currencyCode = "USD"
        }
        $0.entries = [
          .with {
            $0.sku = "P1"
            $0.unitPriceMicros = 10_000_000
          }
        ]
      })
    _ = try await client.admin.publishPriceList(.with { $0.priceListID = "LIST" })
    _ = try await client.inventory.setStock(
      .with {
        $0.location = .with { $0.locationID = "MAIN" }
        $0.lines = [
          .with {
            $0.sku = "P1"
            $0.quantity = stock
          }
        ]
      })
  }

  private func dealer(_ id: String, authority: StockAuthority) -> Dealer {
    .with {
      $0.dealerID = id
      $0.name = id
      $0.currencyCode = "USD"
      $0.stockAuthority = authority
    }
  }

  private func draft(_ number: Int, quantity: Int64 = 1) -> OrderDraft {
    .with {
      $0.dealerID = "BUYER"
      $0.customerReference = "R\(number)"
      $0.lines = [
        .with {
          $0.sku = "P1"
          $0.quantity = quantity
        }
      ]
    }
  }

  private func receipts(_ count: Int, sku: String = "P1") -> [InventoryEvent] {
    (0..<count).map { number in
      .with {
        $0.eventTime = .with { $0.seconds = 1_760_000_000 + Int64(number) }
        $0.sku = sku
        $0.change = .movement(
          .with {
            $0.kind = .receipt
            $0.quantity = 1
          })
      }
    }
  }

  @Test("An upload over a line that is cut again and again moves the stock once by every event")
  func upload() async throws {
    try await withRealServer { client, line in
      try await stockUp(client)
      var options = UploadOptions()
      options.batchMax = 20
      options.windowMax = 100
      let uploader = InventoryUploader(client.inventory, dealerID: "FEEDER", source: "pos", options: options)
      let nextCut = Mutex<Int64>(100)
      let summary = try await uploader.run(ListedEvents(receipts(1_000))) { update in
        guard case .acknowledged(let sequence) = update else { return }
        let isDue = nextCut.withLock { next in
          guard sequence >= next else { return false }
          next = sequence + 100
          return true
        }
        if isDue { line.cut() }
      }
      #expect(summary.lastSequence == 1_000)
      #expect(summary.resumptions >= 5)
      let levels = try await client.inventory.networkStock(.with { $0.dealerID = "FEEDER" }).collect()
      #expect(levels.map(\.onHandQuantity) == [1_000])
      let movements = try await client.inventory.movements(
        .with {
          $0.dealerID = "FEEDER"
          $0.pageSize = 300
        }
      ).collect()
      #expect(movements.count == 1_000)
      let again = try await uploader.run(ListedEvents(receipts(1_000)))
      #expect(again.appliedCount == 0)
      #expect(again.lastSequence == 1_000)
    }
  }

  @Test("Rejected events are told with their reason, and can be listed")
  func rejected() async throws {
    try await withRealServer { client, _ in
      try await stockUp(client)
      let told = Mutex<[RejectedEvent]>([])
      let events = receipts(3) + receipts(1, sku: "UNKNOWN") + receipts(2)
      let summary = try await InventoryUploader(client.inventory, dealerID: "FEEDER", source: "pos")
        .run(ListedEvents(events)) { update in
          if case .rejected(let events) = update { told.withLock { $0 += events } }
        }
      #expect(told.withLock { $0.map(\.sequence) } == [4])
      #expect(summary.appliedCount == 5)
      #expect(summary.rejectedCount == 1)
      let listed = try await client.inventory.rejectedEvents(dealerID: "FEEDER").collect()
      #expect(listed.map(\.sequence) == [4])
      #expect(listed.map(\.reason) == told.withLock { $0.map(\.reason) })
    }
  }

  @Test("A second upload of the same source ends the first with its next event, which is not applied")
  func fenced() async throws {
    try await withRealServer { client, _ in
      try await stockUp(client)
      let uploader = InventoryUploader(client.inventory, dealerID: "FEEDER", source: "pos")
      let opened = AsyncStream.makeStream(of: Void.self)
      let buffer = BufferedEvents()
      let first = Task {
        try await uploader.run(buffer) { update in
          if case .opened = update { opened.continuation.finish() }
        }
      }
      for await _ in opened.stream {}
      let summary = try await uploader.run(ListedEvents(receipts(10)))
      #expect(summary.appliedCount == 10)
      try await buffer.append(try #require(receipts(1).first))
      let error = await #expect(throws: InventoryUploadError.self) { try await first.value }
      guard case .fenced? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      let levels = try await client.inventory.networkStock(.with { $0.dealerID = "FEEDER" }).collect()
      #expect(levels.map(\.onHandQuantity) == [10])
    }
  }

  @Test("A batch over a line that is cut places every order once")
  func batch() async throws {
    try await withRealServer { client, line in
      try await stockUp(client)
      let requests: [BatchPlaceOrdersRequest] = (0..<300).map { number in
        .with { $0.order = draft(number) }
      }
      let results = Mutex(0)
      let summary = try await client.orders.placeAll(requests) { placement in
        _ = try placement.result.get()
        let count = results.withLock { results in
          results += 1
          return results
        }
        if count % 50 == 0 { line.cut() }
      }
      #expect(summary.placedCount == 300)
      #expect(summary.resumptions >= 3)
      let orders = try await client.orders.list(omitLines: true, pageSize: 70).collect()
      #expect(orders.count == 300)
      #expect(Set(orders.map(\.customerReference)).count == 300)
      let ledgers = try await client.inventory.verifyLedgers()
      #expect(ledgers.differenceCount == 0)
    }
  }

  @Test("A watch over a line that is cut sees every order")
  func watch() async throws {
    try await withRealServer { client, line in
      try await stockUp(client)
      let begun = try await client.admin.whoAmI().revision
      async let placing: Void = {
        for number in 0..<60 { _ = try await client.orders.place(draft(number)) }
      }()
      var seen: Set<String> = []
      var last = begun
      for try await message in client.orders.watch(after: .after(revision: begun), dealerID: "BUYER") {
        #expect(message.revision >= last)
        last = message.revision
        guard let order = message.resource else { continue }
        if seen.insert(order.customerReference).inserted, seen.count % 10 == 0 { line.cut() }
        if seen.count == 60 { break }
      }
      try await placing
      #expect(seen == Set((0..<60).map { "R\($0)" }))
    }
  }

  @Test("A blocked order says by which rule, and an unknown one that it is not there")
  func typedErrors() async throws {
    try await withRealServer { client, _ in
      try await stockUp(client, stock: 5)
      let blocked = await #expect(throws: DMSError.self) { try await client.orders.place(draft(1, quantity: 6)) }
      #expect(blocked?.reason == .ruleBlocked)
      #expect(blocked?.preconditionViolations.map(\.rule) == ["INSUFFICIENT_STOCK"])
      let missing = await #expect(throws: DMSError.self) { try await client.orders.get("NOWHERE") }
      #expect(missing?.code == .notFound)
      let wrong = await #expect(throws: DMSError.self) { try await client.orders.place(draft(1, quantity: 0)) }
      #expect(wrong?.code == .invalidArgument)
      #expect(wrong?.fieldViolations.isEmpty == false)
      let id = RequestID()
      _ = try await client.orders.place(draft(2), requestID: id)
      let reused = await #expect(throws: DMSError.self) { try await client.orders.place(draft(3), requestID: id) }
      #expect(reused?.reason == .requestIDReused)
    }
  }
}
