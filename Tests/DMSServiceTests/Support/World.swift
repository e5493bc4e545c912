import DMSAPI
import Foundation
import ProtobufC
import RPC

/// A small brand: a warehouse, products with prices and stock, dealers with credit.
struct World: Sendable {
  let clients: Clients
  /// A machine of the brand that may set dates and agreed prices.
  let integrationKey: String

  static let warehouse = "MAIN"
  static let list = "RETAIL"

  /// Makes `products` products «P1»… at 10.00 USD with `stock` on hand each, and `dealers` dealers «D1»… with a limit.
  static func make(
    _ server: TestServer, _ clients: Clients, products: Int = 3, stock: Int64 = 1_000, dealers: Int = 2,
    limit: Int64 = 1_000_000_000_000
  ) async throws -> World {
    _ = try await clients.admin.upsertWarehouses(
      .with {
        $0.requestID = newID()
        $0.warehouses = [
          .with {
            $0.warehouseID = warehouse
            $0.name = "Main"
          }
        ]
      })
    let made = try await clients.admin.upsertProducts(
      .with {
        $0.requestID = newID()
        $0.products = (1...products).map { number in
          .with {
            $0.sku = "P\(number)"
            $0.names = ["en": "Product \(number)"]
            $0.units = [
              .with {
                $0.unit = "case"
                $0.numerator = 12
                $0.denominator = 1
              }
            ]
          }
        }
      })
    guard made.errors.isEmpty else { throw Unmade(errors: made.errors) }
    let dealersMade = try await clients.admin.upsertDealers(
      .with {
        $0.requestID = newID()
        $0.dealers = (1...dealers).map { number in
          .with {
            $0.dealerID = "D\(number)"
            $0.name = "Dealer \(number)"
            $0.region = number % 2 == 1 ? "NORTH" : "SOUTH"
            $0.currencyCode = "USD"
          }
        }
      })
    guard dealersMade.errors.isEmpty else { throw Unmade(errors: dealersMade.errors) }
    try await World.setLimit(clients, dealers: (1...dealers).map { "D\($0)" }, limit: limit)
    _ = try await clients.admin.savePriceListDraft(
      .with {
        $0.requestID = newID()
        $0.priceList = .with {
          $0.priceListID = list
          $0.name = "Retail"
          $0.currencyCode = "USD"
        }
        $0.entries = (1...products).map { number in
          .with {
            $0.sku = "P\(number)"
            $0.unitPriceMicros = 10_000_000
          }
        }
      })
    _ = try await clients.admin.publishPriceList(
      .with {
        $0.requestID = newID()
        $0.priceListID = list
      })
    if stock > 0 {
      _ = try await clients.inventory.setStock(
        .with {
          $0.requestID = newID()
          $0.location = .with { $0.locationID = warehouse }
          $0.lines = (1...products).map { number in
            .with {
              $0.sku = "P\(number)"
              $0.quantity = stock
            }
          }
        })
    }
    let key = try await World.key(clients, principal: "erp") {
      $0.grants = [.with { $0.role = .integration }]
      $0.agreedPricesAllowed = true
    }
    return World(clients: clients, integrationKey: key)
  }

  static func setLimit(_ clients: Clients, dealers: [String], limit: Int64) async throws {
    let made = try await clients.admin.upsertCreditAccounts(
      .with {
        $0.requestID = newID()
        $0.creditAccounts = dealers.map { dealer in
          .with {
            $0.creditAccountID = dealer
            $0.currencyCode = "USD"
            $0.mode = .limit
            $0.limitMicros = limit
          }
        }
      })
    guard made.errors.isEmpty else { throw Unmade(errors: made.errors) }
  }

  /// Makes a principal and a key of it.
  static func key(
    _ clients: Clients, principal: String, _ populate: @Sendable (inout DMSAPI.Principal) -> Void
  ) async throws -> String {
    _ = try await clients.admin.upsertPrincipal(
      .with {
        $0.requestID = newID()
        var made = DMSAPI.Principal()
        made.principalID = principal
        made.displayName = principal
        populate(&made)
        $0.principal = made
      })
    return try await clients.admin.createApiKey(
      .with {
        $0.requestID = newID()
        $0.principalID = principal
      }
    ).secret
  }

  /// An order of some products for a dealer.
  static func draft(
    _ dealer: String = "D1", _ lines: [(String, Int64)] = [("P1", 1)], policy: ShipPolicy = .reject,
    reference: String = ""
  ) -> OrderDraft {
    .with {
      $0.dealerID = dealer
      $0.shipPolicy = policy
      $0.customerReference = reference
      $0.lines = lines.map { sku, quantity in
        .with {
          $0.sku = sku
          $0.quantity = quantity
        }
      }
    }
  }

  /// Places an order.
  @discardableResult
  func place(_ draft: OrderDraft, id: String = newID()) async throws -> DMSAPI.Order {
    let reply = try await clients.orders.placeOrder(
      .with {
        $0.requestID = id
        $0.order = draft
      })
    guard let order = reply.order else { throw Unmade(errors: []) }
    return order
  }

  /// On hand and reserved of a product at the warehouse.
  func balance(_ sku: String) async throws -> (onHand: Int64, reserved: Int64, available: Int64) {
    let reply = try await clients.inventory.getAvailability(.with { $0.skus = [sku] })
    let place = reply.products.first?.warehouses.first
    return (place?.onHandQuantity ?? 0, place?.reservedQuantity ?? 0, reply.products.first?.availableQuantity ?? 0)
  }
}

/// The world could not be made.
struct Unmade: Error {
  let errors: [ItemError]
}
