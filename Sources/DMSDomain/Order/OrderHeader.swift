/// What an order says once, for all its lines.
public struct OrderHeader: Hashable, Sendable {
  /// The dealer that orders.
  public var dealer: DealerID
  /// Currency of every amount.
  public var currency: CurrencyCode
  /// The day by which prices, validity, duplicates and ageing go.
  public var businessDate: BusinessDate
  /// When the dealer wants it; not before the business date.
  public var requestedDeliveryDate: BusinessDate?
  /// Where the goods go; the dealer's own address when nil.
  public var shipTo: Address?
  /// Payment terms.
  public var paymentTerms: String
  /// The dealer's own number of the order; empty for none.
  public var customerReference: String
  /// What happens to lines without enough stock.
  public var shipPolicy: ShipPolicy
  /// Freight, at least 0.
  public var freight: Micros
  /// A remark for people.
  public var note: String

  /// A header; what is not given is empty, and the policy is REJECT.
  public init(
    dealer: DealerID, currency: CurrencyCode, businessDate: BusinessDate, requestedDeliveryDate: BusinessDate? = nil,
    shipTo: Address? = nil, paymentTerms: String = "", customerReference: String = "", shipPolicy: ShipPolicy = .reject,
    freight: Micros = 0, note: String = ""
  ) {
    self.dealer = dealer
    self.currency = currency
    self.businessDate = businessDate
    self.requestedDeliveryDate = requestedDeliveryDate
    self.shipTo = shipTo
    self.paymentTerms = paymentTerms
    self.customerReference = customerReference
    self.shipPolicy = shipPolicy
    self.freight = freight
    self.note = note
  }

  /// Notes every wrong field.
  public func check(into check: inout FieldCheck) {
    if let requestedDeliveryDate, requestedDeliveryDate < businessDate {
      check.note("requested_delivery_date", .conflicting(with: "business_date"))
    }
    shipTo?.check(into: &check, at: "ship_to")
    check.text(paymentTerms, "payment_terms", max: Limits.shortTextCharactersMax)
    check.text(customerReference, "customer_reference", max: Limits.shortTextCharactersMax)
    check.range(freight.value, "freight_micros", 0...Int64.max)
    if !freight.isWhole(in: currency) { check.note("freight_micros", .notMinorUnits(currency)) }
    check.text(note, "note", max: Limits.remarkCharactersMax, multiline: true)
  }
}

/// What a line of an order asks for.
public struct LineRequest: Hashable, Sendable {
  /// The product.
  public var sku: SKU
  /// The quantity as it was entered, in `unit`.
  public var entered: Quantity
  /// The unit in which it was entered; nil for the base unit.
  public var unit: UnitName?
  /// The same quantity in base units, at least 1.
  public var ordered: Quantity
  /// The price per base unit that the caller expects; nil when it expects none.
  public var expectedUnitPrice: Micros?
  /// A price per base unit agreed outside the lists, at least 0.
  public var agreedUnitPrice: Micros?
  /// Why a price was agreed; required with one.
  public var agreedPriceReason: String
  /// The dealer's own reference of the line; empty for none.
  public var customerLineReference: String

  /// A line in base units, unless a unit is given together with what it comes to in base units.
  public init(
    sku: SKU, entered: Quantity, unit: UnitName? = nil, ordered: Quantity? = nil, expectedUnitPrice: Micros? = nil,
    agreedUnitPrice: Micros? = nil, agreedPriceReason: String = "", customerLineReference: String = ""
  ) {
    self.sku = sku
    self.entered = entered
    self.unit = unit
    self.ordered = ordered ?? entered
    self.expectedUnitPrice = expectedUnitPrice
    self.agreedUnitPrice = agreedUnitPrice
    self.agreedPriceReason = agreedPriceReason
    self.customerLineReference = customerLineReference
  }

  /// Notes every wrong field under the path of the line.
  public func check(into check: inout FieldCheck, at path: @autoclosure () -> String) {
    check.range(entered.value, "\(path()).quantity", 1...Int64.max)
    if entered.isPositive, !ordered.isPositive { check.note("\(path()).quantity", .required) }
    if let expectedUnitPrice {
      check.range(expectedUnitPrice.value, "\(path()).expected_unit_price_micros", 0...Int64.max)
    }
    if let agreedUnitPrice {
      check.range(agreedUnitPrice.value, "\(path()).agreed_unit_price_micros", 0...Int64.max)
      check.text(agreedPriceReason, "\(path()).agreed_price_reason", max: Limits.reasonCharactersMax, required: true)
    } else if !agreedPriceReason.isEmpty {
      check.note("\(path()).agreed_price_reason", .conflicting(with: "no agreed_unit_price_micros"))
    }
    check.text(customerLineReference, "\(path()).customer_line_reference", max: Limits.shortTextCharactersMax)
  }

  /// Throws every field of an order that is wrong, the number of its lines included.
  public static func validate(_ lines: [LineRequest], under header: OrderHeader) throws(FieldViolations) {
    var check = FieldCheck()
    header.check(into: &check)
    if lines.isEmpty { check.note("lines", .required) }
    check.count(lines.count, "lines", max: Limits.linesPerOrderMax)
    for (index, line) in lines.prefix(Limits.linesPerOrderMax).enumerated() {
      line.check(into: &check, at: "lines[\(index)]")
    }
    try check.finish()
  }
}
