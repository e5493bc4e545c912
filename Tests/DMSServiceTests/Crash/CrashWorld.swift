import DMSClient

/// What the load works on: a warehouse, products that there is plenty of and one that is scarce, dealers that may order
/// what they like, one whose every order is reviewed, and one that reports its own stock.
enum CrashWorld {
  static let warehouse = "MAIN"
  /// Products that never run out.
  static let plenty = (1...6).map { "P\($0)" }
  /// A product that orders wait for.
  static let scarce = "SCARCE"
  /// Dealers without a credit limit.
  static let dealers = ["D1", "D2", "D3"]
  /// A dealer whose orders all go to review.
  static let reviewed = "D4"
  /// A dealer whose own system reports its stock.
  static let reporting = "D5"
  /// The name of that system.
  static let source = "pos"

  /// Makes it, and a second administrator.
  ///
  /// - Returns: the second administrator's key.
  static func make(_ client: DMSClient) async throws -> String {
    try await makeMasterData(client)
    try await makeTerms(client)
    _ = try await client.inventory.setStock(
      .with {
        $0.location = .with { $0.locationID = warehouse }
        $0.lines = plenty.map { sku in
          .with {
            $0.sku = sku
            $0.quantity = 100_000_000
          }
        }
      })
    _ = try await client.admin.upsertPrincipal(
      .with {
        $0.principal = .with {
          $0.principalID = "reviewer"
          $0.displayName = "Reviewer"
          $0.grants = [.with { $0.role = .admin }]
        }
      })
    return try await client.admin.createApiKey(.with { $0.principalID = "reviewer" }).secret
  }

  private static func makeMasterData(_ client: DMSClient) async throws {
    _ = try await client.admin.upsertWarehouses(
      .with {
        $0.warehouses = [
          .with {
            $0.warehouseID = warehouse
            $0.name = "Main"
          }
        ]
      })
    _ = try await client.admin.upsertProducts(
      .with {
        $0.products = (plenty + [scarce]).map { sku in
          .with {
            $0.sku = sku
            $0.names = ["en": "Product \(sku)"]
          }
        }
      })
    _ = try await client.admin.upsertDealers(
      .with {
        $0.dealers = (dealers + [reviewed, reporting]).map { dealer in
          .with {
            $0.dealerID = dealer
            $0.name = "Dealer \(dealer)"
            $0.currencyCode = "USD"
            $0.stockAuthority = dealer == reporting ? .feed : .dms
          }
        }
      })
  }

  private static func makeTerms(_ client: DMSClient) async throws {
    _ = try await client.admin.upsertCreditAccounts(
      .with {
        $0.creditAccounts = (dealers + [reviewed]).map { dealer in
          .with {
            $0.creditAccountID = dealer
            $0.currencyCode = "USD"
            $0.mode = dealer == reviewed ? .limit : .unlimited
          }
        }
      })
    _ = try await client.admin.savePriceListDraft(
      .with {
        $0.priceList = .with {
          $0.priceListID = "LIST"
          $0.name = "List"
          $0.currencyCode = "USD"
        }
        $0.entries = (plenty + [scarce]).map { sku in
          .with {
            $0.sku = sku
            $0.unitPriceMicros = 10_000_000
          }
        }
      })
    _ = try await client.admin.publishPriceList(.with { $0.priceListID = "LIST" })
  }
}
