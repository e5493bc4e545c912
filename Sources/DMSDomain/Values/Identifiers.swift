/// A dealer.
public struct DealerID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A product: its stock keeping unit.
public struct SKU: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A warehouse of the brand.
public struct WarehouseID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// An order; unique in the store.
public struct OrderID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A price list.
public struct PriceListID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A credit account; a dealer's own has the dealer's text.
public struct CreditAccountID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A person or machine that calls.
public struct PrincipalID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// The public part of an API key.
public struct KeyID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A place where stock stands: a warehouse of the brand, or a dealer's own name of a place.
public struct LocationID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A dealer's reporting system, within which the sequences of its events count.
public struct FeedSource: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A tier of dealers, such as `GOLD`.
public struct Tier: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A region of the market.
public struct Region: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A unit of measure, such as `case`.
public struct UnitName: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

/// A lot of a product.
public struct LotID: Identifier {
  /// The text of the key.
  public let value: String

  /// Takes a text that was validated before. Checks nothing.
  public init(unchecked value: String) {
    self.value = value
  }
}

extension LocationID {
  /// The place of a dealer that names none.
  public static let main = LocationID(unchecked: "MAIN")

  /// A warehouse as a place where stock stands.
  public init(_ warehouse: WarehouseID) {
    value = warehouse.value
  }
}

extension CreditAccountID {
  /// The account of a dealer's own.
  public init(of dealer: DealerID) {
    value = dealer.value
  }
}
