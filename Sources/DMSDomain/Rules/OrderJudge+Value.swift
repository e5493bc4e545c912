extension OrderJudge {
  /// Is everything of one currency, has every line a price, is it the expected one, and not below the floor?
  static func price(
    _ header: OrderHeader, _ lines: [LineRequest], _ pricing: Pricing, _ facts: OrderFacts, into book: inout VerdictBook
  ) {
    currencies(header, lines, pricing, facts, into: &book)

    let priced = book.mark
    for (index, line) in lines.enumerated() where pricing.prices[index].source == .none {
      let isKnown = facts.products[line.sku] != nil
      let isForeign = hasForeignPrice(line.sku, header.currency, facts)
      guard isKnown, !isForeign else { continue }
      book.find(.noPrice, line: Int32(index + 1), sku: line.sku, [Figure(.asked, .quantity(line.ordered))])
    }
    book.close(.noPrice, since: priced)

    let expected = book.mark
    for (index, line) in lines.enumerated() {
      guard let wanted = line.expectedUnitPrice, pricing.prices[index].source != .none else { continue }
      guard wanted != pricing.prices[index].unitPrice else { continue }
      book.find(
        .priceChanged, line: Int32(index + 1), sku: line.sku,
        [
          Figure(.unitPrice, .amount(pricing.prices[index].unitPrice)), Figure(.expectedUnitPrice, .amount(wanted)),
        ])
    }
    book.close(.priceChanged, since: expected)

    floors(header, lines, pricing, facts, into: &book)
  }

  private static func currencies(
    _ header: OrderHeader, _ lines: [LineRequest], _ pricing: Pricing, _ facts: OrderFacts, into book: inout VerdictBook
  ) {
    func mismatch(_ currency: CurrencyCode, of holder: String) -> [Figure] {
      [Figure(.currency, .text(currency.value)), Figure(.holder, .text(holder))]
    }
    let mark = book.mark
    if facts.dealer.currency != header.currency {
      book.find(.currencyMismatch, mismatch(facts.dealer.currency, of: "dealer"))
    }
    if facts.credit.account.currency != header.currency {
      // Two currencies would mix in one sum, so no rule set can let it pass.
      book.find(.currencyMismatch, always: true, mismatch(facts.credit.account.currency, of: "credit_account"))
    }
    for (index, line) in lines.enumerated() where pricing.prices[index].source == .none {
      guard let foreign = facts.products[line.sku]?.prices.first(where: { $0.currency != header.currency }) else {
        continue
      }
      guard hasForeignPrice(line.sku, header.currency, facts) else { continue }
      book.find(
        .currencyMismatch, line: Int32(index + 1), sku: line.sku,
        mismatch(foreign.currency, of: foreign.listVersion))
    }
    book.close(.currencyMismatch, since: mark, [Figure(.currency, .text(header.currency.value))])
  }

  /// The product has prices, and none of them is of the order's currency.
  private static func hasForeignPrice(_ sku: SKU, _ currency: CurrencyCode, _ facts: OrderFacts) -> Bool {
    guard let prices = facts.products[sku]?.prices, !prices.isEmpty else { return false }
    return prices.allSatisfy { $0.currency != currency }
  }

  private static func floors(
    _ header: OrderHeader, _ lines: [LineRequest], _ pricing: Pricing, _ facts: OrderFacts, into book: inout VerdictBook
  ) {
    let mark = book.mark
    for (index, line) in lines.enumerated() {
      guard let terms = facts.products[line.sku]?.terms, terms.floorUnitPrice.isPositive else { continue }
      let price = pricing.prices[index]
      let isComparable = terms.currency == header.currency
      // A floor of another currency cannot be compared: a list's price is the brand's own, an agreed one needs eyes.
      let isBelow =
        isComparable ? price.unitPrice < terms.floorUnitPrice && price.source != .none : price.source == .agreed
      guard isBelow else { continue }
      var figures = [Figure(.unitPrice, .amount(price.unitPrice))]
      if isComparable {
        figures.append(Figure(.floorUnitPrice, .amount(terms.floorUnitPrice)))
      } else {
        figures.append(Figure(.currency, .text(terms.currency?.value ?? "")))
      }
      book.find(.belowFloorPrice, line: Int32(index + 1), sku: line.sku, figures)
    }
    book.close(.belowFloorPrice, since: mark)
  }

  /// Does the account bear the order?
  static func credit(
    _ facts: CreditFacts, currency: CurrencyCode, total: Micros, businessDate: BusinessDate, approvedCeiling: Micros,
    now: InstantMicros, into book: inout VerdictBook
  ) throws(ArithmeticError) {
    let account = facts.account
    let judgement = try facts.judge(
      total: total, businessDate: businessDate, approvedCeiling: approvedCeiling, now: now)
    let status = Figure(.status, .text(account.status.code))
    book.rule(.creditStop, isBroken: judgement.isStopped, [status])
    book.rule(
      .creditExpired, isBroken: judgement.isExpired,
      account.expiryDate.map { [Figure(.expiryDate, .date($0))] } ?? [])
    book.rule(.creditHold, isBroken: judgement.isOnHold, [status])

    let mark = book.mark
    var figures = [Figure(.total, .amount(total)), Figure(.exposure, .amount(judgement.drawn))]
    if let granted = judgement.granted, let available = judgement.available {
      figures += [Figure(.limit, .amount(granted)), Figure(.availableCredit, .amount(available))]
    }
    if approvedCeiling.isPositive { figures.append(Figure(.approvedCeiling, .amount(approvedCeiling))) }
    // Amounts of two currencies are not compared; the mismatch itself blocks.
    if account.currency == currency {
      if judgement.exceedsLimit { book.find(.creditExceeded, figures) }
      if judgement.exceedsDocumentLimit {
        book.find(
          .creditExceeded, [Figure(.total, .amount(total)), Figure(.documentLimit, .amount(account.documentLimit))])
      }
    }
    book.close(.creditExceeded, since: mark, figures)

    book.rule(
      .creditOverdue, isBroken: judgement.isOverdue,
      [
        Figure(.overdueDays, .count(Int64(facts.overdueDays))),
        Figure(.overdueDaysMax, .count(Int64(account.overdueDaysMax))),
        Figure(.overdue, .amount(facts.overdue)), Figure(.overdueMax, .amount(account.overdueMax)),
      ])
  }

  /// Is there enough stock, and what does each line get of it?
  ///
  /// An order under REJECT that a rule set lets go on in spite of a shortage gets what is there, and waits for the rest.
  static func stock(
    _ demands: [StockDemand], _ stock: [SKU: [WarehouseStock]], policy: ShipPolicy, splitting: Bool,
    into book: inout VerdictBook
  ) throws(ArithmeticError) -> Allocation {
    let goesOn = book.outcome(of: .insufficientStock) != .block
    let allocation = try Allocation.decide(
      demands, stock: stock, policy: policy, splitting: splitting, backOrderingRejected: goesOn)
    let mark = book.mark
    for shortage in allocation.shortages {
      book.find(
        .insufficientStock, line: shortage.line, sku: shortage.sku,
        [Figure(.asked, .quantity(shortage.asked)), Figure(.available, .quantity(shortage.available))])
    }
    book.close(.insufficientStock, since: mark)
    return allocation
  }
}
