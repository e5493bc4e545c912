import DMSAPI
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

@Suite("Limits")
struct LimitTests {
  /// A limit of the interface, and a call that comes to a number.
  struct Case: Sendable, CustomTestStringConvertible {
    let what: String
    let limit: Int
    let field: String
    let call: @Sendable (Clients, _ count: Int) async throws -> Void

    var testDescription: String { "\(what): \(limit)" }

    init(
      _ what: String, _ limit: Int, _ field: String,
      call: @escaping @Sendable (Clients, _ count: Int) async throws -> Void
    ) {
      self.what = what
      self.limit = limit
      self.field = field
      self.call = call
    }
  }

  private static func letters(_ count: Int) -> String { String(repeating: "x", count: count) }

  private static func place(_ clients: Clients, _ change: (inout OrderDraft) -> Void) async throws {
    var draft = World.draft()
    change(&draft)
    let order = draft
    _ = try await clients.orders.placeOrder(
      .with {
        $0.requestID = newID()
        $0.order = order
      })
  }

  static let cases: [Case] = [
    Case("dealers of a request", 1_000, "dealers") { clients, count in
      _ = try await clients.admin.upsertDealers(
        .with {
          $0.requestID = newID()
          $0.dealers = (0..<count).map { number in
            .with {
              $0.dealerID = "D\(number)"
              $0.name = "D"
              $0.currencyCode = "USD"
            }
          }
        })
    },
    Case("products of a request", 1_000, "products") { clients, count in
      _ = try await clients.admin.upsertProducts(
        .with {
          $0.requestID = newID()
          $0.products = (0..<count).map { number in
            .with {
              $0.sku = "P\(number)"
              $0.names = ["en": "P"]
            }
          }
        })
    },
    Case("warehouses of a request", 1_000, "warehouses") { clients, count in
      _ = try await clients.admin.upsertWarehouses(
        .with {
          $0.requestID = newID()
          $0.warehouses = (0..<count).map { number in
            .with {
              $0.warehouseID = "W\(number)"
              $0.name = "W"
            }
          }
        })
    },
    Case("credit accounts of a request", 1_000, "credit_accounts") { clients, count in
      _ = try await clients.admin.upsertCreditAccounts(
        .with {
          $0.requestID = newID()
          $0.creditAccounts = (0..<count).map { number in
            .with {
              $0.creditAccountID = "D\(number)"
              $0.currencyCode = "USD"
              $0.mode = .unlimited
            }
          }
        })
    },
    Case("entries of a price list's save", 5_000, "entries") { clients, count in
      _ = try await clients.admin.savePriceListDraft(
        .with {
          $0.requestID = newID()
          $0.priceList = .with {
            $0.priceListID = "LONG"
            $0.name = "Long"
            $0.currencyCode = "USD"
          }
          $0.entries = (0..<count).map { number in
            .with {
              $0.sku = "P1"
              $0.unitPriceMicros = 10_000_000
              $0.fromQuantity = Int64(number) + 1
            }
          }
        })
    },
    Case("lines of a stock request", 1_000, "lines") { clients, count in
      _ = try await clients.inventory.adjustStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = World.warehouse }
          $0.kind = .receipt
          $0.lines = (0..<count).map { number in
            .with {
              $0.sku = "P\(number)"
              $0.quantity = 1
            }
          }
        })
    },
    Case("characters of a remark on movements", 500, "note") { clients, count in
      _ = try await clients.inventory.adjustStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = World.warehouse }
          $0.kind = .receipt
          $0.note = letters(count)
          $0.lines = [
            .with {
              $0.sku = "P1"
              $0.quantity = 1
            }
          ]
        })
    },
    Case("products of a question for availability", 1_000, "skus") { clients, count in
      _ = try await clients.inventory.getAvailability(.with { $0.skus = (0..<count).map { "P\($0)" } })
    },
    Case("products of a watch", 1_000, "skus") { clients, count in
      let watch = clients.inventory.watchInventory(
        .with {
          $0.afterRevision = -1
          $0.skus = (0..<count).map { "P\($0)" }
        })
      for try await _ in watch { break }
    },
    Case("items of a page", 1_000, "page_size") { clients, count in
      _ = try await clients.orders.listOrders(.with { $0.pageSize = Int32(count) })
    },
    Case("differences of a verification", 1_000, "max_differences") { clients, count in
      _ = try await clients.inventory.verifyLedgers(.with { $0.maxDifferences = Int32(count) })
    },
    Case("characters of a filter", 2_000, "filter") { clients, count in
      let start = #"customer_reference = ""#
      _ = try await clients.orders.listOrders(
        .with { $0.filter = start + letters(count - start.count - 1) + #"""# })
    },
    Case("comparisons of a filter", 20, "filter") { clients, count in
      let one = #"state = "DRAFT""#
      _ = try await clients.orders.listOrders(
        .with { $0.filter = Array(repeating: one, count: count).joined(separator: " AND ") })
    },
    Case("characters of a remark on an order", 2_000, "order.note") { clients, count in
      try await place(clients) { $0.note = letters(count) }
    },
    Case("characters of a dealer's reference", 64, "order.customer_reference") { clients, count in
      try await place(clients) { $0.customerReference = letters(count) }
    },
    Case("characters of an identifier", 64, "order.dealer_id") { clients, count in
      try await place(clients) { $0.dealerID = letters(count) }
    },
    Case("characters of a key's description", 200, "description") { clients, count in
      _ = try await clients.admin.createApiKey(
        .with {
          $0.requestID = newID()
          $0.principalID = "admin"
          $0.description = letters(count)
        })
    },
    Case("overrides of a rule set", 500, "rule_set.overrides") { clients, count in
      _ = try await clients.orders.publishRuleSet(
        .with {
          $0.requestID = newID()
          $0.ruleSet = .with {
            $0.overrides = (0..<count).map { number in
              .with {
                $0.reason = "CREDIT_EXCEEDED"
                $0.outcome = .block
                $0.audience = .with { $0.scope = .dealerID("D\(number)") }
              }
            }
          }
        })
    },
    Case("grants of a principal", 32, "principal.grants") { clients, count in
      _ = try await clients.admin.upsertPrincipal(
        .with {
          $0.requestID = newID()
          $0.principal = .with {
            $0.principalID = "many"
            $0.displayName = "Many"
            $0.grants = (0..<count).map { number in
              .with {
                $0.role = .orderReviewer
                $0.level = 1
                $0.scope = .with { $0.scope = .region("R\(number)") }
              }
            }
          }
        })
    },
  ]

  @Test("What a limit allows is not refused for it; one more is, by name", arguments: cases)
  func held(limit: Case) async throws {
    try await withServer(on: .sqlite) { server, clients in
      _ = try await World.make(server, clients)
      let within = await refusal { try await limit.call(clients, limit.limit) }
      #expect(within?.code != .resourceExhausted)
      #expect(within?.fields.contains(limit.field) ?? false == false)
      let beyond = await refusal { try await limit.call(clients, limit.limit + 1) }
      #expect(beyond?.code == .invalidArgument)
      #expect(beyond?.fields == [limit.field])
    }
  }
}
