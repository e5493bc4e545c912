/// Business days on which something holds: from the first day, up to but without the day of the end.
public struct Validity: Hashable, Sendable {
  /// First day. `BusinessDate.earliest` stands for «always».
  public var from: BusinessDate
  /// First day after. `BusinessDate.latest` stands for «for ever», the last day included.
  public var until: BusinessDate

  /// For ever, unless ends are given.
  public init(from: BusinessDate = .earliest, until: BusinessDate = .latest) {
    self.from = from
    self.until = until
  }

  /// True on the days from `from` on and before `until`.
  public func contains(_ day: BusinessDate) -> Bool {
    from <= day && (day < until || until == .latest)
  }

  /// True when there is a day on which both hold.
  public func overlaps(_ other: Validity) -> Bool {
    from < other.until && other.from < until
  }
}

/// A price per base unit: for whom, from which quantity, and on which days.
public struct PriceEntry: Hashable, Sendable {
  /// The product.
  public var sku: SKU
  /// For whom.
  public var audience: Audience
  /// The greater wins within one audience, 0 to 1,000.
  public var priority: Int32
  /// Smallest quantity to which it applies, at least 1.
  public var fromQuantity: Quantity
  /// When it holds.
  public var validity: Validity
  /// Price per base unit, at least 0.
  public var unitPrice: Micros

  /// A price for everyone, from the first unit on, for ever, unless more is said.
  public init(
    sku: SKU, audience: Audience = .everyone, priority: Int32 = 0, fromQuantity: Quantity = 1,
    validity: Validity = Validity(), unitPrice: Micros
  ) {
    self.sku = sku
    self.audience = audience
    self.priority = priority
    self.fromQuantity = fromQuantity
    self.validity = validity
    self.unitPrice = unitPrice
  }

  /// What makes it the same entry of a draft as another: all but price and end.
  public struct Slot: Hashable, Sendable {
    let sku: SKU
    let audience: Audience
    let priority: Int32
    let fromQuantity: Quantity
    let from: BusinessDate
  }

  /// The slot that it takes in a draft.
  public var slot: Slot {
    Slot(sku: sku, audience: audience, priority: priority, fromQuantity: fromQuantity, from: validity.from)
  }

  /// Notes every wrong field under the path of the entry.
  public func check(into check: inout FieldCheck, at path: @autoclosure () -> String) {
    check.range(Int64(priority), "\(path()).priority", 0...Int64(Limits.pricePriorityMax))
    check.range(fromQuantity.value, "\(path()).from_quantity", 1...Int64.max)
    check.range(unitPrice.value, "\(path()).unit_price_micros", 0...Int64.max)
    if validity.from >= validity.until {
      check.note("\(path()).valid_until_date", .conflicting(with: "valid_from_date"))
    }
  }
}
