/// Who keeps the book of a place. Raw values are those of the store and the wire.
public enum StockAuthority: Int, Hashable, Sendable, CaseIterable {
  /// DMS does: the brand's warehouses, and dealers without a system.
  case dms = 1
  /// The dealer's own system does, and streams it.
  case feed = 2

  /// What happens to the on-hand balance when a movement of this origin comes in.
  public func posting(of origin: MovementOrigin) -> OnHandPosting {
    switch (self, origin) {
    case (.dms, .document), (.dms, .adjustment), (.feed, .feed): .posts
    case (.feed, .document): .inTransitOnly
    case (.feed, .adjustment), (.dms, .feed): .refused
    }
  }
}

/// Where a movement comes from.
public enum MovementOrigin: Hashable, Sendable, CaseIterable {
  /// A document of DMS: a shipment, a receipt, a transfer, a return.
  case document
  /// Somebody corrects or sets the balance in DMS.
  case adjustment
  /// The dealer's own system reports it.
  case feed
}

/// What a movement does to the on-hand balance of a place.
public enum OnHandPosting: Hashable, Sendable {
  /// It is added.
  case posts
  /// The document and the goods in transit move; on hand waits for the feed to tell.
  case inTransitOnly
  /// It may not come from there at all.
  case refused
}

/// Whose stock it is.
public enum StockOwner: Hashable, Sendable {
  /// The brand's.
  case brand
  /// A dealer's.
  case dealer(DealerID)

  /// The dealer's text; empty for the brand.
  public var key: String {
    switch self {
    case .brand: ""
    case .dealer(let dealer): dealer.value
    }
  }

  /// The owner of a key: the brand for an empty one. Checks nothing.
  public init(key: String) {
    self = key.isEmpty ? .brand : .dealer(DealerID(unchecked: key))
  }
}

/// A place where stock of one owner stands.
public struct StockLocation: Hashable, Sendable, CustomStringConvertible {
  /// Whose stock it is.
  public var owner: StockOwner
  /// The warehouse, or the dealer's own name of the place.
  public var place: LocationID

  /// A place of an owner.
  public init(owner: StockOwner, place: LocationID) {
    self.owner = owner
    self.place = place
  }

  /// A warehouse of the brand.
  public init(_ warehouse: WarehouseID) {
    owner = .brand
    place = LocationID(warehouse)
  }

  /// Owner and place, such as `BRAND/MAIN`.
  public var description: String {
    switch owner {
    case .brand: "BRAND/\(place)"
    case .dealer(let dealer): "\(dealer)/\(place)"
    }
  }
}

/// In what condition stock is. Raw values are those of the store.
public enum StockStatus: Int, Hashable, Sendable, CaseIterable {
  /// It can be sold.
  case sellable = 1
  /// It may not be sold for now.
  case hold = 2
  /// It waits to be examined.
  case quarantine = 3
}
