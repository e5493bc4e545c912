internal import DMSDomain

/// The columns of an order's row, in the order in which they are read and written.
enum OrderColumns {
  static let names = """
    order_id, dealer_id, state, currency_code, business_date, requested_delivery_date, ship_to, payment_terms,
    customer_reference, ship_policy, freight_micros, net_micros, tax_micros, total_micros, credit_account_id,
    booked_micros, approved_ceiling_micros, content_hash, lines_hash, rule_set_version, decision_sequence,
    timeline_count, line_count, note, created_by, submitted_by, create_time, update_time, submit_time,
    review_expire_time, version, revision
    """

  /// The order of a row, without lines, holds and verdicts, and the revision of its last change.
  static func read(_ row: borrowing Row) throws -> (order: Order, revision: Int64) {
    let id = OrderID(unchecked: try row.text(0))
    let unreadable = UnreadableRow(table: "sales_order", key: id.value)
    guard let state = OrderState(rawValue: Int(try row.int64(2))),
      let currency = try? CurrencyCode(validating: try row.text(3)),
      let policy = ShipPolicy(rawValue: Int(try row.int64(9)))
    else { throw unreadable }
    let header = OrderHeader(
      dealer: DealerID(unchecked: try row.text(1)), currency: currency,
      businessDate: try BusinessDate(daysSinceEpoch: try row.int64(4)),
      requestedDeliveryDate: try row.optionalInt64(5).map { try BusinessDate(daysSinceEpoch: $0) },
      shipTo: try row.optionalBlob(6).map { try AddressColumn.decode($0, or: unreadable) },
      paymentTerms: try row.text(7), customerReference: try row.text(8), shipPolicy: policy,
      freight: Micros(try row.int64(10)), note: try row.text(23))
    let order = Order(
      id: id, state: state, header: header, lines: [],
      totals: OrderTotals(
        net: Micros(try row.int64(11)), tax: Micros(try row.int64(12)), total: Micros(try row.int64(13))),
      creditAccount: CreditAccountID(unchecked: try row.text(14)), booked: Micros(try row.int64(15)),
      approvedCeiling: Micros(try row.int64(16)), contentHash: try row.optionalBlob(17) ?? [],
      linesHash: try row.optionalBlob(18) ?? [], holds: [], ruleSetVersion: try row.int64(19), verdicts: [],
      createdBy: PrincipalID(unchecked: try row.text(24)),
      submittedBy: try row.optionalText(25).map { PrincipalID(unchecked: $0) },
      createTime: InstantMicros(try row.int64(26)), updateTime: InstantMicros(try row.int64(27)),
      submitTime: try row.optionalInt64(28).map { InstantMicros($0) },
      reviewExpireTime: try row.optionalInt64(29).map { InstantMicros($0) }, version: try row.int64(30),
      timelineCount: try row.int64(21), decisionSequence: try row.int64(20))
    return (order, try row.int64(31))
  }

  /// What is bound for an order, in the order of `names`.
  static func values(_ order: Order, revision: Int64) -> [SQLValue] {
    let header = order.header
    return [
      .text(order.id.value), .text(header.dealer.value), .integer(Int64(order.state.rawValue)),
      .text(header.currency.value), .integer(Int64(header.businessDate.daysSinceEpoch)),
      .integer(header.requestedDeliveryDate.map { Int64($0.daysSinceEpoch) }),
      .blob(header.shipTo.map { AddressColumn.encode($0) }), .text(header.paymentTerms),
      .text(header.customerReference), .integer(Int64(header.shipPolicy.rawValue)), .integer(header.freight.value),
      .integer(order.totals.net.value), .integer(order.totals.tax.value), .integer(order.totals.total.value),
      .text(order.creditAccount.value), .integer(order.booked.value), .integer(order.approvedCeiling.value),
      order.contentHash.isEmpty ? .null : .blob(order.contentHash),
      order.linesHash.isEmpty ? .null : .blob(order.linesHash), .integer(order.ruleSetVersion),
      .integer(order.decisionSequence), .integer(order.timelineCount), .integer(Int64(order.lines.count)),
      .text(header.note), .text(order.createdBy.value), .text(order.submittedBy?.value),
      .integer(order.createTime.value), .integer(order.updateTime.value), .integer(order.submitTime?.value),
      .integer(order.reviewExpireTime?.value), .integer(order.version), .integer(revision),
    ]
  }
}

