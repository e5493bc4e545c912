internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension AdminService {
  func upsertWarehouses(
    _ request: UpsertWarehousesRequest, context: ServerContext
  ) async throws -> UpsertWarehousesResponse {
    let caller = try context.caller
    var check = FieldCheck()
    check.items(request.warehouses.count, "warehouses")
    try check.finish()
    let dryRun = request.validateOnly
    let items = request.warehouses
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor, urgency: .bulk
    ) { transaction in
      var tally = UpsertTally()
      var seen: Set<String> = []
      for (index, item) in items.enumerated() {
        do {
          guard seen.insert(item.warehouseID).inserted else {
            throw FieldViolations([FieldViolation("warehouse_id", .duplicate)])
          }
          let warehouse = try WarehouseWire.domain(item)
          tally.count(
            try transaction.upsert(
              warehouse, over: try transaction.warehouse(warehouse.id), etag: item.etag, kind: .warehouse,
              id: warehouse.id.value, dryRun: dryRun
            ) { try transaction.save($0) })
        } catch {
          try tally.refuse(index, error, path: "warehouses[\(index)]")
        }
      }
      return .with {
        $0.createdCount = tally.created
        $0.updatedCount = tally.updated
        $0.unchangedCount = tally.unchanged
        $0.errors = tally.errors
      }
    }
  }

  func getWarehouse(_ request: GetWarehouseRequest, context: ServerContext) async throws -> GetWarehouseResponse {
    _ = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.warehouseID, "warehouse_id", as: WarehouseID.self)
    try check.finish()
    guard let id, let stored = try await environment.store.read({ try $0.warehouse(id) }) else {
      throw ServiceError.notFound(.warehouse, id: request.warehouseID)
    }
    return .with { $0.warehouse = WarehouseWire.message(stored) }
  }

  func listWarehouses(_ request: ListWarehousesRequest, context: ServerContext) async throws -> ListWarehousesResponse {
    _ = try context.caller
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListWarehouses", columnCount: 1)
    return try await environment.store.read { transaction in
      let rows = try transaction.warehouses(
        after: listing.textPosition.map { WarehouseID(unchecked: $0) }, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.text($0.value.id.value)] }
      return .with {
        $0.warehouses = page.items.map { WarehouseWire.message($0) }
        $0.nextPageToken = page.nextPageToken
        $0.revision = page.revision
      }
    }
  }
}

/// A warehouse between the wire and the domain.
private enum WarehouseWire {
  static func domain(_ message: DMSAPI.Warehouse) throws -> DMSDomain.Warehouse {
    var check = FieldCheck()
    let id = check.identifier(message.warehouseID, "warehouse_id", as: WarehouseID.self)
    let region: Region? = check.optionalIdentifier(message.region, "region")
    let status =
      message.status == .unspecified ? .active : DMSDomain.WarehouseStatus(rawValue: Int(message.status.rawValue))
    if status == nil { check.note("status", .unknownValue(message.status.name)) }
    try check.finish()
    guard let id, let status else { throw FieldViolations(check.violations) }
    let warehouse = DMSDomain.Warehouse(
      id: id, name: message.name, region: region, status: status, address: message.address.map(\.domain))
    try warehouse.validate()
    return warehouse
  }

  static func message(_ stored: Stored<DMSDomain.Warehouse>) -> DMSAPI.Warehouse {
    .with {
      $0.warehouseID = stored.value.id.value
      $0.name = stored.value.name
      $0.region = stored.value.region?.value ?? ""
      $0.status = DMSAPI.WarehouseStatus(rawValue: Int32(stored.value.status.rawValue))
      $0.address = stored.value.address.map { DMSAPI.Address($0) }
      $0.etag = Etag.text(version: stored.version)
      $0.createTime = Timestamp(stored.createTime)
      $0.updateTime = Timestamp(stored.updateTime)
    }
  }
}
