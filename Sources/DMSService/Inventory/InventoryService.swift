internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

/// `dms.inventory.v1.InventoryService`.
struct InventoryService: Sendable {
  let environment: ServiceEnvironment

  init(_ environment: ServiceEnvironment) {
    self.environment = environment
  }

  var store: Store { environment.store }
}

/// Kinds of the change log's events.
enum ChangeKind {
  /// An order, under its id.
  static let order: Int64 = 1
  /// A balance, under owner, location and product.
  static let stock: Int64 = 2
}

extension DMSDomain.StockLocation {
  /// The location on the wire.
  var wire: DMSAPI.StockLocation {
    .with {
      if case .dealer(let dealer) = owner { $0.dealerID = dealer.value }
      $0.locationID = place.value
    }
  }
}

extension FieldCheck {
  /// The location that a request names, or nil with a violation noted.
  mutating func location(_ wire: DMSAPI.StockLocation?, _ field: String) -> DMSDomain.StockLocation? {
    guard let wire else {
      note(field, .required)
      return nil
    }
    if wire.dealerID.isEmpty {
      return identifier(wire.locationID, "\(field).location_id", as: WarehouseID.self).map {
        DMSDomain.StockLocation($0)
      }
    }
    let dealer = identifier(wire.dealerID, "\(field).dealer_id", as: DealerID.self)
    let place =
      wire.locationID.isEmpty ? .main : identifier(wire.locationID, "\(field).location_id", as: LocationID.self)
    guard let dealer, let place else { return nil }
    return DMSDomain.StockLocation(owner: .dealer(dealer), place: place)
  }

  /// The kind of movement that people and dealers' systems may report, or nil with a violation noted.
  mutating func reportableKind(_ wire: DMSAPI.MovementKind, _ field: String) -> DMSDomain.MovementKind? {
    guard let kind = DMSDomain.MovementKind(rawValue: Int(wire.rawValue)), kind.isReportable else {
      note(field, wire == .unspecified ? .required : .unknownValue(wire.name))
      return nil
    }
    return kind
  }
}

extension ReadTransaction {
  /// Throws `NOT_FOUND` unless the warehouse exists.
  func requireWarehouse(_ place: LocationID) throws {
    guard try exists("SELECT 1 FROM warehouse WHERE warehouse_id = ?1", [.text(place.value)]) else {
      throw ServiceError.notFound(.warehouse, id: place.value)
    }
  }

  /// The first of these products that does not exist.
  func firstUnknown(_ skus: [SKU]) throws -> Int? {
    let found = try queryMany("SELECT 1 FROM product WHERE sku = ?1", skus.map { [.text($0.value)] }) { row in
      try row.int64(0)
    }
    return found.firstIndex(where: \.isEmpty)
  }
}

extension InventoryService: InventoryServiceHandler {}
