extension OrderJudge {
  /// May this principal order for this dealer, at these prices, up to this value?
  static func authority(_ order: JudgedOrder, _ facts: OrderFacts, into book: inout VerdictBook) {
    let submitter = facts.submitter
    let total = order.totals.total
    func who(_ action: String) -> [Figure] {
      [
        Figure(.principal, .text(submitter.id.value)), Figure(.dealer, .text(facts.dealer.id.value)),
        Figure(.action, .text(action)),
      ]
    }
    let mark = book.mark
    if !submitter.mayOrder {
      book.find(.notAuthorised, who("order"))
    }
    if !submitter.agreedPricesAllowed {
      for (index, line) in order.lines.enumerated() {
        guard let agreed = line.agreedUnitPrice else { continue }
        book.find(
          .notAuthorised, line: Int32(index + 1), sku: line.sku,
          who("agree_price") + [Figure(.unitPrice, .amount(agreed))])
      }
    }
    book.close(.notAuthorised, since: mark)
    book.rule(
      .aboveOrderLimit, isBroken: submitter.orderLimit.isPositive && total > submitter.orderLimit,
      [Figure(.total, .amount(total)), Figure(.limit, .amount(submitter.orderLimit))])
  }

  /// Is the dealer active; is each product sellable, and for this dealer?
  static func catalogue(_ order: JudgedOrder, _ facts: OrderFacts, into book: inout VerdictBook) {
    let dealer = facts.dealer
    book.rule(
      .dealerInactive, isBroken: dealer.status != .active,
      [Figure(.dealer, .text(dealer.id.value)), Figure(.status, .text(dealer.status.code))])

    let sellable = book.mark
    for product in order.products {
      guard product.isKnown else {
        book.find(
          .productNotSellable, line: product.line, sku: product.sku, always: true, [Figure(.status, .text("UNKNOWN"))])
        continue
      }
      guard product.status != .sellable else { continue }
      book.find(
        .productNotSellable, line: product.line, sku: product.sku, [Figure(.status, .text(product.status.code))])
    }
    book.close(.productNotSellable, since: sellable)

    let authorised = book.mark
    for product in order.products {
      guard product.isKnown, !product.isAuthorised else { continue }
      book.find(
        .productNotAuthorised, line: product.line, sku: product.sku, [Figure(.dealer, .text(dealer.id.value))])
    }
    book.close(.productNotAuthorised, since: authorised)
  }

  /// Does each product's quantity, over all its lines, lie within its minimum, multiple and maximum?
  static func quantity(_ order: JudgedOrder, into book: inout VerdictBook) {
    func each(_ reason: ReasonCode, _ bound: FigureName, _ broken: (Quantity, OrderQuantities) -> Quantity?) {
      let mark = book.mark
      for product in order.products {
        guard let limit = broken(product.asked, product.quantities) else { continue }
        book.find(
          reason, line: product.line, sku: product.sku,
          [Figure(.asked, .quantity(product.asked)), Figure(bound, .quantity(limit))])
      }
      book.close(reason, since: mark)
    }
    each(.belowMinimum, .minimum) { $0 < $1.minimum ? $1.minimum : nil }
    each(.notAMultiple, .multiple) { asked, allowed in
      allowed.multiple.value > 1 && asked.value % allowed.multiple.value != 0 ? allowed.multiple : nil
    }
    each(.aboveMaximum, .maximum) { $1.maximum.isPositive && $0 > $1.maximum ? $1.maximum : nil }
  }

  /// Does the order repeat another one?
  static func duplicate(_ facts: OrderFacts, windowDays: Int32, into book: inout VerdictBook) {
    func other(_ order: OrderID?) -> [Figure] {
      order.map { [Figure(.otherOrder, .text($0.value))] } ?? []
    }
    let duplicates = facts.duplicates
    book.rule(
      .duplicateReference, isBroken: duplicates.sameReference != nil, other(duplicates.sameReference))
    book.rule(
      .duplicateContent, isBroken: duplicates.sameContent != nil,
      other(duplicates.sameContent) + [Figure(.windowDays, .count(Int64(windowDays)))])
  }
}
