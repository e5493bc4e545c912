import DMSAPI
import DMSService
import DMSStorage
import NIOCore
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

@Suite("Bad input changes nothing and says why")
struct BadInputTests {
  /// A bad request, and what must be said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: StatusCode
    let reason: String
    var fields: [String] = []
    var violations: [String] = []
    let call: @Sendable (Clients) async throws -> Void
  }

  private static func placing(
    _ name: String, _ code: StatusCode, _ reason: String, fields: [String] = [], violations: [String] = [],
    id: String? = nil, _ change: @escaping @Sendable (inout OrderDraft) -> Void
  ) -> Case {
    Case(testDescription: name, code: code, reason: reason, fields: fields, violations: violations) { clients in
      var draft = World.draft()
      change(&draft)
      let order = draft
      _ = try await clients.orders.placeOrder(
        .with {
          $0.requestID = id ?? newID()
          $0.order = order
        })
    }
  }

  static let cases: [Case] = [
    placing("unknown dealer", .notFound, "NOT_FOUND") { $0.dealerID = "NOBODY" },
    placing("no dealer", .invalidArgument, "INVALID_FIELD", fields: ["order.dealer_id"]) { $0.dealerID = "" },
    placing("blank at the end of an id", .invalidArgument, "INVALID_FIELD", fields: ["order.dealer_id"]) {
      $0.dealerID = "D1 "
    },
    placing(
      "unknown product", .failedPrecondition, "RULE_BLOCKED",
      violations: ["PRODUCT_NOT_SELLABLE", "INSUFFICIENT_STOCK"]
    ) {
      $0.lines[0].sku = "NOTHING"
    },
    placing("quantity 0", .invalidArgument, "INVALID_FIELD", fields: ["order.lines[0].quantity"]) {
      $0.lines[0].quantity = 0
    },
    placing("negative quantity", .invalidArgument, "INVALID_FIELD", fields: ["order.lines[0].quantity"]) {
      $0.lines[0].quantity = -5
    },
    placing("overflowing quantity", .invalidArgument, "INVALID_FIELD", fields: ["order.lines"]) {
      $0.lines[0].quantity = .max
    },
    placing(
      "quantity that overflows in base units", .invalidArgument, "INVALID_FIELD", fields: ["order.lines[0].quantity"]
    ) {
      $0.lines[0].quantity = .max / 2
      $0.lines[0].unit = "case"
    },
    placing("unknown unit", .invalidArgument, "INVALID_FIELD", fields: ["order.lines[0].unit"]) {
      $0.lines[0].unit = "barrel"
    },
    placing("unknown currency", .invalidArgument, "INVALID_FIELD", fields: ["order.currency_code"]) {
      $0.currencyCode = "XXQ"
    },
    placing(
      "another currency", .failedPrecondition, "RULE_BLOCKED",
      violations: ["CURRENCY_MISMATCH", "CURRENCY_MISMATCH", "CURRENCY_MISMATCH"]
    ) {
      $0.currencyCode = "EUR"
    },
    placing("no lines", .invalidArgument, "INVALID_FIELD", fields: ["order.lines"]) { $0.lines = [] },
    placing("5,001 lines", .invalidArgument, "INVALID_FIELD", fields: ["order.lines"]) { draft in
      draft.lines = Array(repeating: draft.lines[0], count: 5_001)
    },
    placing("bad date", .invalidArgument, "INVALID_FIELD", fields: ["order.business_date"]) {
      $0.businessDate = "2022-02-30"
    },
    placing("delivery before the order", .invalidArgument, "INVALID_FIELD", fields: ["order.requested_delivery_date"]) {
      $0.businessDate = "2022-02-02"
      $0.requestedDeliveryDate = "2022-02-01"
    },
    placing(
      "every bad field at once", .invalidArgument, "INVALID_FIELD",
      fields: ["order.dealer_id", "order.lines[0].quantity"]
    ) {
      $0.dealerID = ""
      $0.lines[0].quantity = 0
    },
    placing("a request id that is none", .invalidArgument, "INVALID_FIELD", fields: ["request_id"], id: "17") { _ in },
    placing("another expected price", .failedPrecondition, "RULE_BLOCKED", violations: ["PRICE_CHANGED"]) {
      $0.lines[0].expectedUnitPriceMicros = 9_990_000
    },
    placing("unknown ship policy", .invalidArgument, "INVALID_FIELD", fields: ["order.ship_policy"]) {
      $0.shipPolicy = .unrecognized(77)
    },
    Case(testDescription: "unknown order", code: .notFound, reason: "NOT_FOUND") {
      _ = try await $0.orders.getOrder(.with { $0.orderID = "NOTHING" })
    },
    Case(
      testDescription: "damaged page token", code: .invalidArgument, reason: "INVALID_PAGE_TOKEN",
      fields: ["page_token"]
    ) {
      _ = try await $0.orders.listOrders(.with { $0.pageToken = "garbage" })
    },
    Case(testDescription: "page too large", code: .invalidArgument, reason: "INVALID_FIELD", fields: ["page_size"]) {
      _ = try await $0.orders.listOrders(.with { $0.pageSize = 1_001 })
    },
    Case(testDescription: "garbage filter", code: .invalidArgument, reason: "INVALID_FILTER", fields: ["filter"]) {
      _ = try await $0.orders.listOrders(.with { $0.filter = "state ~ DRAFT" })
    },
    Case(
      testDescription: "stock below zero", code: .failedPrecondition, reason: "INSUFFICIENT_STOCK",
      violations: ["INSUFFICIENT_STOCK"]
    ) {
      _ = try await $0.inventory.adjustStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = World.warehouse }
          $0.kind = .issue
          $0.lines = [
            .with {
              $0.sku = "P1"
              $0.quantity = -1_001
            }
          ]
        })
    },
    Case(
      testDescription: "a receipt with the wrong sign", code: .invalidArgument, reason: "INVALID_FIELD",
      fields: ["lines[0].quantity"]
    ) {
      _ = try await $0.inventory.adjustStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = World.warehouse }
          $0.kind = .receipt
          $0.lines = [
            .with {
              $0.sku = "P1"
              $0.quantity = -1
            }
          ]
        })
    },
    Case(testDescription: "unknown warehouse", code: .notFound, reason: "NOT_FOUND") {
      _ = try await $0.inventory.setStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = "NOWHERE" }
          $0.lines = [
            .with {
              $0.sku = "P1"
              $0.quantity = 1
            }
          ]
        })
    },
    Case(
      testDescription: "another balance than expected", code: .aborted, reason: "BALANCE_MISMATCH",
      violations: ["BALANCE_MISMATCH"]
    ) {
      _ = try await $0.inventory.setStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = World.warehouse }
          $0.lines = [
            .with {
              $0.sku = "P1"
              $0.quantity = 1
              $0.expectedQuantity = 7
            }
          ]
        })
    },
    Case(testDescription: "an expired deadline", code: .deadlineExceeded, reason: "") {
      _ = try await $0.orders.listOrders(ListOrdersRequest(), options: CallOptions(timeout: .nanoseconds(1)))
    },
    Case(testDescription: "garbage bytes", code: .invalidArgument, reason: "MALFORMED_MESSAGE") {
      _ = try await $0.raw.unary(
        OrderServiceMethods.placeOrder, ByteBuffer(bytes: [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 2, 3]),
        options: CallOptions())
    },
    Case(testDescription: "a text that is no UTF-8", code: .invalidArgument, reason: "MALFORMED_MESSAGE") {
      _ = try await $0.raw.unary(
        OrderServiceMethods.getOrder, ByteBuffer(bytes: [0x0A, 0x02, 0xC3, 0x28]), options: CallOptions())
    },
    Case(testDescription: "a text with U+0000", code: .invalidArgument, reason: "INVALID_FIELD", fields: ["order_id"]) {
      _ = try await $0.raw.unary(
        OrderServiceMethods.getOrder, ByteBuffer(bytes: [0x0A, 0x03, 0x41, 0x00, 0x42]), options: CallOptions())
    },
    Case(testDescription: "a message of 5 MiB", code: .resourceExhausted, reason: "LIMIT_EXCEEDED") {
      var bytes = ByteBuffer(bytes: [0x0A, 0x80, 0x80, 0xC0, 0x02])
      bytes.writeRepeatingByte(0x41, count: 5 << 20)
      _ = try await $0.raw.unary(OrderServiceMethods.getOrder, bytes, options: CallOptions())
    },
  ]

  @Test("Each is refused with its reason and details, and nothing changes", arguments: cases, TestStoreKind.available)
  func refused(bad: Case, store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      _ = try await World.make(server, clients)
      let before = server.environment.store.changes.currentRevision
      let outcome = await refusal { try await bad.call(clients) }
      #expect(outcome?.code == bad.code)
      if !bad.reason.isEmpty { #expect(outcome?.reason == bad.reason) }
      #expect(outcome?.fields == bad.fields)
      #expect(outcome?.violations == bad.violations)
      #expect(server.environment.store.changes.currentRevision == before)
      #expect(try await clients.orders.listOrders(ListOrdersRequest()).orders.isEmpty)
    }
  }

  @Test("An order of 5,000 lines is taken", arguments: TestStoreKind.available)
  func largestOrder(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 10, stock: 1_000_000)
      let lines = (0..<5_000).map { ("P\($0 % 10 + 1)", Int64(1)) }
      let order = try await world.place(World.draft("D1", lines))
      #expect(order.lines.count == 5_000)
      #expect(order.totalMicros == 50_000_000_000)
    }
  }

  @Test("Wrong states and stale etags are refused with what would be right", arguments: TestStoreKind.available)
  func wrongStates(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients)
      let order = try await world.place(World.draft())
      let submit = await refusal {
        try await clients.orders.submitOrder(
          .with {
            $0.requestID = newID()
            $0.orderID = order.orderID
          })
      }
      #expect(submit?.reason == "WRONG_STATE")
      let stale = await refusal {
        try await clients.orders.cancelOrder(
          .with {
            $0.requestID = newID()
            $0.orderID = order.orderID
            $0.etag = "v77"
          })
      }
      #expect(stale?.reason == "ETAG_MISMATCH")
      let cancelled = try await clients.orders.cancelOrder(
        .with {
          $0.requestID = newID()
          $0.orderID = order.orderID
          $0.etag = order.etag
        }
      ).order
      #expect(cancelled?.state == .cancelled)
      #expect(try await world.balance("P1").reserved == 0)
      let account = try await clients.admin.getCreditAccount(.with { $0.creditAccountID = "D1" }).creditAccount
      #expect(account?.exposureMicros == 0)
      let again = await refusal {
        try await clients.orders.cancelOrder(
          .with {
            $0.requestID = newID()
            $0.orderID = order.orderID
          })
      }
      #expect(again?.reason == "WRONG_STATE")
    }
  }

  @Test("Of an import the bad items are named and the good ones stored", arguments: TestStoreKind.available)
  func badItems(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let reply = try await clients.admin.upsertProducts(
        .with {
          $0.requestID = newID()
          $0.products = [
            .with {
              $0.sku = "GOOD"
              $0.names = ["en": "Good"]
            },
            .with {
              $0.sku = ""
              $0.names = ["en": "No sku"]
            },
            .with { $0.sku = "NONAME" },
            .with {
              $0.sku = "GOOD"
              $0.names = ["en": "Twice"]
            },
          ]
        })
      #expect(reply.createdCount == 1)
      #expect(Set(reply.errors.map(\.index)) == [1, 2, 3])
      #expect(reply.errors.allSatisfy { $0.reason == "INVALID_FIELD" && !$0.field.isEmpty && !$0.message.isEmpty })
      let names = try await clients.admin.getProduct(.with { $0.sku = "GOOD" }).product?.names
      #expect(names == ["en": "Good"])
    }
  }
}
