/// Whether a product may be ordered. Raw values are those of the store and the wire.
public enum ProductStatus: Int, Hashable, Sendable, CaseIterable {
  /// It may.
  case sellable = 1
  /// Not yet, or not for now.
  case blocked = 2
  /// No longer.
  case discontinued = 3

  /// The status in capitals, such as `SELLABLE`.
  public var code: String {
    switch self {
    case .sellable: "SELLABLE"
    case .blocked: "BLOCKED"
    case .discontinued: "DISCONTINUED"
    }
  }
}

/// How much of a product one order may hold, in base units.
public struct OrderQuantities: Hashable, Sendable {
  /// Base units in a pack, at least 1.
  public var pack: Quantity
  /// Smallest quantity of an order; 0 for none.
  public var minimum: Quantity
  /// Quantities should be multiples of this, at least 1.
  public var multiple: Quantity
  /// Greatest quantity of an order; 0 for none.
  public var maximum: Quantity

  /// Any quantity, unless limits are given.
  public init(pack: Quantity = 1, minimum: Quantity = 0, multiple: Quantity = 1, maximum: Quantity = 0) {
    self.pack = pack
    self.minimum = minimum
    self.multiple = multiple
    self.maximum = maximum
  }
}

/// What orders need to know of a product: whether, to whom, how much, and for how much at least it is sold.
public struct ProductTerms: Hashable, Sendable {
  /// The product's key.
  public var sku: SKU
  /// Whether it may be ordered.
  public var status: ProductStatus
  /// Units beside the base unit.
  public var units: [UnitOfMeasure]
  /// How much one order may hold.
  public var quantities: OrderQuantities
  /// Currency of cost and floor price; nil when neither is set.
  public var currency: CurrencyCode?
  /// Price per base unit below which a reviewer must agree; 0 for none.
  public var floorUnitPrice: Micros
  /// Dealers that may buy it; any when empty.
  public var authorised: [Audience]
  /// Tax code; empty when no tax is known.
  public var taxCode: String
  /// Tax rate, from 0 to 100 %.
  public var taxRate: BasisPoints

  /// A product that anybody may order, unless more is said.
  public init(
    sku: SKU, status: ProductStatus = .sellable, units: [UnitOfMeasure] = [],
    quantities: OrderQuantities = OrderQuantities(), currency: CurrencyCode? = nil, floorUnitPrice: Micros = 0,
    authorised: [Audience] = [], taxCode: String = "", taxRate: BasisPoints = 0
  ) {
    self.sku = sku
    self.status = status
    self.units = units
    self.quantities = quantities
    self.currency = currency
    self.floorUnitPrice = floorUnitPrice
    self.authorised = authorised
    self.taxCode = taxCode
    self.taxRate = taxRate
  }

  /// True when a dealer of this id, tier and region may buy it.
  public func isAuthorised(for dealer: DealerID, tier: Tier?, region: Region?) -> Bool {
    authorised.isEmpty || authorised.contains { $0.includes(dealer, tier: tier, region: region) }
  }

  /// A quantity entered in a unit of the product (nil for the base unit), in base units.
  public func baseQuantity(of entered: Quantity, in unit: UnitName?) throws(UnitError) -> Quantity {
    guard let unit else { return entered }
    guard let match = units.first(where: { $0.name == unit }) else { throw .unknownUnit(unit.value) }
    return try match.ratio.baseQuantity(of: entered)
  }
}

/// A product.
public struct Product: Hashable, Sendable {
  /// What orders need to know.
  public var terms: ProductTerms
  /// Names by language tag, such as `en`; at least one.
  public var names: [String: String]
  /// Where it stands in the tree of categories.
  public var category: CategoryPath
  /// Base unit in which quantities count.
  public var baseUnit: UnitName
  /// Cost per base unit, in the product's currency.
  public var unitCost: Micros
  /// Stock is kept by lot.
  public var lotTracked: Bool

  /// The base unit when none is stated.
  public static let baseUnitDefault = UnitName(unchecked: "piece")

  /// A product; what is not given is the default that new products have.
  public init(
    terms: ProductTerms, names: [String: String], category: CategoryPath = CategoryPath(unchecked: ""),
    baseUnit: UnitName = Product.baseUnitDefault, unitCost: Micros = 0, lotTracked: Bool = false
  ) {
    self.terms = terms
    self.names = names
    self.category = category
    self.baseUnit = baseUnit
    self.unitCost = unitCost
    self.lotTracked = lotTracked
  }

  /// The product's key.
  public var sku: SKU { terms.sku }

  /// Throws every field that is wrong.
  public func validate() throws(FieldViolations) {
    var check = FieldCheck()
    checkNames(into: &check)
    checkUnits(into: &check)
    checkQuantities(into: &check)
    check.range(unitCost.value, "unit_cost_micros", 0...Int64.max)
    check.range(terms.floorUnitPrice.value, "floor_unit_price_micros", 0...Int64.max)
    if terms.currency == nil, !unitCost.isZero || !terms.floorUnitPrice.isZero {
      check.note("currency_code", .required)
    }
    check.count(terms.authorised.count, "authorised", max: Limits.audiencesPerProductMax)
    if Set(terms.authorised).count != terms.authorised.count { check.note("authorised", .duplicate) }
    check.text(terms.taxCode, "tax_code", max: Limits.taxCodeCharactersMax)
    check.range(terms.taxRate.value, "tax_rate_bps", 0...BasisPoints.whole.value)
    try check.finish()
  }

  private func checkNames(into check: inout FieldCheck) {
    if names.isEmpty { check.note("names", .required) }
    check.count(names.count, "names", max: Limits.namesPerProductMax)
    for (language, name) in names.sorted(by: { $0.key < $1.key }) {
      check.text(language, "names", max: Limits.shortTextCharactersMax, required: true)
      check.text(name, "names[\(language)]", max: Limits.nameCharactersMax, required: true)
    }
  }

  private func checkUnits(into check: inout FieldCheck) {
    check.count(terms.units.count, "units", max: Limits.unitsPerProductMax)
    var seen: Set<UnitName> = [baseUnit]
    for (index, unit) in terms.units.enumerated() where !seen.insert(unit.name).inserted {
      check.note("units[\(index)].unit", .duplicate)
    }
  }

  private func checkQuantities(into check: inout FieldCheck) {
    let quantities = terms.quantities
    check.range(quantities.pack.value, "pack_quantity", 1...Int64.max)
    check.range(quantities.minimum.value, "minimum_quantity", 0...Int64.max)
    check.range(quantities.multiple.value, "multiple_quantity", 1...Int64.max)
    check.range(quantities.maximum.value, "maximum_quantity", 0...Int64.max)
    if quantities.maximum.isPositive, quantities.maximum < quantities.minimum {
      check.note("maximum_quantity", .conflicting(with: "minimum_quantity"))
    }
  }
}
