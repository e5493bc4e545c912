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
      let demands = try ProductDemand.sum(lines)
      let pricing = try Pricing(header: header, lines: lines, demands: demands, facts: facts)
      var book = VerdictBook(ruleSet: ruleSet, dealer: facts.dealer, policy: header.shipPolicy)
      authority(lines, total: pricing.totals.total, facts, into: &book)
      catalogue(demands, facts, into: &book)
      quantity(demands, facts, into: &book)
      price(header, lines, pricing, facts, into: &book)
      try credit(
        facts.credit, currency: header.currency, total: pricing.totals.total, businessDate: header.businessDate,
        approvedCeiling: 0, now: facts.now, into: &book)
      let allocation = try stock(
        lines.indices.map { StockDemand(line: Int32($0 + 1), sku: lines[$0].sku, quantity: lines[$0].ordered) },
        facts.products.mapValues(\.stock), policy: header.shipPolicy, splitting: facts.dealer.splitShipmentsAllowed,
        into: &book)
      duplicate(facts, windowDays: ruleSet.duplicateWindowDays, into: &book)
      let inputs = try DecisionInputs(header: header, demands: demands, pricing: pricing, facts: facts)
      return Judgement(
        decision: Decision(ruleSetVersion: ruleSet.version, verdicts: book.verdicts, inputs: inputs),
        prices: pricing.prices, totals: pricing.totals, allocation: allocation)
    } catch {
      throw .overflow
    }
  }
}

/// What an order asks for of one product, over all its lines.
struct ProductDemand {
  let sku: SKU
  /// The first line that names it, from 1.
  let line: Int32
  var quantity: Quantity

  /// The products of the lines, in the order in which the lines name them.
  static func sum(_ lines: [LineRequest]) throws(ArithmeticError) -> [ProductDemand] {
    var demands: [ProductDemand] = []
    demands.reserveCapacity(lines.count)
    var places: [SKU: Int] = [:]
    places.reserveCapacity(lines.count)
    for (index, line) in lines.enumerated() {
      if let place = places[line.sku] {
        demands[place].quantity = try demands[place].quantity + line.ordered
      } else {
        places[line.sku] = demands.count
        demands.append(ProductDemand(sku: line.sku, line: Int32(index + 1), quantity: line.ordered))
      }
    }
    return demands
  }
}

/// The prices of an order's lines: the list's price for the summed quantity of each product, or what was agreed.
struct Pricing {
  /// The list's price of each product that has one.
  let listed: [SKU: PriceCandidate]
  /// The price of each line.
  let prices: [LinePrice]
  /// What the order comes to.
  let totals: OrderTotals

  init(header: OrderHeader, lines: [LineRequest], demands: [ProductDemand], facts: OrderFacts) throws(ArithmeticError) {
    let query = PriceQuery(
      dealer: facts.dealer.id, tier: facts.dealer.tier, region: facts.dealer.region,
      preferredList: facts.dealer.priceList, currency: header.currency, date: header.businessDate)
    var listed: [SKU: PriceCandidate] = [:]
    listed.reserveCapacity(demands.count)
    for demand in demands {
      guard let product = facts.products[demand.sku] else { continue }
      listed[demand.sku] = query.choose(from: product.prices, quantity: demand.quantity)
    }
    var prices: [LinePrice] = []
    prices.reserveCapacity(lines.count)
    for line in lines {
      prices.append(
        try LinePrice(
          of: line, listed: listed[line.sku], terms: facts.products[line.sku]?.terms, currency: header.currency))
    }
    self.listed = listed
    self.prices = prices
    totals = try OrderTotals(lines: prices, freight: header.freight)
  }
}

extension DecisionInputs {
  init(header: OrderHeader, demands: [ProductDemand], pricing: Pricing, facts: OrderFacts) throws(ArithmeticError) {
    let dealer = facts.dealer
    var products: [ProductInput] = []
    products.reserveCapacity(demands.count)
    for demand in demands {
      products.append(
        ProductInput(
          demand, facts: facts.products[demand.sku], listed: pricing.listed[demand.sku], dealer: dealer,
          currency: header.currency))
    }
    self.init(
      decidedAt: facts.now, principal: facts.submitter.id, orderLimit: facts.submitter.orderLimit, dealer: dealer.id,
      tier: dealer.tier, region: dealer.region, dealerStatus: dealer.status, businessDate: header.businessDate,
      currency: header.currency, shipPolicy: header.shipPolicy, total: pricing.totals.total,
      creditLimit: try facts.credit.account.grantedLimit(now: facts.now), creditStatus: facts.credit.account.status,
      exposure: facts.credit.exposure, products: products)
  }
}

extension ProductInput {
  fileprivate init(
    _ demand: ProductDemand, facts: ProductFacts?, listed: PriceCandidate?, dealer: OrderingDealer,
    currency: CurrencyCode
  ) {
    let terms = facts?.terms
    let promisable = (facts?.stock ?? []).reduce(Int128(0)) { $0 + Int128($1.promisable.value) }
    self.init(
      sku: demand.sku, asked: demand.quantity, isKnown: terms != nil, status: terms?.status ?? .blocked,
      isAuthorised: terms?.isAuthorised(for: dealer.id, tier: dealer.tier, region: dealer.region) ?? false,
      quantities: terms?.quantities ?? OrderQuantities(), listVersion: listed?.listVersion ?? "",
      listUnitPrice: listed?.entry.unitPrice ?? 0,
      floorUnitPrice: terms?.currency == currency ? terms?.floorUnitPrice ?? 0 : 0,
      promisable: Quantity(Int64(clamping: promisable)))
  }
}