/// The columns of a line's row.
enum OrderLineColumns {
  static let names = """
    order_id, line_number, sku, entered_quantity, unit, ordered_quantity, over_shipped_quantity, cancelled_quantity,
    closed_short_quantity, open_quantity, shipped_quantity, received_quantity, short_quantity, damaged_quantity,
    refused_quantity, returned_quantity, reserved_quantity, back_ordered_quantity, list_unit_price_micros,
    unit_price_micros, expected_unit_price_micros, price_source, price_list_version, agreed_unit_price_micros,
    agreed_price_reason, gross_micros, net_micros, tax_code, tax_rate_bps, tax_micros, customer_line_reference
    """

  /// The line of a row, without its reservations and discounts.
  static func read(_ row: borrowing Row) throws -> OrderLine {
    guard let source = PriceSource(rawValue: Int(try row.int64(21))) else {
      throw UnreadableRow(table: "sales_order_line", key: "\(try row.text(0))/\(try row.int64(1))")
    }
    let unit = try row.text(4)
    let ordered = Quantity(try row.int64(5))
    return OrderLine(
      request: LineRequest(
        sku: SKU(unchecked: try row.text(2)), entered: Quantity(try row.int64(3)),
        unit: unit.isEmpty ? nil : UnitName(unchecked: unit), ordered: ordered,
        expectedUnitPrice: try row.optionalInt64(20).map { Micros($0) },
        agreedUnitPrice: try row.optionalInt64(23).map { Micros($0) }, agreedPriceReason: try row.text(24),
        customerLineReference: try row.text(30)),
      quantities: try LineQuantities(
        ordered: ordered, overShipped: Quantity(try row.int64(6)), cancelled: Quantity(try row.int64(7)),
        closedShort: Quantity(try row.int64(8)), open: Quantity(try row.int64(9)), shipped: Quantity(try row.int64(10)),
        received: Quantity(try row.int64(11)), short: Quantity(try row.int64(12)),
        damaged: Quantity(try row.int64(13)), refused: Quantity(try row.int64(14)),
        returned: Quantity(try row.int64(15)), reserved: Quantity(try row.int64(16)),
        backOrdered: Quantity(try row.int64(17))),
      price: LinePrice(
        listUnitPrice: Micros(try row.int64(18)), unitPrice: Micros(try row.int64(19)), source: source,
        listVersion: try row.text(22), gross: Micros(try row.int64(25)), net: Micros(try row.int64(26)),
        taxCode: try row.text(27), taxRate: BasisPoints(try row.int64(28)), tax: Micros(try row.int64(29))))
  }

  /// What is bound for the line at `index`, in the order of `names`.
  static func values(_ line: OrderLine, order: OrderID, index: Int) -> [SQLValue] {
    let quantities = line.quantities
    let price = line.price
    return [
      .text(order.value), .integer(Int64(index + 1)), .text(line.request.sku.value),
      .integer(line.request.entered.value), .text(line.request.unit?.value ?? ""),
      .integer(quantities.ordered.value), .integer(quantities.overShipped.value), .integer(quantities.cancelled.value),
      .integer(quantities.closedShort.value), .integer(quantities.open.value), .integer(quantities.shipped.value),
      .integer(quantities.received.value), .integer(quantities.short.value), .integer(quantities.damaged.value),
      .integer(quantities.refused.value), .integer(quantities.returned.value), .integer(quantities.reserved.value),
      .integer(quantities.backOrdered.value), .integer(price.listUnitPrice.value), .integer(price.unitPrice.value),
      .integer(line.request.expectedUnitPrice?.value), .integer(Int64(price.source.rawValue)),
      .text(price.listVersion), .integer(line.request.agreedUnitPrice?.value), .text(line.request.agreedPriceReason),
      .integer(price.gross.value), .integer(price.net.value), .text(price.taxCode), .integer(price.taxRate.value),
      .integer(price.tax.value), .text(line.request.customerLineReference),
    ]
  }
}
