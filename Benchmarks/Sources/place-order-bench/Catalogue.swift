internal import DMSAPI
internal import DMSClient
internal import Foundation

/// The master data that the orders of the benchmark refer to: enough of it that callers rarely meet on a row, and
/// stock and credit that do not run out.
struct Catalogue: Sendable {
  var dealerCount: Int
  var productCount: Int

  static let standard = Catalogue(dealerCount: 100, productCount: 500)
  static let warehouseID = "MAIN"
  static let currencyCode = "USD"
  static let unitPriceMicros: Int64 = 12_500_000
  static let lineCount = 5
  /// Items of one call.
  private static let itemsMax = 500

  func dealerID(_ index: Int) -> String { "D-\(1000 + index)" }
  func sku(_ index: Int) -> String { "SKU-\(10_000 + index)" }

  /// The order that `caller` places as its `number`th: five products of which there is plenty.
  func draft(caller: Int, number: Int, reference: String) -> OrderDraft {
    let first = caller &* 7919 &+ number &* 131
    return .with {
      $0.dealerID = dealerID((caller &+ number) % dealerCount)
      $0.currencyCode = Self.currencyCode
      $0.customerReference = "\(reference)-\(caller)-\(number)"
      $0.shipPolicy = .reject
      $0.lines = (0..<Self.lineCount).map { line in
        .with {
          $0.sku = sku((first &+ line &* 37) % productCount)
          $0.quantity = 1
        }
      }
    }
  }

  /// Throws unless `order` is what ``draft(caller:number:reference:)`` asks for.
  func requireApproved(_ order: Order) throws(BenchmarkFailure) {
    guard order.state == .approved, order.lines.count == Self.lineCount,
      order.totalMicros == Int64(Self.lineCount) * Self.unitPriceMicros
    else {
      throw BenchmarkFailure(
        "order \(order.orderID) came back \(order.state) with \(order.lines.count) lines over \(order.totalMicros)")
    }
  }

  /// Makes all of it on a server whose store is empty; `stockAuthority` keeps the dealers' books.
  func fill(_ client: DMSClient, stockAuthority: StockAuthority = .dms) async throws {
    try await fillWarehouse(client)
    try await fillProducts(client)
    for first in stride(from: 0, to: dealerCount, by: Self.itemsMax) {
      try await fillDealers(client, first..<min(first + Self.itemsMax, dealerCount), stockAuthority)
    }
  }

  private func fillWarehouse(_ client: DMSClient) async throws {
    let answer = try await client.admin.upsertWarehouses(
      .with {
        $0.warehouses = [
          .with {
            $0.warehouseID = Self.warehouseID
            $0.name = "Main warehouse"
            $0.status = .active
          }
        ]
      })
    try requireNone(answer.errors)
  }

  private func fillProducts(_ client: DMSClient) async throws {
    let answer = try await client.admin.upsertProducts(
      .with {
        $0.products = (0..<productCount).map { index in
          .with {
            $0.sku = sku(index)
            $0.names = ["en": "Product \(index)"]
            $0.categoryPath = "bench"
            $0.baseUnit = "PIECE"
            $0.packQuantity = 1
            $0.minimumQuantity = 1
            $0.multipleQuantity = 1
            $0.status = .sellable
            $0.currencyCode = Self.currencyCode
          }
        }
      })
    try requireNone(answer.errors)

    _ = try await client.admin.savePriceListDraft(
      .with {
        $0.priceList = .with {
          $0.priceListID = "LIST"
          $0.name = "List prices"
          $0.currencyCode = Self.currencyCode
        }
        $0.mode = .replace
        $0.entries = (0..<productCount).map { index in
          .with {
            $0.sku = sku(index)
            $0.fromQuantity = 1
            $0.unitPriceMicros = Self.unitPriceMicros
          }
        }
      })
    _ = try await client.admin.publishPriceList(.with { $0.priceListID = "LIST" })

    _ = try await client.inventory.setStock(
      .with {
        $0.location = .with { $0.locationID = Self.warehouseID }
        $0.lines = (0..<productCount).map { index in
          .with {
            $0.sku = sku(index)
            $0.quantity = 1_000_000_000
          }
        }
      })
  }

  private func fillDealers(_ client: DMSClient, _ range: Range<Int>, _ stockAuthority: StockAuthority) async throws {
    let accounts = try await client.admin.upsertCreditAccounts(
      .with {
        $0.creditAccounts = range.map { index in
          .with {
            $0.creditAccountID = dealerID(index)
            $0.currencyCode = Self.currencyCode
            $0.mode = .limit
            $0.limitMicros = 1_000_000_000_000_000
            $0.status = .ok
          }
        }
      })
    try requireNone(accounts.errors)

    let dealers = try await client.admin.upsertDealers(
      .with {
        $0.dealers = range.map { index in
          .with {
            $0.dealerID = dealerID(index)
            $0.name = "Dealer \(index)"
            $0.tier = "STANDARD"
            $0.region = "North"
            $0.status = .active
            $0.currencyCode = Self.currencyCode
            $0.creditAccountID = dealerID(index)
            $0.servingWarehouseIDs = [Self.warehouseID]
            $0.stockAuthority = stockAuthority
          }
        }
      })
    try requireNone(dealers.errors)
  }

  private func requireNone(_ errors: [ItemError]) throws {
    if let first = errors.first {
      throw BenchmarkFailure("item \(first.index): \(first.reason) \(first.field): \(first.message)")
    }
  }
}

/// Why the benchmark's figures would mean nothing.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
