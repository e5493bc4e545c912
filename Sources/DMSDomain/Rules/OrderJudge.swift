/// What the rules make of an order: the decision, and the order's prices and stock as they would become.
public struct Judgement: Hashable, Sendable {
  /// Every verdict, and what it rested on.
  public var decision: Decision
  /// The price of each line.
  public var prices: [LinePrice]
  /// What the order comes to.
  public var totals: OrderTotals
  /// What each line gets of the stock, if the order is taken.
  public var allocation: Allocation
}

/// Why an order cannot be judged at all.
public enum JudgeError: Error, Hashable, Sendable {
  /// An amount or quantity does not fit into 64 bits.
  case overflow
}

/// Judges orders by every built-in rule: all are run, in a fixed order, and all are reported.
///
/// A pure function of its arguments: authority, catalogue, quantity, price, credit, stock, duplicate. Lines on one
/// product are summed before any check. Costs time in proportion to the lines.
public enum OrderJudge {
  /// Judges an order as if it were submitted now.
  public static func judge(
    header: OrderHeader, lines: [LineRequest], facts: OrderFacts, ruleSet: RuleSet
  ) throws(JudgeError) -> Judgement {
    do {
      let order = try JudgedOrder(header: header, lines: lines, facts: facts)
      var book = VerdictBook(ruleSet: ruleSet, dealer: facts.dealer, policy: header.shipPolicy)
      authority(order, facts, into: &book)
      catalogue(order, facts, into: &book)
      quantity(order, into: &book)
      price(order, facts, into: &book)
      try credit(
        facts.credit, currency: header.currency, total: order.totals.total, businessDate: header.businessDate,
        approvedCeiling: 0, now: facts.now, into: &book)
      let allocation = try stock(
        order.stockDemands, of: order.productIndices, stock: order.stock, policy: header.shipPolicy,
        splitting: facts.dealer.splitShipmentsAllowed, into: &book)
      duplicate(facts, windowDays: ruleSet.duplicateWindowDays, into: &book)
      let inputs = try DecisionInputs(of: order, facts: facts)
      return Judgement(
        decision: Decision(ruleSetVersion: ruleSet.version, verdicts: book.verdicts, inputs: inputs),
        prices: order.prices, totals: order.totals, allocation: allocation)
    } catch {
      throw .overflow
    }
  }
}

extension DecisionInputs {
  fileprivate init(of order: JudgedOrder, facts: OrderFacts) throws(ArithmeticError) {
    let dealer = facts.dealer
    self.init(
      decidedAt: facts.now, principal: facts.submitter.id, orderLimit: facts.submitter.orderLimit, dealer: dealer.id,
      tier: dealer.tier, region: dealer.region, dealerStatus: dealer.status, businessDate: order.header.businessDate,
      currency: order.header.currency, shipPolicy: order.header.shipPolicy, total: order.totals.total,
      creditLimit: try facts.credit.account.grantedLimit(now: facts.now), creditStatus: facts.credit.account.status,
      exposure: facts.credit.exposure,
      products: zip(order.products, order.stock).map { ProductInput($0, stock: $1) })
  }
}

extension ProductInput {
  fileprivate init(_ product: JudgedProduct, stock: [WarehouseStock]) {
    let promisable = stock.reduce(Int128(0)) { $0 + Int128($1.promisable.value) }
    self.init(
      sku: product.sku, asked: product.asked, isKnown: product.isKnown, status: product.status,
      isAuthorised: product.isAuthorised, quantities: product.quantities,
      listVersion: product.listed?.listVersion ?? "", listUnitPrice: product.listed?.unitPrice ?? 0,
      floorUnitPrice: product.floorUnitPrice, promisable: Quantity(Int64(clamping: promisable)))
  }
}
