extension OrderJudge {
  /// Is everything of one currency, has every line a price, is it the expected one, and not below the floor?
  static func price(_ order: JudgedOrder, _ facts: OrderFacts, into book: inout VerdictBook) {
    currencies(order, facts, into: &book)

    let priced = book.mark
    for (index, line) in order.lines.enumerated() where order.prices[index].source == .none {
      // An unknown product and a foreign price have verdicts of their own.
      guard order.products[order.productIndices[index]].isKnown, order.foreignPrice(ofLine: index) == nil else {
        continue
      }
      book.find(.noPrice, line: Int32(index + 1), sku: line.sku, [Figure(.asked, .quantity(line.ordered))])
    }
    book.close(.noPrice, since: priced)

    let expected = book.mark
    for (index, line) in order.lines.enumerated() {
      guard let wanted = line.expectedUnitPrice, order.prices[index].source != .none else { continue }
      guard wanted != order.prices[index].unitPrice else { continue }
      book.find(
        .priceChanged, line: Int32(index + 1), sku: line.sku,
        [
          Figure(.unitPrice, .amount(order.prices[index].unitPrice)), Figure(.expectedUnitPrice, .amount(wanted)),
        ])
    }
    book.close(.priceChanged, since: expected)

    floors(order, into: &book)
  }

  private static func currencies(_ order: JudgedOrder, _ facts: OrderFacts, into book: inout VerdictBook) {
    let currency = order.header.currency
    func mismatch(_ currency: CurrencyCode, of holder: String) -> [Figure] {
      [Figure(.currency, .text(currency.value)), Figure(.holder, .text(holder))]
    }
    let mark = book.mark
    if facts.dealer.currency != currency {
      book.find(.currencyMismatch, mismatch(facts.dealer.currency, of: "dealer"))
    }
    if facts.credit.account.currency != currency {
      // Two currencies would mix in one sum, so no rule set can let it pass.
      book.find(.currencyMismatch, always: true, mismatch(facts.credit.account.currency, of: "credit_account"))
    }
    for (index, line) in order.lines.enumerated() where order.prices[index].source == .none {
      guard let foreign = order.foreignPrice(ofLine: index) else { continue }
      book.find(
        .currencyMismatch, line: Int32(index + 1), sku: line.sku,
        mismatch(foreign.currency, of: foreign.listVersion))
    }
    book.close(.currencyMismatch, since: mark, [Figure(.currency, .text(currency.value))])
  }

  private static func floors(_ order: JudgedOrder, into book: inout VerdictBook) {
    let mark = book.mark
    for (index, line) in order.lines.enumerated() {
      let product = order.products[order.productIndices[index]]
      let price = order.prices[index].unitPrice
      let source = order.prices[index].source
      let figures: [Figure]
      if source != .none, price < product.floorUnitPrice {
        figures = [Figure(.unitPrice, .amount(price)), Figure(.floorUnitPrice, .amount(product.floorUnitPrice))]
      } else if source == .agreed, let foreign = product.foreignFloor {
        // A floor of another currency cannot be compared: a list's price is the brand's own, an agreed one needs eyes.
        figures = [Figure(.unitPrice, .amount(price)), Figure(.currency, .text(foreign.value))]
      } else {
        continue
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
  /// `products` gives each demand the place of its product in `stock`. An order under REJECT that a rule set lets go on in spite of a shortage gets what is there, and waits for the rest.
  static func stock(
    _ demands: [StockDemand], of products: [Int], stock: [[WarehouseStock]], policy: ShipPolicy, splitting: Bool,
    into book: inout VerdictBook
  ) throws(ArithmeticError) -> Allocation {
    let goesOn = book.outcome(of: .insufficientStock) != .block
    let allocation = try Allocation.decide(
      demands, of: products, stock: stock, policy: policy, splitting: splitting, backOrderingRejected: goesOn)
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
