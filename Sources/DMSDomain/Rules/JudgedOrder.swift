/// What an order asks for of one product, over all its lines, and what the rules need to know of the product.
///
/// Holds little that is counted by references, so that rules may copy it freely.
struct JudgedProduct {
  let sku: SKU
  /// The first line that names it, from 1.
  let line: Int32
  /// What all lines ask for together.
  var asked: Quantity
  /// Unknown products have the terms of a blocked one without any limits.
  var isKnown = false
  var status = ProductStatus.blocked
  var isAuthorised = false
  var quantities = OrderQuantities()
  /// The floor, in the order's currency; 0 for none.
  var floorUnitPrice = Micros.zero
  /// The currency of a floor that cannot be compared with the order's prices.
  var foreignFloor: CurrencyCode?
  var tax = LineTax.none
  /// The list's price for what is asked; nil when none applies.
  var listed: ListedPrice?

  init(sku: SKU, line: Int32, asked: Quantity) {
    self.sku = sku
    self.line = line
    self.asked = asked
  }

  /// Takes over what is known of the product.
  mutating func join(_ terms: ProductTerms, for dealer: OrderingDealer, in currency: CurrencyCode) {
    isKnown = true
    status = terms.status
    isAuthorised = terms.isAuthorised(for: dealer.id, tier: dealer.tier, region: dealer.region)
    quantities = terms.quantities
    tax = LineTax(code: terms.taxCode, rate: terms.taxRate)
    guard terms.floorUnitPrice.isPositive else { return }
    if terms.currency == currency {
      floorUnitPrice = terms.floorUnitPrice
    } else {
      foreignFloor = terms.currency
    }
  }
}

/// An order as the rules look at it: its lines joined to the facts of their products, summed and priced.
///
/// Facts are looked up once for each product; the rules then go over arrays.
struct JudgedOrder {
  let header: OrderHeader
  let lines: [LineRequest]
  /// The products, in the order in which the lines name them.
  private(set) var products: [JudgedProduct] = []
  /// The facts of each product; nil when it is not known.
  private(set) var facts: [ProductFacts?] = []
  /// For each line the place of its product in `products`.
  private(set) var productIndices: [Int] = []
  /// The price of each line.
  private(set) var prices: [LinePrice] = []
  /// What the order comes to.
  private(set) var totals = OrderTotals.zero

  init(header: OrderHeader, lines: [LineRequest], facts known: OrderFacts) throws(ArithmeticError) {
    self.header = header
    self.lines = lines
    try sum()
    facts = products.map { known.products[$0.sku] }
    join(known.dealer)
    prices.reserveCapacity(lines.count)
    for index in lines.indices {
      let product = products[productIndices[index]]
      prices.append(
        try LinePrice(of: lines[index], listed: product.listed, tax: product.tax, currency: header.currency))
    }
    totals = try OrderTotals(lines: prices, freight: header.freight)
  }

  /// The stock of each product.
  var stock: [[WarehouseStock]] {
    facts.map { $0?.stock ?? [] }
  }

  /// What each line asks of the stock.
  var stockDemands: [StockDemand] {
    lines.indices.map { StockDemand(line: Int32($0 + 1), sku: lines[$0].sku, quantity: lines[$0].ordered) }
  }

  /// A price of a product, when it has some and none of them is of the order's currency.
  func foreignPrice(ofLine index: Int) -> PriceCandidate? {
    guard let prices = facts[productIndices[index]]?.prices else { return nil }
    return prices.contains { $0.currency == header.currency } ? nil : prices.first
  }

  private mutating func sum() throws(ArithmeticError) {
    var places = ProductPlaces()
    productIndices.reserveCapacity(lines.count)
    products.reserveCapacity(lines.count)
    for index in lines.indices {
      let sku = lines[index].sku
      let place = places.place(of: sku)
      productIndices.append(place)
      if place < products.count {
        products[place].asked = try products[place].asked + lines[index].ordered
      } else {
        products.append(JudgedProduct(sku: sku, line: Int32(index + 1), asked: lines[index].ordered))
      }
    }
  }

  private mutating func join(_ dealer: OrderingDealer) {
    let query = PriceQuery(
      dealer: dealer.id, tier: dealer.tier, region: dealer.region, preferredList: dealer.priceList,
      currency: header.currency, date: header.businessDate)
    for index in products.indices {
      guard let facts = facts[index] else { continue }
      products[index].join(facts.terms, for: dealer, in: header.currency)
      products[index].listed = query.choose(from: facts.prices, quantity: products[index].asked).map(ListedPrice.init)
    }
  }
}

/// Numbers products in the order in which they come. Most orders are short, and comparing a few keys is faster than
/// hashing them; longer ones are hashed.
struct ProductPlaces {
  private var skus: [SKU] = []
  private var places: [SKU: Int] = [:]
  private static let comparedMax = 16

  /// The place of a product: the one that it has, or the next.
  mutating func place(of sku: SKU) -> Int {
    if skus.count <= Self.comparedMax {
      if let place = skus.firstIndex(of: sku) { return place }
      skus.append(sku)
      if skus.count > Self.comparedMax {
        for (place, sku) in skus.enumerated() { places[sku] = place }
      }
      return skus.count - 1
    }
    if let place = places[sku] { return place }
    places[sku] = skus.count
    skus.append(sku)
    return skus.count - 1
  }
}
