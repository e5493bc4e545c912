internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension InventoryService {
  /// Products of one availability request at most.
  static let availabilitySKUsMax = 1_000

  func getAvailability(
    _ request: GetAvailabilityRequest, context: ServerContext
  ) async throws -> GetAvailabilityResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let asked = request.dealerID.isEmpty ? caller.principal.dealer : check.identifier(request.dealerID, "dealer_id")
    if request.skus.isEmpty { check.note("skus", .required) }
    check.count(request.skus.count, "skus", max: Self.availabilitySKUsMax)
    let skus = request.skus.prefix(Self.availabilitySKUsMax).enumerated().compactMap { index, text in
      check.identifier(text, "skus[\(index)]", as: SKU.self)
    }
    if asked == nil, !caller.coversBrand, check.violations.isEmpty { check.note("dealer_id", .required) }
    try check.finish()

    return try await store.read { transaction in
      var warehouses: [WarehouseID]
      if let asked {
        _ = try caller.require(asked, in: transaction)
        warehouses = try transaction.servingWarehouses(of: asked)
      } else {
        warehouses = try transaction.activeWarehouses()
      }
      let revision = try transaction.storeRevision()
      let known = Set(try transaction.sellableSKUs(among: skus))
      let stock = try transaction.promisableStock(of: skus.filter(known.contains), at: warehouses)
      return .with { response in
        response.revision = revision
        for sku in skus {
          guard known.contains(sku) else {
            response.unknownSkus.append(sku.value)
            continue
          }
          let places = stock[sku] ?? []
          response.products.append(
            .with {
              $0.sku = sku.value
              $0.availableQuantity = places.reduce(0) { sum, place in
                let (total, overflow) = sum.addingReportingOverflow(place.promisable.value)
                return overflow ? .max : total
              }
              guard caller.coversBrand else { return }
              $0.warehouses = places.map { place in
                .with {
                  $0.warehouseID = place.warehouse.value
                  $0.onHandQuantity = place.balance.onHand.value
                  $0.reservedQuantity = place.balance.reserved.value
                  $0.availableQuantity = place.promisable.value
                }
              }
            })
        }
      }
    }
  }

  func listNetworkStock(
    _ request: ListNetworkStockRequest, context: ServerContext
  ) async throws -> ListNetworkStockResponse {
    let caller = try context.caller
    var check = FieldCheck()
    var filter = stockFilter(
      owner: request.owner, dealerID: request.dealerID, locationID: request.locationID, sku: request.sku, caller, &check
    )
    filter.region = check.optionalIdentifier(request.region, "region")
    filter.tier = check.optionalIdentifier(request.tier, "tier")
    check.text(request.categoryPrefix, "category_prefix", max: Limits.categoryPathCharactersMax)
    filter.categoryPrefix = request.categoryPrefix.isEmpty ? nil : request.categoryPrefix
    try check.finish()
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListNetworkStock \(filter)", columnCount: 3)

    let listed = filter
    return try await store.read { transaction in
      try Self.requireVisible(listed.dealer, caller, transaction)
      let rows = try transaction.stock(listed, after: listing.position, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { row in
        [.text(row.key.location.owner.key), .text(row.key.location.place.value), .text(row.key.sku.value)]
      }
      let freshness = try DealerFreshness(of: Array(page.items), in: transaction)
      return .with {
        $0.levels = page.items.map { freshness.level($0) }
        $0.nextPageToken = page.nextPageToken
        $0.revision = page.revision
      }
    }
  }

  func listMovements(_ request: ListMovementsRequest, context: ServerContext) async throws -> ListMovementsResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let filter = stockFilter(
      owner: request.owner, dealerID: request.dealerID, locationID: request.locationID, sku: request.sku, caller, &check
    )
    try check.finish()
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListMovements \(filter)", columnCount: 1)
    let after: Int64 = if case .integer(let id)? = listing.position?.first { id } else { 0 }

    return try await store.read { transaction in
      try Self.requireVisible(filter.dealer, caller, transaction)
      let rows = try transaction.movements(filter, after: after, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.integer($0.id)] }
      return .with {
        $0.movements = page.items.map(\.wire)
        $0.nextPageToken = page.nextPageToken
        $0.revision = page.revision
      }
    }
  }

  func listRejectedEvents(
    _ request: ListRejectedEventsRequest, context: ServerContext
  ) async throws -> ListRejectedEventsResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let named: DealerID? = check.optionalIdentifier(request.dealerID, "dealer_id")
    let dealer = named ?? caller.principal.dealer
    if dealer == nil, check.violations.isEmpty { check.note("dealer_id", .required) }
    try check.finish()
    guard let dealer else { throw ServiceError.invalidFields(check.violations) }
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListRejectedEvents \(dealer)", columnCount: 1)
    let before: Int64 = if case .integer(let id)? = listing.position?.first { id } else { .max }

    return try await store.read { transaction in
      _ = try caller.require(dealer, in: transaction)
      let rows = try transaction.rejections(dealer: dealer, before: before, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.integer($0.id)] }
      return .with {
        $0.events = page.items.map(\.wire)
        $0.nextPageToken = page.nextPageToken
      }
    }
  }

  // MARK: What the lists share

  /// What a list's request asks for, within what the caller may see.
  func stockFilter(
    owner: StockOwnerKind, dealerID: String, locationID: String, sku: String, _ caller: Caller,
    _ check: inout FieldCheck
  ) -> StockFilter {
    var filter = StockFilter()
    switch owner {
    case .unspecified: break
    case .brand: filter.ownerKind = .brand
    case .dealer: filter.ownerKind = .dealers
    case .unrecognized: check.note("owner", .unknownValue(owner.name))
    }
    filter.dealer = check.optionalIdentifier(dealerID, "dealer_id")
    filter.place = check.optionalIdentifier(locationID, "location_id")
    filter.sku = check.optionalIdentifier(sku, "sku")
    filter.seesBrand = caller.coversBrand
    filter.visible = caller.coversBrand ? nil : caller.scopes
    return filter
  }

  /// Throws `NOT_FOUND` for a dealer that is named and is not the caller's to see.
  static func requireVisible(_ dealer: DealerID?, _ caller: Caller, _ transaction: ReadTransaction) throws {
    if let dealer { _ = try caller.require(dealer, in: transaction) }
  }
}

extension DMSStorage.StockMovement {
  fileprivate var wire: DMSAPI.StockMovement {
    .with {
      $0.movementID = id
      $0.location = key.location.wire
      $0.sku = key.sku.value
      $0.kind = DMSAPI.MovementKind(rawValue: Int32(kind.rawValue))
      $0.quantity = change.value
      $0.balanceQuantity = balance.value
      $0.cause = cause
      $0.causeID = document.isEmpty ? causeID : document
      $0.businessDate = businessDate.description
      $0.eventTime = Timestamp(eventTime)
      $0.recordTime = Timestamp(recordTime)
      $0.actor = actor
      $0.note = note
      $0.revision = revision
    }
  }
}

extension StoredRejection {
  var wire: RejectedEvent {
    .with {
      $0.sequence = sequence
      $0.reason = reason
      $0.message = message
      $0.source = source.value
      $0.epoch = epoch
      $0.sku = sku
      $0.recordTime = Timestamp(recordTime)
    }
  }
}
