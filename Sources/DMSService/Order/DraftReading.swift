internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import RPC

/// What a caller says of an order, checked as far as that goes without the store.
struct DraftInput: Sendable {
  struct Line: Sendable {
    let sku: SKU
    let quantity: Quantity
    let unit: UnitName?
    let expectedUnitPrice: Micros?
    let agreedUnitPrice: Micros?
    let agreedPriceReason: String
    let reference: String
  }

  let id: OrderID?
  let dealer: DealerID
  let currency: CurrencyCode?
  let businessDate: BusinessDate?
  let requestedDeliveryDate: BusinessDate?
  let shipTo: DMSDomain.Address?
  let paymentTerms: String
  let customerReference: String
  let shipPolicy: DMSDomain.ShipPolicy
  let freight: Micros
  let lines: [Line]
  let note: String

  /// Reads a draft; throws every field that is wrong, under `path`.
  init(_ draft: OrderDraft?, path: String, caller: Caller) throws {
    guard let draft else { throw ServiceError.invalidField(path, .required) }
    var check = FieldCheck()
    id = check.optionalIdentifier(draft.orderID, "\(path).order_id")
    let dealer = check.identifier(draft.dealerID, "\(path).dealer_id", as: DealerID.self)
    currency = draft.currencyCode.isEmpty ? nil : check.currency(draft.currencyCode, "\(path).currency_code")
    businessDate = draft.businessDate.isEmpty ? nil : check.date(draft.businessDate, "\(path).business_date")
    requestedDeliveryDate =
      draft.requestedDeliveryDate.isEmpty
      ? nil : check.date(draft.requestedDeliveryDate, "\(path).requested_delivery_date")
    shipTo = draft.shipTo.map(\.domain)
    paymentTerms = draft.paymentTerms
    customerReference = draft.customerReference
    freight = Micros(draft.freightMicros)
    note = draft.note
    let policy =
      draft.shipPolicy == .unspecified ? .reject : DMSDomain.ShipPolicy(rawValue: Int(draft.shipPolicy.rawValue))
    if policy == nil { check.note("\(path).ship_policy", .unknownValue(draft.shipPolicy.name)) }
    shipPolicy = policy ?? .reject

    if draft.lines.isEmpty { check.note("\(path).lines", .required) }
    check.count(draft.lines.count, "\(path).lines", max: Limits.linesPerOrderMax)
    var lines: [Line] = []
    lines.reserveCapacity(min(draft.lines.count, Limits.linesPerOrderMax))
    for (index, line) in draft.lines.prefix(Limits.linesPerOrderMax).enumerated() {
      if line.quantity < 1 { check.note("\(path).lines[\(index)].quantity", .outOfRange(min: 1, max: .max)) }
      let unit: UnitName? = check.optionalIdentifier(line.unit, "\(path).lines[\(index)].unit")
      guard let sku = check.identifier(line.sku, "\(path).lines[\(index)].sku", as: SKU.self) else { continue }
      lines.append(
        Line(
          sku: sku, quantity: Quantity(line.quantity), unit: unit,
          expectedUnitPrice: line.expectedUnitPriceMicros.map { Micros($0) },
          agreedUnitPrice: line.agreedUnitPriceMicros.map { Micros($0) }, agreedPriceReason: line.agreedPriceReason,
          reference: line.customerLineReference))
    }
    self.lines = lines
    try check.finish()
    guard let dealer else { throw FieldViolations(check.violations) }
    self.dealer = dealer
    if businessDate != nil, !caller.principal.holds(anyOf: [.integration, .admin]) {
      throw ServiceError.fieldNotAllowed(field: "\(path).business_date", needs: "the role integration or admin")
    }
  }

  /// The header, with what the caller left to the dealer's defaults.
  func header(for dealer: DMSDomain.Dealer, today: BusinessDate) -> OrderHeader {
    OrderHeader(
      dealer: dealer.id, currency: currency ?? dealer.currency, businessDate: businessDate ?? today,
      requestedDeliveryDate: requestedDeliveryDate, shipTo: shipTo ?? dealer.address,
      paymentTerms: paymentTerms.isEmpty ? dealer.paymentTerms : paymentTerms, customerReference: customerReference,
      shipPolicy: shipPolicy, freight: freight, note: note)
  }

  /// The lines in base units; throws every quantity that is no whole number of them.
  ///
  /// A product that is not known keeps the quantity as it was entered: the catalogue's rule will say so.
  func requests(_ products: [SKU: ProductTerms], path: String) throws -> [LineRequest] {
    var check = FieldCheck()
    let requests = lines.enumerated().map { index, line in
      var ordered = line.quantity
      if let unit = line.unit, let terms = products[line.sku] {
        do throws(UnitError) {
          ordered = try terms.baseQuantity(of: line.quantity, in: unit)
        } catch {
          if case .unknownUnit = error {
            check.note("\(path).lines[\(index)].unit", .badUnit(error))
          } else {
            check.note("\(path).lines[\(index)].quantity", .badUnit(error))
          }
        }
      }
      return LineRequest(
        sku: line.sku, entered: line.quantity, unit: line.unit, ordered: ordered,
        expectedUnitPrice: line.expectedUnitPrice, agreedUnitPrice: line.agreedUnitPrice,
        agreedPriceReason: line.agreedPriceReason, customerLineReference: line.reference)
    }
    try check.finish()
    return requests
  }
}
